"""The yearly report as a document: chapters of paragraphs, key figures, tables and charts, in one language.

Plain values that every form draws alike: screen, PDF, DOCX and XLSX show the same words and numbers (P29). Stops at
what is said; how it looks is each form's own matter.
"""

from __future__ import annotations

from dataclasses import dataclass

HIDDEN = None
"""The value of a cell that would tell too much about too few people (P30)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`written`: the director's own words, else made from the figures."""

    text: str
    written: bool = False


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number by itself. `value` is ready to be read ("17", "12,5 dagar", "färre än 5")."""

    measure: str
    name: str
    value: str
    definition: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """`value`: text as it stands, or a whole number. `HIDDEN`: too few to show, `text` says so."""

    value: str | int | None
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are headings, the first one is that of the row headings; `numeric` says which are set to the right.

    `notes` stand under it: what a hidden cell means, where a series breaks.
    """

    measure: str
    caption: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    definition: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a table. `svg` is whole and self-contained, `summary` says in words what it shows (the alt text)."""

    title: str
    summary: str
    svg: str
    table: Table


Block = Paragraph | KeyFigures | Table | Chart


@dataclass(frozen=True, slots=True)
class Chapter:
    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`language` is "sv" or "en". `facts` are terms and values under the title: diary number, edition, cut-off.

    `short_block` is the text for the annual report (årsredovisning), paragraph by paragraph. `hash` is the edition's.
    `to_sign`: somebody stands for it, so that it ends with lines for the signatures; a draft is not to be signed.
    """

    language: str
    title: str
    federation: str
    year: int
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    short_block: tuple[str, ...]
    hash: str
    to_sign: bool = False
