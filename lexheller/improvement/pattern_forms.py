"""Forms of a proposed pattern's page: take it, merge it into a known fault, or put it aside. Each has a prefix."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired

from lexheller.faults.linking import LONGEST_WHY
from lexheller.faults.service import LONGEST_TITLE
from lexheller.improvement.fault_forms import FaultPageForm
from lexheller.web.forms import short_text

TAKE, MERGE, PUT_ASIDE = "take", "merge", "aside"


class TakePatternForm(FaultPageForm):
    title = short_text(
        _l("Felet i en mening"),
        required=_l("Skriv kort vad felet är, så att ni känner igen det."),
        longest=LONGEST_TITLE,
    )
    why = short_text(
        _l("Varför hör ärendena ihop?"), required=_l("Skriv varför ärendena hör ihop."), longest=LONGEST_WHY
    )


class MergePatternForm(FaultPageForm):
    fault_id = SelectField(
        _l("Vilket systemfel"), coerce=str, validators=[DataRequired(message=_l("Välj ett systemfel."))]
    )
    why = short_text(_l("Varför hör ärendena dit?"), required=_l("Skriv varför ärendena hör dit."), longest=LONGEST_WHY)

    def offer(self, choices: Sequence[tuple[int, str]], unchosen: str) -> None:
        self.fault_id.choices = [("", unchosen), *((str(value), label) for value, label in choices)]


class PutPatternAsideForm(FaultPageForm):
    why = short_text(
        _l("Varför är det inget systemfel?"),
        required=_l("Skriv varför, så att nästa person förstår."),
        longest=LONGEST_WHY,
    )
