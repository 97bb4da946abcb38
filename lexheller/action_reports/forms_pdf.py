"""The report as a tagged PDF that a board can sign and a screen reader can follow.

Words and figures are handed over as data, never as markup. Stops at bytes: who may have them is decided elsewhere.
The same document gives the same bytes: no clock and no machine's own fonts take part.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import typst

from lexheller.action_reports.document import (
    HIDDEN,
    Block,
    Chapter,
    Chart,
    Document,
    KeyFigures,
    Paragraph,
    Table,
)
from lexheller.action_reports.forms_pdf_rows import with_row_headings
from lexheller.action_reports.forms_words import Words, clean, paragraphs, shares, shown, words_for

_TEMPLATE = Path(__file__).with_name("report.typ")
_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
"""PDF/UA-1 for who listens, PDF/A-2a for the archive, as far as the compiler checks them."""


def as_pdf(document: Document, _template: bytes | None = None) -> bytes:
    """Raises `typst.TypstError` for a chart that is no picture."""
    words = words_for(document)
    values = json.dumps(
        {
            "language": words.locale.split("-")[0],
            "region": words.locale.split("-")[1].lower(),
            "title": clean(document.title),
            "federation": clean(document.federation),
            "year": document.year,
            "facts": [[clean(term), clean(value)] for term, value in document.facts],
            "chapters": [_chapter(chapter) for chapter in document.chapters],
            "to_sign": document.to_sign,
            "short_block": [line for text in document.short_block for line in paragraphs(text)],
            "hash": clean(document.hash),
            "words": _words(words),
        }
    )
    return _compiled(values)


def _compiled(values: str) -> bytes:
    """By both standards with the fonts that come along; for signs that none of them has the machine's own help out.

    A sign that no font at all has is forbidden by both standards: the report is made all the same, tagged.
    """
    attempts: tuple[tuple[list[typst.PDFStandard], bool], ...] = ((_STANDARDS, True), (_STANDARDS, False), ([], False))
    for standards, own_fonts_only in attempts[:-1]:
        with suppress(typst.TypstError):
            return with_row_headings(_drawn(values, standards, own_fonts_only))
    return with_row_headings(_drawn(values, *attempts[-1]))


def _drawn(values: str, standards: list[typst.PDFStandard], own_fonts_only: bool) -> bytes:
    made: object = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"report": values},
        pdf_standards=standards,
        ignore_system_fonts=own_fonts_only,
    )
    if not isinstance(made, bytes):
        raise TypeError("a report is one file")
    return made


def _words(words: Words) -> dict[str, Any]:
    return {name: getattr(words, name) for name in words.__slots__}


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {"heading": clean(chapter.heading), "blocks": [_block(block) for block in chapter.blocks]}


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "lines": paragraphs(block.text)}
    if isinstance(block, KeyFigures):
        return {
            "kind": "figures",
            "figures": [
                {"name": clean(figure.name), "value": clean(figure.value), "definition": clean(figure.definition)}
                for figure in block.figures
            ],
        }
    if isinstance(block, Chart):
        return {
            "kind": "chart",
            "title": clean(block.title),
            "summary": clean(block.summary),
            "svg": block.svg,
            "table": _table(block.table),
        }
    return {"kind": "table", **_table(block)}


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": clean(table.caption),
        "definition": clean(table.definition),
        "columns": [clean(heading) for heading in table.columns],
        "numeric": list(table.numeric),
        "widths": shares(table),
        "rows": [[{"text": shown(cell), "hidden": cell.value is HIDDEN} for cell in row] for row in table.rows],
        "notes": [line for note in table.notes for line in paragraphs(note)],
    }
