"""The form with which the office lets through what waited, because somebody may be named in it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from lexheller.casework.forms import SeenForm


class LetThroughForm(SeenForm):
    """`waiting` is what the page showed, by key: what came in meanwhile is not let through unseen."""

    waiting = HiddenField()
    looked = BooleanField(
        _l("Jag har läst texten. Ingen person går att känna igen."),
        validators=[InputRequired(message=_l("Läs texten och kryssa i rutan först."))],
    )

    @property
    def keys(self) -> set[str]:
        return {key for key in (self.waiting.data or "").split(" ") if key}
