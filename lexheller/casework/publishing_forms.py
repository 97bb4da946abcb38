"""Forms of the page on which the office publishes a case or takes it down."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from lexheller.cases.published import LONGEST_HEADING, LONGEST_PART, LONGEST_REASON
from lexheller.casework.forms import SeenForm
from lexheller.casework.publishing_cases import PublicTexts
from lexheller.web.forms import long_text, short_text

WITHDRAW = "withdraw"


class PublishForm(SeenForm):
    """The preview asks, with the texts as the public would read them (P24)."""

    asks = False
    heading = short_text(_l("Rubrik"), required=_l("Skriv en rubrik."), longest=LONGEST_HEADING)
    happened = long_text(_l("Vad hände"), required=_l("Berätta vad som hände."), longest=LONGEST_PART)
    led_to = long_text(_l("Vad det ledde till"), required=_l("Berätta vad det ledde till."), longest=LONGEST_PART)
    looked = BooleanField(_l("Jag har läst det som är markerat. Ingen person går att känna igen."))

    @property
    def texts(self) -> PublicTexts:
        return PublicTexts(self.heading.data or "", self.happened.data or "", self.led_to.data or "")


class WithdrawPublicationForm(SeenForm):
    reason = short_text(
        _l("Varför tas den ner?"), required=_l("Skriv kort varför. Bara kansliet läser det."), longest=LONGEST_REASON
    )
