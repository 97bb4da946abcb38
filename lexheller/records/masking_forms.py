"""Forms of masking. Passages are `start-end` in the text whose mark is `seen`; what is no passage is left out."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError

from lexheller.privacy.masking import MaskDecision, MaskReason, Passage
from lexheller.records.masking import Decision
from lexheller.records.masking_labels import DECISION, REFUSED
from lexheller.records.masking_models import LONGEST_WHY
from lexheller.web.forms import Form, long_text
from lexheller.web.masked import REASON

LONGEST_WORDS = 500
PASSAGE = re.compile(r"(\d{1,7})-(\d{1,7})")
CHOOSE = _l("Välj något av alternativen.")


class ChooseForm(Form):
    """`listed`: the words that were looked up when the page was drawn. The verb asks about its reason, which may not
    repeat what is hidden (P24).
    """

    asks = False
    passages = SelectMultipleField(_l("Ställen att maska"), validate_choice=False)
    words = long_text(_l("Andra ord att dölja"), longest=LONGEST_WORDS, names=True)
    listed = HiddenField()
    seen = HiddenField()

    @property
    def places(self) -> list[Passage]:
        found = (PASSAGE.fullmatch(value) for value in self.passages.data or [])
        return [Passage(int(one[1]), int(one[2])) for one in found if one is not None]

    @property
    def phrases(self) -> list[str]:
        """One on each line."""
        return [line.strip() for line in (self.words.data or "").splitlines() if line.strip()]


class DecideForm(ChooseForm):
    reason = SelectField(
        _l("Varför maskas orden?"),
        choices=[("", _l("Välj skäl")), *((str(reason), label) for reason, label in REASON.items())],
        validators=[InputRequired(message=CHOOSE)],
    )
    why = long_text(_l("Beskriv skälet med egna ord"), longest=LONGEST_WHY)
    decision = RadioField(
        _l("Vad händer med originalet?"),
        choices=[(str(decision), label) for decision, label in DECISION.items()],
        validators=[InputRequired(message=CHOOSE)],
    )
    sure = BooleanField(_l("Jag förstår att ord som förstörs aldrig går att få tillbaka."))

    def validate_sure(self, field: BooleanField) -> None:
        if self.decision.data == MaskDecision.DESTROY and not field.data:
            raise ValidationError(str(REFUSED["sure"]))

    @property
    def said(self) -> Decision:
        return Decision(
            MaskDecision(self.decision.data), MaskReason(self.reason.data), self.why.data or "", self.has_looked
        )


class OpenForm(Form):
    """The verb asks (P24)."""

    asks = False
    reason = long_text(
        _l("Varför behöver du läsa originalet?"), required=_l("Skriv varför. Skälet sparas."), longest=LONGEST_WHY
    )


class DestroyForm(Form):
    """The verb asks (P24)."""

    asks = False
    reason = long_text(
        _l("Varför förstörs originalet?"), required=_l("Skriv varför. Skälet sparas."), longest=LONGEST_WHY
    )
    sure = BooleanField(
        _l("Jag förstår att originalet aldrig går att få tillbaka."), validators=[InputRequired(REFUSED["sure"])]
    )
