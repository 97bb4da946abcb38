"""Whom a step of a deadline reaches: the manager, then strictly upward, past those who left, to the top (P10). Pure.

Stops at who: finding out who holds which place today is `deadlines.recipients`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Rung(IntEnum):
    """Higher numbers are further up. Stored in events and rows as the lower-case name."""

    MANAGER = 1
    SUPERIOR = 2
    COORDINATOR = 3
    DIRECTOR = 4

    @property
    def code(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told. `kind` and `id` name the row that the address is looked up in when it is sent."""

    kind: str
    id: int
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Who holds a rung. `left`: gone for good. `away`: `substitute` is told instead, nobody if there is none."""

    holder: Person
    left: bool = False
    away: bool = False
    substitute: Place | None = None


Ladder = Mapping[Rung, Sequence[Place]]


def occupied(places: Sequence[Place]) -> list[Person]:
    """Who is told on a rung, each address once, in order."""
    found: dict[str, Person] = {}
    for place in places:
        person = _present(place)
        if person is not None:
            found.setdefault(person.email.casefold(), person)
    return list(found.values())


def next_rung(ladder: Ladder, reached: Rung) -> tuple[Rung, list[Person]] | None:
    """The lowest rung strictly above the highest one reached that holds somebody new; None at the top.

    Who was reached further down (a coordinator who is also the director) is not told again.
    """
    told = {person.email.casefold() for rung in Rung if rung <= reached for person in occupied(ladder.get(rung, ()))}
    for rung in sorted(Rung):
        if rung > reached:
            people = [person for person in occupied(ladder.get(rung, ())) if person.email.casefold() not in told]
            if people:
                return rung, people
    return None


def ground(ladder: Ladder) -> tuple[Rung, list[Person]] | None:
    """Who is reminded: the manager; where nobody is, the coordinator, so that it goes to somebody."""
    for rung in (Rung.MANAGER, Rung.COORDINATOR):
        people = occupied(ladder.get(rung, ()))
        if people:
            return rung, people
    return None


def _present(place: Place) -> Person | None:
    if place.left:
        return None
    if not place.away:
        return place.holder
    return _present(place.substitute) if place.substitute is not None else None
