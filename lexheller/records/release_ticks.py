"""The places of a document that can be hidden, as boxes to tick: what the scanner found, what was hidden, words given.

A tick's value is `text:start:end`; it tells where, never what. Stops at places: who may hide them is the verb's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lexheller.privacy.kinds import Kind
from lexheller.privacy.masking import joined, occurrences
from lexheller.privacy.scanner import scan
from lexheller.records.release_states import Passages, Piece
from lexheller.web.doubts import AROUND, Doubt
from lexheller.web.doubts import doubts_in as looks_like_somebody

LOOKS_LIKE: Mapping[Kind, LazyString] = {
    Kind.PERSONAL_IDENTITY_NUMBER: _l("ser ut som ett personnummer"),
    Kind.PERSON_NAME: _l("ser ut som ett namn"),
    Kind.PHONE: _l("ser ut som ett telefonnummer"),
    Kind.EMAIL: _l("ser ut som en e-postadress"),
    Kind.ADDRESS: _l("ser ut som en adress"),
}
CHOSEN = _l("dina egna ord")
LONGEST_KEY = 60

Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Tick:
    value: str
    heading: str
    before: str
    found: str
    after: str
    why: LazyString
    ticked: bool


def ticks(pieces: Sequence[Piece], chosen: Iterable[Place], *, fresh: bool) -> list[Tick]:
    """In the order of the text. `fresh`: nobody has decided yet, so that what looks like a person is ticked."""
    wanted = set(chosen)
    found: list[Tick] = []
    for piece in pieces:
        seen = {(one.start, one.end): LOOKS_LIKE[one.kind] for one in scan(piece.text)}
        own = {(start, end) for key, start, end in wanted if key == piece.key}
        for start, end in sorted({*seen, *own}):
            why = seen.get((start, end), CHOSEN)
            found.append(_tick(piece, start, end, why, ticked=fresh or (start, end) in own))
    return found


def doubts_of_held(pieces: Sequence[Piece]) -> list[Doubt]:
    """What may name somebody in those texts at which the office has not looked yet (P24)."""
    return looks_like_somebody({piece.key: piece.text for piece in pieces if piece.held})


def chosen_places(values: Iterable[str], pieces: Sequence[Piece]) -> list[Place]:
    """Of what was sent, the places that are in the texts; the rest is left aside."""
    lengths = {piece.key: len(piece.text) for piece in pieces}
    found: list[Place] = []
    for value in values:
        key, _, place = value[: LONGEST_KEY + 24].partition(":")
        start, _, end = place.partition(":")
        if key in lengths and _is_number(start) and _is_number(end) and int(start) < int(end) <= lengths[key]:
            found.append((key, int(start), int(end)))
    return found


def places_of_words(words: str, pieces: Sequence[Piece]) -> list[Place]:
    """Wherever each line of `words` stands, in any case."""
    lines = {line.strip() for line in words.splitlines() if line.strip()}
    return [
        (piece.key, start, end)
        for piece in pieces
        for line in sorted(lines)
        for start, end in occurrences(piece.text, line)
    ]


def kept_places(hidden: Passages) -> list[Place]:
    return [(key, place[0], place[1]) for key, places in hidden.items() for place in places]


def passages(chosen: Iterable[Place], pieces: Sequence[Piece]) -> dict[str, list[list[int]]]:
    """By text, joined where they overlap."""
    wanted = list(chosen)
    found: dict[str, list[list[int]]] = {}
    for piece in pieces:
        own = [(start, end) for key, start, end in wanted if key == piece.key]
        if own:
            found[piece.key] = [[one.start, one.end] for one in joined(piece.text, own)]
    return found


def _tick(piece: Piece, start: int, end: int, why: LazyString, *, ticked: bool) -> Tick:
    before, after = piece.text[:start].rsplit("\n", 1)[-1], piece.text[end:].split("\n", 1)[0]
    return Tick(
        f"{piece.key}:{start}:{end}",
        piece.heading,
        before if len(before) <= AROUND else f"…{before[-AROUND:]}",
        piece.text[start:end],
        after if len(after) <= AROUND else f"{after[:AROUND]}…",
        why,
        ticked,
    )


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) <= 9
