"""What a document tells as plain JSON, and back: the words and numbers that an edition is frozen with. Pure.

What stands around it (number, diary number, approval, checksum) is the edition's own and no part of it. Whoever changes
the shapes of `document` must go on reading what is frozen: `FORMAT` says which shape it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lexheller.action_reports.document import (
    Block,
    Cell,
    Chapter,
    Chart,
    Document,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Table,
)

FORMAT = 1
Plain = dict[str, Any]


def plain(document: Document) -> Plain:
    """Lists, texts and numbers alone, which JSON gives back as they were."""
    return {
        "language": document.language,
        "title": document.title,
        "federation": document.federation,
        "year": document.year,
        "chapters": [
            {"key": chapter.key, "heading": chapter.heading, "blocks": [_plain(block) for block in chapter.blocks]}
            for chapter in document.chapters
        ],
        "short_block": list(document.short_block),
    }


def document_of(told: Mapping[str, Any]) -> Document:
    """As `plain` was given it, with nothing around it. Raises KeyError for a kind of block that is none."""
    return Document(
        language=told["language"],
        title=told["title"],
        federation=told["federation"],
        year=told["year"],
        facts=(),
        chapters=tuple(
            Chapter(chapter["key"], chapter["heading"], tuple(_block(block) for block in chapter["blocks"]))
            for chapter in told["chapters"]
        ),
        short_block=tuple(told["short_block"]),
        hash="",
    )


def _plain(block: Block) -> Plain:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text, "written": block.written}
    if isinstance(block, KeyFigures):
        return {"kind": "key_figures", "figures": [_plain_figure(figure) for figure in block.figures]}
    if isinstance(block, Chart):
        return {
            "kind": "chart",
            "title": block.title,
            "summary": block.summary,
            "svg": block.svg,
            "table": _plain_table(block.table),
        }
    return {"kind": "table", **_plain_table(block)}


def _plain_figure(figure: KeyFigure) -> Plain:
    return {
        "measure": figure.measure,
        "name": figure.name,
        "value": figure.value,
        "definition": figure.definition,
    }


def _plain_table(table: Table) -> Plain:
    return {
        "measure": table.measure,
        "caption": table.caption,
        "columns": list(table.columns),
        "numeric": list(table.numeric),
        "rows": [[[cell.value, cell.text] for cell in row] for row in table.rows],
        "definition": table.definition,
        "notes": list(table.notes),
    }


def _paragraph(told: Mapping[str, Any]) -> Paragraph:
    return Paragraph(told["text"], told["written"])


def _key_figures(told: Mapping[str, Any]) -> KeyFigures:
    return KeyFigures(
        tuple(
            KeyFigure(figure["measure"], figure["name"], figure["value"], figure["definition"])
            for figure in told["figures"]
        )
    )


def _table(told: Mapping[str, Any]) -> Table:
    return Table(
        measure=told["measure"],
        caption=told["caption"],
        columns=tuple(told["columns"]),
        numeric=tuple(told["numeric"]),
        rows=tuple(tuple(Cell(value, text) for value, text in row) for row in told["rows"]),
        definition=told["definition"],
        notes=tuple(told["notes"]),
    )


def _chart(told: Mapping[str, Any]) -> Chart:
    return Chart(told["title"], told["summary"], told["svg"], _table(told["table"]))


_BLOCKS: Mapping[str, Callable[[Mapping[str, Any]], Block]] = {
    "paragraph": _paragraph,
    "key_figures": _key_figures,
    "table": _table,
    "chart": _chart,
}


def _block(told: Mapping[str, Any]) -> Block:
    return _BLOCKS[told["kind"]](told)
