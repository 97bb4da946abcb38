"""XLSX to lines of cell texts, as the keeper of the sheet would read them. Formulas stay literal.

Reads every visible sheet; hidden sheets (lists for drop-downs, old copies) are left out, hidden and
filtered rows are read: the filter was a way of looking, not a deletion. Hands on text only, so that one
place judges it.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel

from lexheller.intake.spreadsheet.archive import inspect
from lexheller.intake.spreadsheet.limits import Fault, Limits, UnreadableFile

Line = tuple[int, list[str]]
"""Row number as the sheet shows it (from 1), and the text of each cell from column A."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_AT_ONCE = 100
"""Lines fetched from the library in one go."""
_LAST_SERIAL = 110_000
"""The year 2201. A larger number in a cell with a date format is shown as the number it is."""


def read_workbook(data: bytes, limits: Limits) -> Iterator[Iterator[Line]]:
    """The visible sheets of an XLSX. Raises `UnreadableFile`, and whatever the library raises."""
    inspect(data, limits)
    with _silence():
        book: Any = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    if len(book.worksheets) > limits.sheets:
        raise UnreadableFile(Fault.TOO_LARGE)
    dated = set(book._date_formats) - set(book._timedelta_formats)  # empty dicts, where there is no part of styles
    # Without its list of date formats the library hands over plain numbers. With it, an identity number in a
    # cell with a date format would vanish into #VALUE! and be quoted in a warning.
    book._date_formats = book._timedelta_formats = frozenset()
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            yield _lines(sheet, dated, book.epoch, limits)
    book.close()


def _lines(sheet: Any, dated: set[int], epoch: datetime, limits: Limits) -> Iterator[Line]:
    """Filled lines only; the numbering counts the others too."""
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_col=limits.columns), start=1)
    filled = (
        (number, ["" if cell.value is None else _text(cell, dated, epoch) for cell in cells])
        for number, cells in _without_gaps(rows)
    )
    while True:
        with _silence():
            some = list(islice(filled, _AT_ONCE))
        if not some:
            return
        yield from some


def _without_gaps(rows: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """Rows with a value. The library fills a gap with one and the same row, a million times over if it must."""
    gap = None
    for number, cells in rows:
        if cells is gap:
            continue
        if any(cell.value is not None for cell in cells):
            yield number, cells
        else:
            gap = cells


@contextmanager
def _silence() -> Iterator[None]:
    """The library's warnings quote the file, so nobody gets them. Never held across a yield: it is global."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _text(cell: Any, dated: set[int], epoch: datetime) -> str:
    value = cell.value
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "SANT" if value else "FALSKT"
    if isinstance(value, int | float):
        return _number(value, epoch if cell._style_id in dated else None)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(getattr(value, "text", None) or "=")  # array and data table formulas


def _number(value: float, epoch: datetime | None) -> str:
    """`5.0` as `5`; with the epoch of a date format, the day as ISO text."""
    if epoch is not None and 1 <= value < _LAST_SERIAL:
        moment = from_excel(value, epoch)
        if isinstance(moment, datetime):
            return _moment(moment)
    if value == value and abs(value) < 1e15 and value == int(value):
        return str(int(value))
    return repr(value)


def _moment(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == time() else f"{moment:%Y-%m-%d %H:%M}"
