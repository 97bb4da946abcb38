"""The diary for a period as a file: CSV as Swedish spreadsheets open it, where no cell starts a formula (P27)."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from lexheller.records.diary_labels import DIRECTION, correspondent_of, subject_of
from lexheller.records.diary_models import DiaryEntry
from lexheller.records.diary_rules import Direction

HEADINGS = (
    _l("Datum"),
    _l("Diarienummer"),
    _l("Riktning"),
    _l("Avsändare eller mottagare"),
    _l("Gäller"),
)
HEADINGS_OF_PACKAGE = (
    _l("Nummer"),
    _l("Datum"),
    _l("Diarienummer"),
    _l("Handling"),
    _l("Beslut"),
    _l("Bestämmelse"),
    _l("Fil"),
)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(entries: Iterable[DiaryEntry]) -> bytes:
    """UTF-8 with a byte order mark and semicolons."""
    made = io.StringIO(newline="")
    lines = csv.writer(made, delimiter=";", lineterminator="\r\n")
    lines.writerow([str(heading) for heading in HEADINGS])
    for entry in entries:
        lines.writerow([safe(cell) for cell in cells_of(entry)])
    return made.getvalue().encode("utf-8-sig")


def cells_of(entry: DiaryEntry) -> tuple[str, ...]:
    """In the order of `HEADINGS`."""
    return (
        entry.registered_on.isoformat(),
        entry.number,
        str(DIRECTION[Direction(entry.direction)]),
        correspondent_of(entry),
        subject_of(entry),
    )


def safe(text: str) -> str:
    """Without control signs; what a spreadsheet would reckon with gets an apostrophe before it."""
    clean = "".join(sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cs", "Cf"})
    return f"'{clean}" if clean.lstrip(" \N{NO-BREAK SPACE}").startswith(_STARTS_A_FORMULA) else clean
