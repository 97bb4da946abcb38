"""What the histories of cases, faults, actions and meetings say of a text that was masked: that it was, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.privacy.masking import MaskReason

TEXT_WAS_MASKED = _l("Ord i en text maskades")
REASON: Mapping[MaskReason, LazyString] = {
    MaskReason.PERSON: _l("Det gick att förstå vem någon är"),
    MaskReason.SECRECY: _l("Uppgiften omfattas av sekretess"),
    MaskReason.NOT_OURS: _l("Uppgiften skulle aldrig ha lämnats här"),
    MaskReason.ASKED: _l("Den som uppgiften gäller bad om det"),
    MaskReason.OTHER: _l("Annat skäl"),
}


def why_masked(data: Mapping[str, Any]) -> str:
    """In words, of the event's data; empty for a reason that no version of ours gave."""
    code = data.get("reason")
    return str(REASON[MaskReason(code)]) if code in set(MaskReason) else ""
