"""What in a text looks as if it named a person: shown to whoever writes, before others read it (P24).

Stops at finding and at asking once: what is done about it is for a person to say. Identity numbers are no doubt: forms
and verbs stop them (P23).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.core.errors import InvalidInput
from lexheller.privacy.kinds import Certainty, Finding, Kind
from lexheller.privacy.scanner import scan

AROUND = 40
DOUBTFUL = "doubtful"
LOOKS_LIKE: Mapping[Kind, LazyString] = {
    Kind.PERSON_NAME: _l("Det här ser ut som ett namn"),
    Kind.PHONE: _l("Det här ser ut som ett telefonnummer"),
    Kind.EMAIL: _l("Det här ser ut som en e-postadress"),
    Kind.ADDRESS: _l("Det här ser ut som en adress"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place in one text: `found`, with the words on either side of it."""

    field: str
    kind: Kind
    before: str
    found: str
    after: str

    @property
    def looks_like(self) -> LazyString:
        return LOOKS_LIKE[self.kind]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `looks_like` is set for one that is in doubt."""

    text: str
    looks_like: LazyString | None = None


def doubts_in(texts: Mapping[str, str], known: Collection[str] = ()) -> list[Doubt]:
    """By field, in the order of the fields and of the text. `known` are names that point out nobody: of authorities,
    units and places.
    """
    return [
        Doubt(field, one.kind, _end_of(text[: one.start]), one.text, _start_of(text[one.end :]))
        for field, text in texts.items()
        for one in _found(text, known)
    ]


def pieces(text: str, known: Collection[str] = ()) -> list[Piece]:
    """The whole text in parts, for what is in doubt to be marked in it."""
    parts, position = [], 0
    for one in _found(text, known):
        parts += [Piece(text[position : one.start]), Piece(one.text, LOOKS_LIKE[one.kind])]
        position = one.end
    return [part for part in (*parts, Piece(text[position:])) if part.text]


def refuse_unlooked(doubts: Iterable[Doubt], *, looked: bool) -> None:
    """Raises InvalidInput on `looked` (`doubtful`): somebody must say that they have looked at what was found."""
    if not looked and any(True for _doubt in doubts):
        raise InvalidInput("looked", DOUBTFUL)


def _found(text: str, known: Collection[str]) -> list[Finding]:
    found = [one for one in scan(text) if one.certainty is Certainty.REVIEW]
    if not found or not known:
        return found
    longest_first = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    there = [place.span() for place in re.finditer(rf"\b(?:{longest_first})s?\b", text, re.IGNORECASE)]
    named = {Kind.PERSON_NAME, Kind.ADDRESS}
    return [
        one
        for one in found
        if one.kind not in named or not any(start <= one.start and one.end <= end for start, end in there)
    ]


def _end_of(text: str) -> str:
    """The last words of the line before."""
    line = text[text.rfind("\n") + 1 :]
    return line if len(line) <= AROUND else f"…{line[-AROUND:]}"


def _start_of(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= AROUND else f"{line[:AROUND]}…"
