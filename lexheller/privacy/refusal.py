"""The stop for identity numbers on every verb that stores text, whatever form, command or import it came from (P23)."""

from __future__ import annotations

from lexheller.core.errors import InvalidInput
from lexheller.privacy.scanner import stops

IDENTITY_NUMBER = "personal_identity_number"


def refuse_identity_numbers(**texts: str | None) -> None:
    """Raises InvalidInput naming the first field that holds one; the text itself goes nowhere."""
    for field, text in texts.items():
        if text and stops(text):
            raise InvalidInput(field, IDENTITY_NUMBER)
