"""Spreadsheets as people make them, written for one test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from lexheller.intake.importing import Import, ImportResult, read_file
from lexheller.organisations.models import Federation

COLUMNS = (
    "Dnr", "Datum", "Kommun", "Anmälande organisation", "Berörd organisation", "Kategori", "Vad hände",
    "Svar från ansvarig chef", "Svarsdatum", "Åtgärdstyp", "Åtgärd", "Åtgärdsdatum", "Status",
)  # fmt: skip


def row(**values: object) -> dict[str, object]:
    """A row by column; what is not named is as in an ordinary row."""
    ordinary = {
        "Datum": "2024-03-04",
        "Kommun": "Habo",
        "Anmälande organisation": "Habo kommun",
        "Berörd organisation": "Arbetsförmedlingen",
        "Kategori": "Rutiner",
        "Vad hände": "Två intyg begärdes.",
    }
    return {**ordinary, **values}


def workbook(path: Path, rows: Sequence[dict[str, object]], before: Sequence[Sequence[object]] = ()) -> Path:
    """An XLSX with lines before the header, and a blank line after it."""
    book = Workbook()
    sheet = book.active
    for line in before:
        sheet.append(list(line))
    columns = list(dict.fromkeys(name for found in rows for name in found))
    sheet.append(columns)
    sheet.append([])
    for found in rows:
        sheet.append([found.get(name) for name in columns])
    book.save(path)
    return path


def import_file(path: Path, federation: Federation) -> ImportResult:
    """The whole sheet in the caller's transaction."""
    work = Import(federation, read_file(path))
    work.reserve_numbers()
    work.take(work.sheet.rows)
    return work.result
