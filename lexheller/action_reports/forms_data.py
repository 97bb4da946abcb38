"""The report as open data: one CSV file with a line for each cell, and JSON with everything that is said.

What leads to the cases behind a figure stays out of both, and so do pictures. Stops at bytes; the same document gives
the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from lexheller.action_reports.document import (
    HIDDEN,
    Block,
    Cell,
    Chapter,
    Chart,
    Document,
    KeyFigures,
    Paragraph,
    Table,
)
from lexheller.action_reports.forms_words import Words, clean, key_figures_of, shown, tables_of, words_for

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(document: Document, _template: bytes | None = None) -> bytes:
    """With semicolons and a byte order mark, as Swedish spreadsheets open it. No cell starts a formula (P27)."""
    words, made = words_for(document), io.StringIO(newline="")
    lines = csv.writer(made, delimiter=";", lineterminator="\r\n")
    lines.writerow((words.chapter, words.table, words.row, words.column, words.value, words.text))
    for chapter in document.chapters:
        lines.writerows([_safe(field) for field in line] for line in _lines(chapter, words))
    return made.getvalue().encode("utf-8-sig")


def _lines(chapter: Chapter, words: Words) -> Iterator[tuple[str | int, ...]]:
    for figure in key_figures_of(chapter):
        yield (chapter.heading, words.key_figures, figure.name, words.value, figure.value, figure.value)
    for table in tables_of(chapter):
        for row in table.rows:
            for heading, cell in zip(table.columns[1:], row[1:], strict=True):
                value = "" if cell.value is HIDDEN else cell.value
                yield (chapter.heading, table.caption, shown(row[0]), heading, value, shown(cell))


def _safe(field: str | int) -> str:
    """A whole number as it stands; a text that a spreadsheet would reckon with gets an apostrophe before it."""
    if isinstance(field, int):
        return str(field)
    text = clean(field)
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_STARTS_A_FORMULA) else text


def as_json(document: Document, _template: bytes | None = None) -> bytes:
    """Canonical: sorted keys, no spaces, UTF-8. A hidden cell has the value null and its words."""
    return _canonical(
        {
            "language": document.language,
            "title": document.title,
            "federation": document.federation,
            "year": document.year,
            "facts": [{"term": term, "value": value} for term, value in document.facts],
            "chapters": [
                {"key": chapter.key, "heading": chapter.heading, "blocks": [_block(block) for block in chapter.blocks]}
                for chapter in document.chapters
            ],
            "short_block": list(document.short_block),
            "hash": document.hash,
        }
    )


def _canonical(data: dict[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text, "written": block.written}
    if isinstance(block, KeyFigures):
        return {
            "kind": "key_figures",
            "figures": [
                {"measure": one.measure, "name": one.name, "value": one.value, "definition": one.definition}
                for one in block.figures
            ],
        }
    if isinstance(block, Chart):
        return {"kind": "chart", "title": block.title, "summary": block.summary, "table": _table(block.table)}
    return {"kind": "table", **_table(block)}


def _table(table: Table) -> dict[str, Any]:
    return {
        "measure": table.measure,
        "caption": table.caption,
        "columns": list(table.columns),
        "numeric": list(table.numeric),
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "definition": table.definition,
        "notes": list(table.notes),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"value": cell.value, "text": cell.text}
