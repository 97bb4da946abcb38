"""What every form of the report says by itself, in the document's language, and what all of them gather from it.

A form follows the language of its document, not that of who downloads it: the words stand here and not in the
interface's catalogue. Stops at words and plain values; how they are laid out is each form's own matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lexheller.action_reports.document import Cell, Chapter, Chart, Document, KeyFigure, KeyFigures, Table

_KEPT = frozenset("\n\t")
_WIDEST, _NARROWEST, _BETWEEN = 34, 5, 4
_SHORT = 16
_BREAKS = re.compile(r"[ \t\n]+")
_LINE = 84
"""Letters that a line of a table has room for on paper, what stands between the columns included."""
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Words:
    """`locale` is the language with its country, as Word and PDF want it."""

    locale: str
    contents: str
    about: str
    chapter: str
    key_figures: str
    key_figure: str
    table: str
    row: str
    column: str
    value: str
    text: str
    definition: str
    definitions: str
    definitions_lead: str
    short_block: str
    signatures: str
    signers: tuple[str, ...]
    signature: str
    name_in_print: str
    place_and_day: str
    hash: str
    hash_lead: str
    page: str
    of: str


SWEDISH = Words(
    locale="sv-SE",
    contents="Innehåll",
    about="Om rapporten",
    chapter="Kapitel",
    key_figures="Nyckeltal",
    key_figure="Nyckeltal",
    table="Tabell",
    row="Rad",
    column="Kolumn",
    value="Värde",
    text="Text",
    definition="Så räknas det",
    definitions="Så räknar vi",
    definitions_lead="Här står vad varje mått i rapporten betyder och hur det är räknat.",
    short_block="Text till årsredovisningen",
    signatures="Underskrifter",
    signers=("Ordförande", "Förbundschef"),
    signature="Namnteckning",
    name_in_print="Namnförtydligande",
    place_and_day="Ort och datum",
    hash="Kontrollsumma",
    hash_lead="Samma siffror och texter ger samma kontrollsumma. Skiljer den sig åt är det en annan utgåva.",
    page="Sida",
    of="av",
)

ENGLISH = Words(
    locale="en-GB",
    contents="Contents",
    about="About the report",
    chapter="Chapter",
    key_figures="Key figures",
    key_figure="Key figure",
    table="Table",
    row="Row",
    column="Column",
    value="Value",
    text="Text",
    definition="How it is counted",
    definitions="How we count",
    definitions_lead="This is what each measure in the report means and how it is counted.",
    short_block="Text for the annual report",
    signatures="Signatures",
    signers=("Chair", "Director of the federation"),
    signature="Signature",
    name_in_print="Name in print",
    place_and_day="Place and date",
    hash="Checksum",
    hash_lead="The same figures and texts give the same checksum. If it differs, it is another edition.",
    page="Page",
    of="of",
)

_BY_LANGUAGE = {"sv": SWEDISH, "en": ENGLISH}


def words_for(document: Document) -> Words:
    """Swedish for a language that has no words here."""
    return _BY_LANGUAGE.get(document.language, SWEDISH)


def clean(words: str) -> str:
    """Without signs that XML cannot hold or that turn a line around; spaces that do not break stay."""
    return "".join(sign for sign in words if sign in _KEPT or _is_kept(sign))


def _is_kept(sign: str) -> bool:
    code = ord(sign)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    return sign not in _DIRECTION and unicodedata.category(sign) not in ("Cc", "Cs", "Co")


def paragraphs(words: str) -> list[str]:
    """One for each line that says something."""
    return [line.strip() for line in clean(words).splitlines() if line.strip()]


def shown(cell: Cell) -> str:
    """What a reader sees in the cell; for a hidden one the words that say so."""
    if cell.text or cell.value is None:
        return clean(cell.text)
    return clean(str(cell.value))


def tables_of(chapter: Chapter) -> Iterator[Table]:
    """Those by themselves and those behind a chart, each once, in the order they stand."""
    seen: list[Table] = []
    for block in chapter.blocks:
        table = block.table if isinstance(block, Chart) else block
        if isinstance(table, Table) and table not in seen:
            seen.append(table)
            yield table


def key_figures_of(chapter: Chapter) -> Iterator[KeyFigure]:
    for block in chapter.blocks:
        if isinstance(block, KeyFigures):
            yield from block.figures


def definitions_of(document: Document) -> list[tuple[str, str]]:
    """Name and definition of every measure, each definition once, under the name it is first met with."""
    found: dict[str, str] = {}
    for chapter in document.chapters:
        for figure in key_figures_of(chapter):
            found.setdefault(clean(figure.definition), clean(figure.name))
        for table in tables_of(chapter):
            found.setdefault(clean(table.definition), clean(table.caption))
    return [(name, definition) for definition, name in found.items() if definition]


def as_table(figures: KeyFigures, words: Words) -> Table:
    """Name, value and definition side by side, for a form that sets them so."""
    return Table(
        measure="",
        caption=words.key_figures,
        columns=(words.key_figure, words.value, words.definition),
        numeric=(False, False, False),
        rows=tuple(
            tuple(Cell(text, text) for text in (figure.name, figure.value, figure.definition))
            for figure in figures.figures
        ),
        definition="",
    )


def shares(table: Table) -> list[int]:
    """How wide each column wants to be, in letters.

    No word is broken, nor a column's texts when they are short, as far as the line has room; long texts share the rest.
    """
    words, short, wanted = [], [], []
    for index, heading in enumerate(table.columns):
        texts = [shown(row[index]) for row in table.rows]
        word = max(len(word) for text in (heading, *texts) for word in (_BREAKS.split(clean(text)) or [""]))
        line = word if table.numeric[index] else max(len(text) for text in (clean(heading), *texts))
        longest = 0 if table.numeric[index] else max((len(text) for text in texts), default=0)
        words.append(min(word, _WIDEST) + _BETWEEN)
        short.append(max(_NARROWEST, min(word, _WIDEST), longest if longest <= _SHORT else 0) + _BETWEEN)
        wanted.append(max(_NARROWEST, line) + _BETWEEN)
    asked = [min(width, _WIDEST + _BETWEEN) for width in wanted]
    if sum(asked) <= _LINE:
        return asked
    least = short if sum(short) <= _LINE else words
    spare, more = _LINE - sum(least), [width - kept for width, kept in zip(wanted, least, strict=True)]
    if spare <= 0 or not sum(more):
        return least
    return [width + spare * letters // sum(more) for width, letters in zip(least, more, strict=True)]
