"""The one door to the scanner: direct identifiers of a person in Swedish free text.

Pure: text in, findings out. It neither stores, logs nor decides; identity numbers are certain (``stop``),
everything else is for a person to decide (``review``)."""

from collections.abc import Iterable

from lexheller.privacy import identity_numbers
from lexheller.privacy.addresses import addresses
from lexheller.privacy.contacts import emails, phones
from lexheller.privacy.kinds import Finding, without_overlaps
from lexheller.privacy.names import names

_MASK_WIDTH = 6


def stops(text: str) -> list[Finding]:
    """Identity and coordination numbers only: what must never be stored. Ordered by start."""
    return identity_numbers.find(text)


def scan(text: str) -> list[Finding]:
    """All findings, ordered by start, not overlapping; where two kinds claim a place the surer one wins."""
    return without_overlaps([*stops(text), *emails(text), *addresses(text), *phones(text), *names(text)])


def mask(text: str, findings: Iterable[Finding], *, sign: str = "█") -> str:
    """Put a block of fixed width over each finding, so that not even the length is told.

    The findings' offsets must come from this very text; overlapping ones are covered by one block."""
    parts: list[str] = []
    position = 0
    for found in sorted(findings, key=lambda each: each.start):
        if not parts or found.start >= position:
            parts += [text[position : found.start], sign * _MASK_WIDTH]
        position = max(position, found.end)
    return "".join([*parts, text[position:]])
