"""Forms of the office that a case is offered to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lexheller.web.forms import Form, long_text


class TakeOverForm(Form):
    """Consent needs no words."""


class DeclineForm(Form):
    reason = long_text(
        _l("Varför tar ni inte över ärendet?"),
        required=_l("Skriv kort varför, så att det andra förbundet kan gå vidare."),
        longest=2000,
    )
