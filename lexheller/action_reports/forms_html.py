"""The report as a web page: what its template asks for, and the whole page in one file.

Nothing is loaded from elsewhere, so that the file can be kept and sent. Stops at bytes; the template draws. Needs an
application context for the templates. The same document gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import current_app

from lexheller.action_reports.document import Cell, Document, Table
from lexheller.action_reports.forms_words import Words, clean, paragraphs, shown, words_for

_STYLE = Path(__file__).parent.parent / "static" / "css" / "report_document.css"
_QUOTED = re.compile(r"(?<=“)[^“”]*(?=”)")
_NUMBERS_FOLD = {"sv": "Siffrorna i diagrammet", "en": "The numbers in the chart"}
_SWEDISH_COLUMNS: Mapping[str, frozenset[int]] = {
    "by_theme": frozenset({0}),
    "themes_per_year": frozenset({0}),
    "faults": frozenset({0}),
    "by_action_type": frozenset({0}),
    "goals": frozenset({0, 2}),
}
"""Columns that hold the office's own words, whatever the language of the report."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the template asks for beside the document itself."""

    words: Words
    language: str

    @property
    def is_translated(self) -> bool:
        return self.language != "sv"

    @property
    def numbers_fold(self) -> str:
        return _NUMBERS_FOLD.get(self.language, _NUMBERS_FOLD["sv"])

    @property
    def style(self) -> str:
        return _style()

    def lines(self, text: str) -> list[str]:
        return paragraphs(text)

    def shown(self, cell: Cell) -> str:
        return shown(cell)

    def pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """A paragraph of ours in parts, each with whether it is Swedish: what is quoted from the office is."""
        end = 0
        for quoted in _QUOTED.finditer(clean(text)):
            yield text[end : quoted.start()], False
            yield quoted.group(), True
            end = quoted.end()
        yield text[end:], False

    def is_swedish(self, table: Table, column: int) -> bool:
        """Whether a column must be marked as Swedish."""
        if not self.is_translated or (table.measure == "by_action_type" and any(table.numeric)):
            return False
        return column in _SWEDISH_COLUMNS.get(table.measure, ())

    def is_of_words(self, table: Table) -> bool:
        """Whether its cells are sentences: a narrow screen shows such a table as cards."""
        return table.numeric.count(False) > 2 or not any(table.numeric)


def page_of(document: Document) -> Page:
    return Page(words_for(document), document.language)


def as_html(document: Document, _template: bytes | None = None) -> bytes:
    """The whole page, UTF-8."""
    template = current_app.jinja_env.get_template("action_reports/document.html")
    return template.render(document=document, page=page_of(document)).encode()


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
