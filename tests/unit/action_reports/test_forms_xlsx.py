"""The report as a workbook, read back with another library than the one that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lexheller.action_reports.document import HIDDEN, Cell, Chapter, Document, KeyFigure, KeyFigures, Table
from lexheller.action_reports.forms_words import clean, definitions_of, shown, words_for
from lexheller.action_reports.forms_xlsx import as_xlsx
from tests.unit.action_reports.sample import FORMULAS, HASH, HIDDEN_WORDS, sample, tables

HEADER = 4


@cache
def drawn(language: str = "sv") -> bytes:
    return as_xlsx(sample(language))


def sheets(content: bytes) -> list[Any]:
    return load_workbook(io.BytesIO(content)).worksheets


def is_number(cell: Cell) -> bool:
    return isinstance(cell.value, int)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_p29_its_tables_are_those_of_the_document(language):
    document = sample(language)
    _, *found, _ = sheets(drawn(language))
    for sheet, table in zip(found, tables(document), strict=True):
        assert sheet["A1"].value == table.caption
        assert table.definition in sheet["A2"].value
        rows = list(sheet.iter_rows(min_row=HEADER, max_row=HEADER + len(table.rows), values_only=True))
        assert rows[0] == table.columns
        for row, cells in zip(rows[1:], table.rows, strict=True):
            wanted = [cell.value if is_number(cell) else shown(cell) for cell in cells]
            assert list(row) == wanted
            assert [type(value) is int for value in row] == [is_number(cell) for cell in cells]
        notes = [row[0] for row in sheet.iter_rows(min_row=HEADER + len(table.rows) + 1, values_only=True) if row[0]]
        assert notes == list(table.notes)


def test_hidden_cells_are_their_words_and_no_number():
    values = [cell.value for sheet in sheets(drawn()) for row in sheet.iter_rows() for cell in row]
    hidden = [cell for table in tables(sample()) for row in table.rows for cell in row if cell.value is HIDDEN]
    assert values.count(HIDDEN_WORDS) == len(hidden) + 1  # and one key figure


def test_facts_and_key_figures_come_first_and_definitions_last():
    document, words = sample(), words_for(sample())
    first, *_, last = sheets(drawn())
    rows = [row[:3] for row in first.iter_rows(values_only=True)]
    assert [(term, value, None) for term, value in document.facts] == rows[3 : 3 + len(document.facts)]
    assert (words.hash, HASH, None) in rows
    figures = [
        one
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, KeyFigures)
        for one in block.figures
    ]
    assert rows[-len(figures) :] == [(one.name, one.value, one.definition) for one in figures]
    assert [row[:2] for row in last.iter_rows(min_row=HEADER + 1, values_only=True)] == definitions_of(document)


def test_the_header_row_stays_and_is_printed_on_each_page():
    for sheet in sheets(drawn())[1:-1]:
        assert sheet.freeze_panes == f"B{HEADER + 1}"
        assert sheet.print_title_rows == f"${HEADER}:${HEADER}"


def test_p29_the_same_document_gives_the_same_bytes():
    assert as_xlsx(sample()) == drawn()
    with zipfile.ZipFile(io.BytesIO(drawn())) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2024-12-31" in file.read("docProps/core.xml")


def test_sheet_names_differ_and_are_allowed():
    captions = ["", "'", "a" * 40, "A" * 40, "[a]:*?/\\", "Historik", "\N{GRINNING FACE}" * 30, "Definitioner", "x\ny"]
    plain = tables(sample())[0]
    wanted = tuple(replace(plain, caption=caption, measure=str(n)) for n, caption in enumerate(captions * 3))
    names = [sheet.title for sheet in sheets(as_xlsx(replace(sample(), chapters=(Chapter("a", "A", wanted),))))]
    assert len({name.casefold() for name in names}) == len(names) == len(wanted) + 2
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in names)


def formulas_in(content: bytes) -> list[str]:
    """What a spreadsheet would reckon or follow, found in the file itself."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            if name.startswith("xl/worksheets/"):
                found += re.findall(r"<f[ >].*?</f>|<hyperlink.*?>", file.read(name).decode())
    return found


TEXTS = st.one_of(st.text(max_size=30), st.builds(str.__add__, st.sampled_from("=+-@\t\r\n{'"), st.text(max_size=20)))


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, min_size=9, max_size=9))
def test_p27_no_text_starts_a_formula(texts):
    content = as_xlsx(document_of(texts))
    assert formulas_in(content) == []
    first, sheet, _ = sheets(content)
    assert {cell.data_type for found in (first, sheet) for row in found.iter_rows() for cell in row} <= {"s", "n"}
    assert (sheet.cell(HEADER + 1, 1).value or "") == clean(texts[6])
    assert sheet.cell(HEADER + 1, 2).value == 7


def document_of(texts: list[str]) -> Document:
    """Nine texts at every place a text can stand."""
    title, term, name, value, caption, heading, cell, note, definition = texts
    table = Table(
        measure="m",
        caption=caption,
        columns=(heading, "b"),
        numeric=(False, True),
        rows=((Cell(cell, cell), Cell(7, "7")),),
        definition=definition,
        notes=(note,),
    )
    chapter = Chapter("a", heading, (KeyFigures((KeyFigure("k", name, value, definition),)), table))
    return Document("sv", title, title, 2024, ((term, value),), (chapter,), (title,), HASH)


def test_p27_what_looks_like_a_formula_is_written_as_it_stands():
    sheet = next(one for one in sheets(drawn()) if one["A1"].value == "Ärenden per verksamhet")
    values = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert set(FORMULAS) <= set(values)
    assert formulas_in(drawn()) == []
