"""A year's figures without anybody's words, for those who see numbers and neither texts nor cases. Pure.

Made of what may leave the office (P30), so small numbers are merged or left out. A chapter that says nothing but words
is not there. Stops at blocks: drawing is the template's.
"""

from __future__ import annotations

from dataclasses import replace

from lexheller.action_reports.document import Block, Chapter, Chart, Document, KeyFigures, Table

OF_WORDS = frozenset({"faults", "goals"})
"""Tables whose rows are named by what the office wrote."""


def figures_only(document: Document) -> Document:
    """The same report with its key figures, tables of numbers and charts alone."""
    kept = (replace(chapter, blocks=tuple(filter(_is_of_numbers, chapter.blocks))) for chapter in document.chapters)
    return replace(document, chapters=tuple(filter(_says_something, kept)), short_block=(), facts=())


def _is_of_numbers(block: Block) -> bool:
    match block:
        case KeyFigures():
            return True
        case Chart():
            return _is_of_numbers(block.table)
        case Table():
            return any(block.numeric) and block.measure not in OF_WORDS
        case _:
            return False


def _says_something(chapter: Chapter) -> bool:
    return bool(chapter.blocks)
