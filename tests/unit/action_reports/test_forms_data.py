"""The report as open data, and what holds for every form there is."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexheller.action_reports.document import Chart, Document, KeyFigures
from lexheller.action_reports.forms import FORMS
from lexheller.action_reports.forms_data import as_csv, as_json
from lexheller.action_reports.forms_words import ENGLISH, SWEDISH, Words, clean, shown, words_for
from tests.unit.action_reports.sample import HIDDEN_WORDS, MARKUP, SVG, sample, tables
from tests.unit.action_reports.test_forms_xlsx import TEXTS, document_of

RECKONED = ("=", "+", "-", "@", "\t", "\r", "\n")


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def unquoted(field: str) -> str:
    return field.removeprefix("'")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_p29_csv_has_a_line_for_every_cell(language):
    document = sample(language)
    words = words_for(document)
    head, *found = lines_of(as_csv(document))
    assert head == [words.chapter, words.table, words.row, words.column, words.value, words.text]
    wanted = []
    for table in tables(document):
        for first, *cells in table.rows:
            for heading, cell in zip(table.columns[1:], cells, strict=True):
                value = "" if cell.value is None else str(cell.value)
                wanted.append([table.caption, shown(first), heading, value, shown(cell)])
    figures = [line for line in found if line[1] == words.key_figures]
    assert [list(map(unquoted, line[1:])) for line in found if line not in figures] == wanted
    blocks = [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, KeyFigures)]
    assert [(line[2], line[4]) for line in figures] == [
        (one.name, one.value) for block in blocks for one in block.figures
    ]


def test_p29_json_has_everything_that_is_said():
    found = json.loads(as_json(sample()))
    assert found["hash"] == sample().hash and found["short_block"] == list(sample().short_block)
    made = [
        block.get("table", block)
        for chapter in found["chapters"]
        for block in chapter["blocks"]
        if "rows" in block.get("table", block)
    ]
    for one, table in zip(made, tables(sample()), strict=True):
        assert one["rows"] == [[{"value": cell.value, "text": cell.text} for cell in row] for row in table.rows]
        assert (one["caption"], one["definition"]) == (table.caption, table.definition)
        assert (tuple(one["columns"]), tuple(one["notes"])) == (table.columns, table.notes)
    assert {"value": None, "text": HIDDEN_WORDS} in made[1]["rows"][2]
    assert MARKUP in as_json(sample()).decode().replace("\\\\", "\\")


def test_open_data_leads_to_no_cases_and_holds_no_pictures():
    with_keys, without = sample(), _without_pictures(sample())
    assert with_keys != without
    for draw in (as_csv, as_json):
        assert draw(with_keys) == draw(without)
        assert SVG[:20].encode() not in draw(with_keys)


def _without_pictures(document: Document) -> Document:
    chapters = []
    for chapter in document.chapters:
        blocks = []
        for block in chapter.blocks:
            if isinstance(block, Chart):
                blocks.append(replace(block, svg=""))
            else:
                blocks.append(block)
        chapters.append(replace(chapter, blocks=tuple(blocks)))
    return replace(document, chapters=tuple(chapters))


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(TEXTS, min_size=9, max_size=9), number=st.integers(-(10**6), 10**6))
def test_p27_no_cell_of_the_csv_starts_a_formula(texts, number):
    document = document_of(texts)
    found = lines_of(as_csv(document))
    assert [len(line) for line in found] == [6, 6, 6]
    for field in (field for line in found for field in line):
        assert not field.lstrip(" ").startswith(RECKONED)
    assert unquoted(found[2][2]) == unquoted(clean(texts[6]))


def test_a_number_below_nought_is_a_number():
    table = tables(sample())[0]
    cell = replace(table.rows[0][1], value=-3, text="−3")
    document = sample(extra=(replace(table, rows=((table.rows[0][0], cell, cell),)),))
    assert lines_of(as_csv(document))[-1][-2:] == ["-3", "−3"]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("language", ["sv", "en", "xx"])
def test_every_form_can_be_drawn_in_every_language_and_alike_each_time(name, language):
    form = FORMS[name]
    assert form.name == name and form.extension and "/" in form.media_type
    made = form.draw(sample(language), None)
    assert isinstance(made, bytes) and made
    assert form.draw(sample(language), None) == made


def test_both_languages_say_everything_in_their_own_words():
    same = {"text"}
    for name in Words.__slots__:
        swedish, english = getattr(SWEDISH, name), getattr(ENGLISH, name)
        assert swedish and english
        assert (swedish == english) == (name in same), name
