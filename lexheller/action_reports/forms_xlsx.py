"""The report's tables as a workbook: one sheet for each, facts and key figures first, definitions last.

Every word is written as text, so no cell starts a formula (P27); a number is a number, a hidden cell its words. Stops
at bytes; the same document gives the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter  # type: ignore[import-untyped]

from lexheller.action_reports.document import Cell, Document, Table
from lexheller.action_reports.forms_words import (
    Words,
    clean,
    definitions_of,
    key_figures_of,
    shown,
    tables_of,
    words_for,
)

_LONGEST_NAME = 31
_LONGEST_TEXT = 32_767
_NOT_IN_NAMES = re.compile(r"(?:[\[\]:*?/\\'\s]|[^\u0000-\uffff])+")
_EXACT = 2**53
"""Larger whole numbers than this a workbook cannot hold to the last digit."""
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_HEADER_ROW = 3
_NARROWEST, _WIDEST = 10, 60
_GREEN, _GREY, _HAIR = "#1F5A4D", "#4C5B56", "#C3D0C8"
_LINE = 15.0
"""Points from line to line."""
_FIRST, _LAST = (40, 42, 70), (45, 90)
"""How wide the columns of the first and the last sheet are, in characters."""


class _Book:
    """A workbook with its few looks."""

    def __init__(self, made: io.BytesIO, document: Document, words: Words) -> None:
        self.file = xlsxwriter.Workbook(made, _OPTIONS)
        self.file.set_properties(
            {
                "title": clean(document.title)[:255],
                "author": clean(document.federation)[:255],
                "comments": f"{words.hash} {clean(document.hash)}"[:255],
                "created": datetime(document.year, 12, 31),  # noqa: DTZ001 - the file format knows no zones
            }
        )
        self.foot = f"&L&9 {clean(document.federation)[:120].replace('&', '&&')} · {document.year}"
        self.foot += f"&R&9 {words.page} &P {words.of} &N"
        self.title = self.file.add_format({"bold": True, "font_size": 14, "font_color": _GREEN})
        self.aside = self.file.add_format({"font_color": _GREY})
        self.line = self.file.add_format({"valign": "top"})
        head = {"bold": True, "font_color": _GREEN, "bottom": 1, "bottom_color": _GREEN, "text_wrap": True}
        self.head = self.file.add_format({**head, "valign": "bottom"})
        self.head_right = self.file.add_format({**head, "valign": "bottom", "align": "right"})
        row = {"valign": "top", "bottom": 1, "bottom_color": _HAIR}
        self.text = self.file.add_format({**row, "text_wrap": True})
        self.value = self.file.add_format({**row, "text_wrap": True, "bold": True})
        self.right = self.file.add_format({**row, "align": "right"})
        self.number = self.file.add_format({**row, "num_format": "#,##0"})

    def sheet(self, wanted: str) -> _Sheet:
        """Its name is `wanted` as far as a workbook allows; two must differ in what they begin with."""
        name = _NOT_IN_NAMES.sub(" ", clean(wanted)).strip()[:_LONGEST_NAME].strip()
        return _Sheet(self.file.add_worksheet(name), self.foot)


class _Sheet:
    """One sheet, written to only as text or as numbers."""

    def __init__(self, sheet: xlsxwriter.worksheet.Worksheet, foot: str) -> None:
        self.own = sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(foot)

    def say(self, row: int, column: int, text: str, look: object = None) -> None:
        self.own.write_string(row, column, clean(text)[:_LONGEST_TEXT], look)

    def lines(self, row: int, texts: Sequence[str], widths: Sequence[int], looks: Sequence[object]) -> None:
        """One text a column."""
        for column, (text, look) in enumerate(zip(texts, looks, strict=True)):
            self.say(row, column, text, look)
        self.tall(row, texts, widths)

    def tall(self, row: int, texts: Sequence[str], widths: Sequence[int]) -> None:
        """Not every program makes a row tall enough for wrapped text by itself."""
        lines = max(math.ceil(len(text) / width) for text, width in zip(texts, widths, strict=True))
        if lines > 1:
            self.own.set_row(row, _LINE * lines)

    def wide(self, widths: Sequence[int]) -> None:
        for column, width in enumerate(widths):
            self.own.set_column(column, column, width)

    def count(self, row: int, column: int, number: int, look: object = None) -> None:
        self.own.write_number(row, column, number, look)


def as_xlsx(document: Document, _template: bytes | None = None) -> bytes:
    made, words = io.BytesIO(), words_for(document)
    book = _Book(made, document, words)
    _first(book, document, words)
    number = 0
    for chapter in document.chapters:
        for table in tables_of(chapter):
            number += 1
            _table(book, table, f"{number} {table.caption}", words)
    _last(book, document, words)
    book.file.close()
    return made.getvalue()


def _first(book: _Book, document: Document, words: Words) -> None:
    sheet = book.sheet(words.about)
    sheet.wide(_FIRST)
    sheet.say(0, 0, document.title, book.title)
    sheet.say(1, 0, document.federation)
    row = 3
    for term, value in document.facts:
        sheet.say(row, 0, term, book.line)
        sheet.say(row, 1, value, book.line)
        row += 1
    figures = [figure for chapter in document.chapters for figure in key_figures_of(chapter)]
    if not figures:
        return
    for column, heading in enumerate((words.key_figure, words.value, words.definition)):
        sheet.say(row + 1, column, heading, book.head)
    for below, figure in enumerate(figures, row + 2):
        sheet.lines(below, (figure.name, figure.value, figure.definition), _FIRST, (book.text, book.value, book.text))


def _table(book: _Book, table: Table, name: str, words: Words) -> None:
    sheet = book.sheet(name)
    sheet.say(0, 0, table.caption, book.title)
    if table.definition:
        sheet.say(1, 0, f"{words.definition}: {table.definition}", book.aside)
    widths = [_width([heading, *(shown(row[at]) for row in table.rows)]) for at, heading in enumerate(table.columns)]
    sheet.wide(widths)
    for column, heading in enumerate(table.columns):
        sheet.say(_HEADER_ROW, column, heading, book.head_right if table.numeric[column] else book.head)
    sheet.own.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.own.repeat_rows(_HEADER_ROW)
    for row, cells in enumerate(table.rows, _HEADER_ROW + 1):
        for column, cell in enumerate(cells):
            _cell(book, sheet, (row, column), cell, table.numeric[column])
        sheet.tall(row, [shown(cell) for cell in cells], widths)
    for row, note in enumerate(table.notes, _HEADER_ROW + len(table.rows) + 2):
        sheet.say(row, 0, note, book.aside)


def _width(texts: Sequence[str]) -> int:
    return max(_NARROWEST, min(max(len(text) for text in texts) + 2, _WIDEST))


def _cell(book: _Book, sheet: _Sheet, place: tuple[int, int], cell: Cell, numeric: bool) -> None:
    if isinstance(cell.value, int) and abs(cell.value) <= _EXACT:
        sheet.count(*place, cell.value, book.number)
    else:
        sheet.say(*place, shown(cell), book.right if numeric else book.text)


def _last(book: _Book, document: Document, words: Words) -> None:
    sheet = book.sheet(words.definitions)
    sheet.wide(_LAST)
    sheet.say(0, 0, words.definitions, book.title)
    sheet.say(1, 0, words.definitions_lead, book.aside)
    sheet.say(_HEADER_ROW, 0, words.key_figure, book.head)
    sheet.say(_HEADER_ROW, 1, words.definition, book.head)
    sheet.own.freeze_panes(_HEADER_ROW + 1, 0)
    for row, (name, definition) in enumerate(definitions_of(document), _HEADER_ROW + 1):
        sheet.lines(row, (name, definition), _LAST, (book.text, book.text))
