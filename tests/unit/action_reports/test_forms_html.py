"""The report as one web page: whole, in order, readable by ear, and nothing in it but what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from lexheller.action_reports.document import Paragraph
from lexheller.action_reports.forms_html import as_html
from lexheller.action_reports.forms_words import key_figures_of, shown, tables_of
from tests.unit.action_reports.sample import HIDDEN_WORDS, MARKUP, sample

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture(autouse=True, scope="module")
def site() -> Iterator[None]:
    with Flask(__name__, template_folder=str(TEMPLATES)).app_context():
        yield


def page(language: str = "sv") -> str:
    return as_html(sample(language)).decode()


def test_every_number_and_word_stands_there() -> None:
    made, text = sample(), " ".join(unescape(re.sub(r"<[^>]+>", " ", page())).split())
    for chapter in made.chapters:
        for figure in key_figures_of(chapter):
            assert " ".join(figure.value.split()) in text
        for table in tables_of(chapter):
            for row in table.rows:
                assert all(" ".join(shown(cell).split()) in text for cell in row)
    assert all(paragraph in text for paragraph in made.short_block)


def test_headings_come_in_order_and_tables_have_theirs() -> None:
    whole = page()
    levels = [int(level) for level in re.findall(r"<h(\d)", whole)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before < 2 for before, after in pairwise(levels))
    tables = re.findall(r"<table.*?</table>", whole, re.DOTALL)
    assert tables
    assert all("<caption" in table and 'scope="col"' in table and 'scope="row"' in table for table in tables)
    ids = re.findall(r' id="([^"]+)"', whole)
    assert len(set(ids)) == len(ids)
    assert {target[1:] for target in re.findall(r'href="(#[^"]+)"', whole)} <= set(ids)


def test_nothing_is_loaded_run_or_let_through() -> None:
    whole = page()
    assert not re.search(r"<script|<link|<img|\sstyle=|\son\w+=|url\(|@import|src=", whole)
    assert "<b>inte fet</b>" not in whole
    assert MARKUP in unescape(whole)


def test_a_hidden_cell_is_its_words() -> None:
    assert re.search(rf'<td class="is-numeric is-hidden"[^>]*>{HIDDEN_WORDS}</td>', page())


def test_the_offices_words_are_marked_as_swedish_in_english() -> None:
    written = [
        block
        for chapter in sample().chapters
        for block in chapter.blocks
        if isinstance(block, Paragraph) and block.written
    ]
    assert written
    assert '<html lang="en-GB">' in page("en")
    assert page("en").count('<p lang="sv">') >= len(written)
    assert '<p lang="sv">' not in page()


def test_the_same_document_gives_the_same_bytes() -> None:
    assert as_html(sample()) == as_html(sample())
