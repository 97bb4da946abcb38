"""Which column is what: from the words people put in headers to the fields of a row.

Headers are compared without case, accents, spaces, punctuation and remarks in brackets. Some words say
little by themselves ("Datum", "Enhet", "Organisation"): those get their meaning from the columns to their
left. Stops at positions: it reads no data.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lexheller.intake.spreadsheet.header_words import (
    CANONICAL,
    DATE_WORDS,
    ORGANISATION_WORDS,
    SECOND_CHOICE,
    SYNONYMS,
    UNIT_WORDS,
)

_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[A-Za-z])[.)]\s*")
_FIRST_WORDS = re.compile(r"[^?:*(\n]+")
_LONGEST_HEADER = 300
_LONGEST_LABEL = 80
_FEWEST_FIELDS = 3


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """A header reduced to what tells it apart: `Åtgärds-\\ndatum (åååå-mm-dd):` becomes `atgardsdatum`."""
    plain = _NUMBERING.sub("", _BRACKETS.sub(" ", header[:_LONGEST_HEADER]))
    letters = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


_EXACT = {key(word): field for field, words in SYNONYMS.items() for word in words} | {
    key(name): field for field, name in CANONICAL.items() if field != "received_on"
}
_BEGINNINGS = sorted(
    ((key(word), field) for field, words in SYNONYMS.items() for word in (CANONICAL[field], *words) if " " in word),
    key=lambda pair: -len(pair[0]),
)
_SECOND, _DATE, _UNIT, _ORGANISATION = (
    frozenset(map(key, words)) for words in (SECOND_CHOICE, DATE_WORDS, UNIT_WORDS, ORGANISATION_WORDS)
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the fields stand in one table."""

    fields: dict[str, int]
    """Field -> column, from 0."""
    labels: list[str]
    """What each column may be called in a message; never a text with an identity number."""

    def label(self, column: int) -> str:
        """The header of a column, its letter where it has none."""
        return (self.labels[column] if column < len(self.labels) else "") or letter(column)

    def label_of(self, field: str) -> str:
        """The header of a field, the template's word for it where the table lacks it."""
        return self.label(self.fields[field]) if field in self.fields else CANONICAL[field]

    def ignored(self) -> list[str]:
        """Named columns that no field is read from."""
        used = set(self.fields.values())
        return [label for column, label in enumerate(self.labels) if column not in used and label]


def letter(column: int) -> str:
    """`A` for 0, `AB` for 27."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_header(
    cells: Sequence[str], contains_stop: Callable[[str], bool], *, below_another: bool = False
) -> Header | None:
    """The header that a line is, or None when it looks like anything else.

    A header names three different fields by their own words, or both the date and what happened. Where there
    is none above, four fields whose words are followed by guidance will do.
    """
    if header_weight(cells, loosely=not below_another) == 0:
        return None
    fields = _assign(cells, loosely=True)
    names = {column: CANONICAL[field] for field, column in fields.items()}
    labels = [
        names.get(column, letter(column)) if contains_stop(cell) else _shown(cell) for column, cell in enumerate(cells)
    ]
    return Header(fields, labels)


def header_weight(cells: Sequence[str], *, loosely: bool = True) -> int:
    """How many fields a line names; 0 when too few for a header. `loosely` accepts guidance after the words."""
    fields = _assign(cells, loosely=False)
    if len(fields) >= _FEWEST_FIELDS or fields.keys() >= {"received_on", "what_happened"}:
        return len(fields)
    fields = _assign(cells, loosely=True) if loosely else {}
    return len(fields) if len(fields) > _FEWEST_FIELDS else 0


def _shown(cell: str) -> str:
    return "".join(c if c.isprintable() else " " for c in " ".join(cell.split()))[:_LONGEST_LABEL].strip()


def _assign(cells: Sequence[str], *, loosely: bool) -> dict[str, int]:
    """Field -> column. The first column that names a field has it; the words that say little come last."""
    keys = [key(cell) if cell and len(cell) <= _LONGEST_HEADER else "" for cell in cells]
    fields: dict[str, int] = {}
    for column, name in enumerate(keys):
        field = _EXACT.get(name)
        if field:
            fields.setdefault(field, column)
    if loosely:
        _assign_beginnings(cells, keys, fields)
    _assign_organisations(keys, fields)
    _assign_by_neighbour(keys, fields)
    return fields


def _assign_beginnings(cells: Sequence[str], keys: list[str], fields: dict[str, int]) -> None:
    """Headers with guidance after them: `Vad hände? Skriv inga namn.`"""
    for column, name in enumerate(keys):
        if not name or name in _EXACT:
            continue
        first = _FIRST_WORDS.search(cells[column])
        field = _EXACT.get(key(first[0])) if first else None
        field = field or next((field for start, field in _BEGINNINGS if name.startswith(start)), None)
        if field and column not in fields.values():
            fields.setdefault(field, column)


def _assign_organisations(keys: list[str], fields: dict[str, int]) -> None:
    """One bare `Organisation` is the one concerned; of two, the first reports."""
    bare = [column for column, name in enumerate(keys) if name.rstrip("0123456789") in _ORGANISATION]
    if len(bare) > 1 and "reporting_organisation" not in fields:
        fields["reporting_organisation"] = bare.pop(0)
    if bare:
        fields.setdefault("concerned_organisation", bare[0])


def _assign_by_neighbour(keys: list[str], fields: dict[str, int]) -> None:
    """A bare `Enhet` belongs to the organisation left of it, a bare `Datum` to the answer or action there."""
    for column, name in enumerate(keys):
        word = name.rstrip("0123456789")
        if word in _UNIT:
            left = _nearest(fields, column, {"reporting_organisation", "concerned_organisation"})
            fields.setdefault("reporting_unit" if left == "reporting_organisation" else "concerned_unit", column)
        elif word in _DATE:
            left = _nearest(fields, column, set(CANONICAL))
            own = {"answer": "answered_on", "action": "action_on", "action_type": "action_on"}
            fields.setdefault(own.get(left or "", "received_on"), column)
    for column, name in enumerate(keys):
        if name in _SECOND:
            fields.setdefault("received_on", column)


def _nearest(fields: dict[str, int], column: int, among: set[str]) -> str | None:
    left = [(place, field) for field, place in fields.items() if place < column and field in among]
    return max(left)[1] if left else None
