"""What a place for words is: a column, what it is called, and what its texts belong to; and what rooms above add.

Stops at the shape: which places there are stands in `masking_register`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask import Flask, current_app
from flask_babel import LazyString
from sqlalchemy import JSON, ColumnElement

from lexheller.core.db import Model

ABOVE = "lexheller_masking_above"


class Kind(StrEnum):
    """What a text belongs to, as addresses call it. FEDERATION: its settings and their history; the id is its own."""

    CASE = "arende"
    FAULT = "systemfel"
    ACTION = "atgard"
    MEETING = "mote"
    REPORT = "rapport"
    FEDERATION = "forbund"


def _always(_row: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A column of words. `owner`: the column with the subject's id; `belongs` and `subject_of` where there is none.

    `counts` tells whether a row's text is to be shown at all: what nobody has handed in is not.
    """

    kind: Kind
    model: type[Model]
    column: str
    label: LazyString
    owner: str = ""
    belongs: Callable[[int], ColumnElement[bool]] | None = None
    subject_of: Callable[[Any], int | None] | None = None
    counts: Callable[[Any], bool] = field(default=_always)

    @property
    def code(self) -> str:
        """Table and column."""
        return f"{self.model.__tablename__}.{self.column}"

    @property
    def keyed(self) -> bool:
        """Several texts by name in one column."""
        return isinstance(self.model.__table__.c[self.column].type, JSON)

    @property
    def longest(self) -> int | None:
        """In characters; None where there is no limit."""
        found: int | None = getattr(self.model.__table__.c[self.column].type, "length", None)
        return found

    def of(self, subject_id: int) -> ColumnElement[bool]:
        """The rows of one subject."""
        if self.belongs is not None:
            return self.belongs(subject_id)
        found: ColumnElement[bool] = getattr(self.model, self.owner) == subject_id
        return found

    def subject(self, row: Any) -> int | None:
        """The id of what the row belongs to; None where that is gone."""
        found: int | None = self.subject_of(row) if self.subject_of else getattr(row, self.owner)
        return found


def places_of(
    kind: Kind, model: type[Model], columns: dict[str, LazyString], *, owner: str = "", **rest: Any
) -> tuple[TextPlace, ...]:
    return tuple(TextPlace(kind, model, column, label, owner, **rest) for column, label in columns.items())


@dataclass(frozen=True, slots=True)
class Standing:
    """A frozen edition in which words stand: its name, and the path of its page."""

    name: str
    path: str


def _nothing(_row: Any) -> None:
    """Nothing is made of its texts."""


def _nowhere(_row: Any) -> dict[str, Any]:
    """It has no table of steps."""
    return {}


@dataclass(frozen=True, slots=True)
class Room:
    """What texts belong to. `event_of`: what the event says it is about. `page`: endpoint and values of its own page.

    `hold` keeps others from it. `renew` makes anew what is made of its texts. `stands`: what the event tells of it.
    """

    model: type[Model]
    event_of: str
    name: Callable[[Any], str]
    page: Callable[[Any], tuple[str, dict[str, Any]]]
    hold: Callable[[Any], None]
    renew: Callable[[Any], None] = _nothing
    stands: Callable[[Any], dict[str, Any]] = _nowhere


@dataclass(frozen=True, slots=True)
class Above:
    """What a room above adds: its own places and what they belong to; `renew` makes anew what it keeps of the hidden
    words, by federation id; `frozen` tells in which frozen things they stand, which cannot change.
    """

    rooms: Mapping[Kind, Room]
    places: tuple[TextPlace, ...]
    renew: Callable[[int, Sequence[str]], None]
    frozen: Callable[[int, Sequence[str]], list[Standing]]


def offer(app: Flask, above: Above) -> None:
    app.extensions.setdefault(ABOVE, []).append(above)


def rooms_above() -> list[Above]:
    found: list[Above] = current_app.extensions.get(ABOVE, [])
    return found
