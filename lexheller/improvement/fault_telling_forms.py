"""Forms of telling the reporters about a fault: the words for all of them, and a part for each case on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from lexheller.casework.telling import LONGEST_NEWS
from lexheller.improvement.fault_forms import FaultPageForm, SeenForm
from lexheller.web.forms import long_text

LABELS: Mapping[str, LazyString] = {
    "sv": _l("Text till dem som anmälde på svenska"),
    "en": _l("Text till dem som anmälde på engelska"),
}


class TellForm(SeenForm):
    """Around the parts. `after`: the place in the list where the page begins. `looked`: at what looks like personal
    data.
    """

    after = HiddenField()
    looked = BooleanField(_l("Jag har läst det som är markerat. Det går inte att förstå vem någon är."))


class Part(FaultPageForm):
    """The preview asks, with the texts as the reporters would read them (P24)."""

    asks = False

    class Meta(FaultPageForm.Meta):
        csrf = False  # stands within TellForm, which has the token


class CommonForm(Part):
    """The words for everybody who wrote in one language and gets none of their own."""

    text = long_text(_l("Text till dem som anmälde"), longest=LONGEST_NEWS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text.flags.required = True

    def name_language(self, locale: str) -> None:
        """Where the page has more than one."""
        self.text.label.text = str(LABELS[locale])

    def demand(self) -> bool:
        """Whether it can be sent; says on the field why not."""
        valid = self.validate()
        if valid and not self.text.data:
            self.put_error("text", _("Skriv vad de som anmälde ska få läsa."))
            return False
        return bool(valid)


class TellingForm(Part):
    """One case: whether its reporter is told, in words of their own if there are any, and whether the case is closed
    with it.
    """

    tell = BooleanField(_l("Berätta för den som anmälde"))
    text = long_text(_l("Egen text till just den här anmälaren"), longest=LONGEST_NEWS)
    close = BooleanField(_l("Avsluta ärendet också, med texten som slutsats"))
    version = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """A text that is not to be sent need not be right; a case is not closed without a word."""
        if self.tell.data:
            return bool(super().validate(extra_validators))
        if self.close.data:
            self.put_error("close", _("Kryssa också i att berätta, eller låt ärendet vara öppet."))
        return not self.close.data
