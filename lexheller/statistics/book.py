"""What the facts of cases, of faults and of actions have in common: which events tell of them, where they begin.

One way of reading an event serves those that are written with it and those that are made anew from the log.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.cases.fact_models import Fact
from lexheller.core.db import db

F = TypeVar("F", bound=Fact)


class Row(Protocol):
    @property
    def id(self) -> int: ...


class Book(ABC, Generic[F]):
    """`noun` is what a fact is of, and with `_id` its key. `noted`: the kind of event that notes an older one."""

    model: type[F]
    noun: str
    noted: str
    noted_of: str
    subjects: tuple[str, ...]
    """Types of the things whose events tell of it."""

    def ids(self, event: Event) -> Iterable[int]:
        """Those that the event tells of."""
        return (event.subject_id,) if event.subject_type in self.subjects else ()

    @abstractmethod
    def begins(self, event: Event) -> bool:
        """Whether a fact is kept from this event on. What is older than the facts is left out until it is noted."""

    @abstractmethod
    def empty(self, federation_id: int, subject_id: int) -> F:
        """A fact of which no event has told yet; it cannot be stored."""

    def take(self, fact: F, event: Event) -> None:
        """What the event tells goes into the fact, once."""
        if event.sequence > fact.sequence:
            self.told(fact, event)
            fact.sequence = event.sequence

    @abstractmethod
    def told(self, fact: F, event: Event) -> None: ...

    @abstractmethod
    def without_fact(self, federation_id: int) -> list[Row]:
        """Those that there are without a fact, in order of their ids."""

    @abstractmethod
    def as_it_is(self, row: Any, duties_told: Collection[int]) -> dict[str, Any]:
        """What a noting event says of an older one: ids, days and codes. `duties_told`: whose answers the log tells."""

    def of(self, federation_id: int) -> dict[int, F]:
        """The stored facts, by the id of what they are of."""
        query = select(self.model).where(self.model.federation_id == federation_id)
        found = {self.id_of(fact): fact for fact in db.session.scalars(query)}
        return dict(sorted(found.items()))

    def id_of(self, fact: F) -> int:
        found: int = getattr(fact, f"{self.noun}_id")
        return found
