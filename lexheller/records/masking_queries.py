"""Reading what can be masked: the texts of a subject, one of them, what was masked before, and where words stand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, Text, cast, or_, select

from lexheller.accounts.rights import Actor
from lexheller.core.db import Model, db
from lexheller.core.errors import NotAllowedToSee
from lexheller.privacy.masking import occurrences
from lexheller.records.masking_models import Masking, SealOpening
from lexheller.records.masking_places import Kind, TextPlace
from lexheller.records.masking_register import all_places, of_kind
from lexheller.records.masking_subjects import Subject, demand, is_kept_from, rooms

MOST_ROWS = 200
MOST_ELSEWHERE = 40
PORTION = 200
_PLAIN = re.compile(r"[a-z0-9]+", re.IGNORECASE | re.ASCII)
WRITTEN = ("written_at", "given_at", "asked_at", "received_at", "made_at", "linked_at", "told_at", "opened_at", "at")
"""Columns that tell when a text was written, the first that a row has."""


@dataclass(frozen=True, slots=True)
class StoredText:
    """One text. `part`: its name where several stand in one column."""

    place: TextPlace
    row: Any
    part: str
    text: str

    @property
    def row_id(self) -> int:
        found: int = self.row.id
        return found

    @property
    def mark(self) -> str:
        """Tells whether the text is still the one that was seen (P13)."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def written_at(self) -> datetime | None:
        found = (getattr(self.row, name, None) for name in WRITTEN)
        return next((moment for moment in found if moment is not None), None)


def texts_of(actor: Actor, subject: Subject) -> list[StoredText]:
    """What is not empty, in the order of the register; of one table the newest MOST_ROWS. Raises NotAllowedToSee."""
    demand(actor, subject.federation_id)
    rows: dict[type[Model], list[Any]] = {}
    found: list[StoredText] = []
    for place in of_kind(subject.kind):
        if place.model not in rows:
            rows[place.model] = _rows(place, subject)
        found += [text for row in rows[place.model] for text in _texts_in(place, row)]
    return found


def text_for(actor: Actor, subject: Subject, code: str, row_id: int, part: str = "") -> StoredText:
    """One of them. Raises NotAllowedToSee for what is no text of the subject."""
    demand(actor, subject.federation_id)
    place = next((one for one in of_kind(subject.kind) if one.code == code), None)
    if place is None:
        raise NotAllowedToSee(f"no place {code}")
    model: Any = place.model
    query = select(model).where(model.id == row_id, *_own(place, subject))
    row = db.session.scalar(query)
    found = [text for text in _texts_in(place, row) if text.part == part] if row is not None else []
    if not found:
        raise NotAllowedToSee(f"text {code} {row_id}")
    return found[0]


def maskings_of(actor: Actor, subject: Subject) -> list[Masking]:
    """What was masked before, the latest first. Raises NotAllowedToSee."""
    demand(actor, subject.federation_id)
    query = select(Masking).where(
        Masking.federation_id == subject.federation_id,
        Masking.kind == subject.kind,
        Masking.subject_id == subject.id,
    )
    return list(db.session.scalars(query.order_by(Masking.id.desc())))


def masking_for(actor: Actor, federation_id: int, masking_id: int) -> Masking:
    """Raises NotAllowedToSee, also where what it belongs to waits to be looked at."""
    demand(actor, federation_id)
    query = select(Masking).where(Masking.federation_id == federation_id, Masking.id == masking_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotAllowedToSee(f"masking {masking_id}")
    kind = Kind(found.kind)
    row = db.session.get(rooms()[kind].model, found.subject_id)
    if row is not None and is_kept_from(actor, kind, row):
        raise NotAllowedToSee(f"masking {masking_id}")
    return found


def openings_of(masking: Masking) -> list[SealOpening]:
    """Who has opened the original, the latest first."""
    query = select(SealOpening).where(
        SealOpening.masking_id == masking.id, SealOpening.federation_id == masking.federation_id
    )
    return list(db.session.scalars(query.order_by(SealOpening.id.desc())))


def earlier_of(text: StoredText, federation_id: int) -> list[Masking]:
    """Maskings of this very text, the first one first."""
    query = select(Masking).where(
        Masking.federation_id == federation_id,
        Masking.place == text.place.code,
        Masking.row_id == text.row_id,
        Masking.part == text.part,
    )
    return list(db.session.scalars(query.order_by(Masking.id)))


def sealed_with(masking: Masking) -> list[Masking]:
    """Other maskings of the same text of which an original is kept, the first one first."""
    query = select(Masking).where(
        Masking.federation_id == masking.federation_id,
        Masking.place == masking.place,
        Masking.row_id == masking.row_id,
        Masking.part == masking.part,
        Masking.id != masking.id,
    )
    return [one for one in db.session.scalars(query.order_by(Masking.id)) if one.sealed]


def elsewhere(actor: Actor, text: StoredText, federation_id: int, words: Sequence[str]) -> list[StoredText]:
    """Other texts of the federation in which any of the words stand, at most MOST_ELSEWHERE. Raises NotAllowedToSee."""
    demand(actor, federation_id)
    wanted = [word for word in words if len(word) > 2]
    found: dict[tuple[str, int, str], StoredText] = {}
    for place in all_places() if wanted else ():
        for other in _holding(place, federation_id, wanted):
            key = (place.code, other.row_id, other.part)
            if key != (text.place.code, text.row_id, text.part) and place.subject(other.row) is not None:
                found.setdefault(key, other)
            if len(found) >= MOST_ELSEWHERE:
                return list(found.values())
    return list(found.values())


def _holding(place: TextPlace, federation_id: int, words: Sequence[str]) -> Iterator[StoredText]:
    model: Any = place.model
    query = select(model).where(model.federation_id == federation_id, *_narrowed(place, words))
    for row in db.session.scalars(query.order_by(model.id.desc()).execution_options(yield_per=PORTION)):
        for text in _texts_in(place, row):
            if any(occurrences(text.text, word) for word in words):
                yield text


def _narrowed(place: TextPlace, words: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    """Only texts with the longest piece of a word that all databases and ways of writing spell alike: what stands
    between the pieces may be a line's end, and letters with marks may be composed.

    JSON may keep letters as numbers, so there the words are looked for in the texts themselves.
    """
    pieces = [max(_PLAIN.findall(normalize("NFC", word)), key=len, default="") for word in words]
    if place.keyed or not all(pieces):
        return ()
    column = cast(getattr(place.model, place.column), Text)
    return (or_(*(column.icontains(piece) for piece in pieces)),)


def _rows(place: TextPlace, subject: Subject) -> list[Any]:
    model: Any = place.model
    query = select(model).where(*_own(place, subject)).order_by(model.id.desc()).limit(MOST_ROWS)
    return list(reversed(db.session.scalars(query).all()))


def _own(place: TextPlace, subject: Subject) -> tuple[Any, ...]:
    model: Any = place.model
    return (model.federation_id == subject.federation_id, place.of(subject.id))


def _texts_in(place: TextPlace, row: Any) -> list[StoredText]:
    if not place.counts(row):
        return []
    value = getattr(row, place.column)
    if not place.keyed:
        return [StoredText(place, row, "", value)] if value else []
    return [
        StoredText(place, row, name, words)
        for name, words in (value or {}).items()
        if isinstance(words, str) and words and len(name) <= 80
    ]
