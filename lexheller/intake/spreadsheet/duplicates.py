"""What makes two rows the same report: the diary number, or failing that the day, the parties and the text.

Pure comparisons; looking among what is stored already is the import's work.
"""

import re
import unicodedata
from datetime import date
from hashlib import sha256
from typing import Protocol

_PREFIX = re.compile(r"^(?:dnr|diarienr|diarienummer)\b[.:\s]*", re.I)
_CASE_AND_DOCUMENT = re.compile(r"(\d{4}) ?: ?(\d+) ?/ ?(\d+)", re.A)
_AROUND_SLASH = re.compile(r" ?/ ?")
_AROUND_COLON = re.compile(r" ?: ?")


class Described(Protocol):
    """The parts of a row that tell it apart."""

    @property
    def received_on(self) -> date: ...
    @property
    def reporting_organisation(self) -> str | None: ...
    @property
    def concerned_organisation(self) -> str | None: ...
    @property
    def what_happened(self) -> str: ...


def fingerprint(row: Described) -> str:
    """SHA-256 (hex) over day, organisations and text, blind to case and spaces; for rows without a number."""
    parts = (
        row.received_on.isoformat(),
        row.reporting_organisation or "",
        row.concerned_organisation or "",
        row.what_happened,
    )
    plain = ("".join(unicodedata.normalize("NFC", part).casefold().split()) for part in parts)
    return sha256("\x1f".join(plain).encode("utf-8", "replace")).hexdigest()


def normal_diary_number(text: str) -> str:
    """`2024:11/ 1` and `Dnr 2024 :11/1` as `2024:11 / 1`; elsewhere only the spaces are put right."""
    plain = _PREFIX.sub("", " ".join(text.split()))
    known = _CASE_AND_DOCUMENT.fullmatch(plain)
    if known:
        return f"{known[1]}:{known[2]} / {known[3]}"
    return _AROUND_COLON.sub(":", _AROUND_SLASH.sub(" / ", plain)).strip()
