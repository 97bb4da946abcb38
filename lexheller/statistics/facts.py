"""Facts from events: written in the transaction of each event, and made again from the whole log when asked.

How an event is read is said by each book: of cases, of faults, of actions. Counting is `figures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import delete

from lexheller.accounts.rights import SYSTEM
from lexheller.audit import service as audit
from lexheller.audit.models import Event
from lexheller.audit.queries import events_about
from lexheller.cases.fact_models import Fact
from lexheller.cases.facts import DUTY
from lexheller.core.db import db
from lexheller.statistics.action_facts import ACTIONS
from lexheller.statistics.book import Book
from lexheller.statistics.case_facts import CASES
from lexheller.statistics.fault_facts import FAULTS

BOOKS: tuple[Book[Any], ...] = (CASES, FAULTS, ACTIONS)

Facts = Mapping[str, dict[int, Fact]]
"""By noun (`case`, `fault`, `action`) and id, in order of ids."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the log tells: `begun` is how far a fact is kept; `duties` are those whose answers it tells."""

    facts: dict[str, dict[int, Fact]]
    begun: dict[str, set[int]]
    duties: set[int]


def install(app: Flask) -> None:
    audit.hear(app, heard)


def heard(event: Event) -> None:
    """Take one new event into the facts of what it tells of."""
    for book in BOOKS:
        for subject_id in book.ids(event):
            fact = db.session.get(book.model, subject_id)
            if fact is None and book.begins(event):
                fact = book.empty(event.federation_id, subject_id)
                db.session.add(fact)
            if fact is not None:
                book.take(fact, event)
    db.session.flush()


def rebuilt(federation_id: int) -> Facts:
    """All facts of a federation as the event log alone gives them; nothing is stored."""
    told = _told(federation_id)
    return {
        noun: {subject_id: fact for subject_id, fact in sorted(facts.items()) if subject_id in told.begun[noun]}
        for noun, facts in told.facts.items()
    }


def rebuild(federation_id: int) -> dict[str, int]:
    """Replace the stored facts by rebuilt ones; returns how many there are. Nobody writes an event meanwhile."""
    audit.lock_chains([federation_id])
    facts = rebuilt(federation_id)
    for book in BOOKS:
        db.session.execute(delete(book.model).where(book.model.federation_id == federation_id))
    db.session.expire_all()
    for found in facts.values():
        db.session.add_all(found.values())
    db.session.flush()
    return {noun: len(found) for noun, found in facts.items()}


def facts_of_federation(federation_id: int) -> Facts:
    return {book.noun: book.of(federation_id) for book in BOOKS}


def note_missing(federation_id: int) -> int:
    """Write down what the events of what is older than the facts do not say; returns of how many.

    Each gets one event with how it is, and its fact with all that the log tells of it. Two who begin at once write it
    once.
    """
    audit.lock_chains([federation_id])
    missing = [(book, row) for book in BOOKS for row in book.without_fact(federation_id)]
    if not missing:
        return 0
    told, noted = _told(federation_id), 0
    for book, row in missing:
        fact = told.facts[book.noun].get(row.id) or book.empty(federation_id, row.id)
        if row.id not in told.begun[book.noun]:
            book.take(fact, _noted(federation_id, book, row.id, book.as_it_is(row, told.duties)))
            noted += 1
        db.session.add(fact)
    db.session.flush()
    return noted


def _noted(federation_id: int, book: Book[Any], subject_id: int, data: dict[str, Any]) -> Event:
    return audit.record(
        SYSTEM, book.noted, federation_id=federation_id, subject_type=book.noted_of, subject_id=subject_id, data=data
    )


def _told(federation_id: int) -> Told:
    """One pass over the log, in its order; with what it tells of those that are older than the facts."""
    told = Told({book.noun: {} for book in BOOKS}, {book.noun: set() for book in BOOKS}, set())
    for event in events_about(federation_id, [subject for book in BOOKS for subject in book.subjects]):
        if DUTY in event.data:
            told.duties.add(event.data["duty_id"])
        for book in BOOKS:
            facts = told.facts[book.noun]
            for subject_id in book.ids(event):
                if subject_id not in facts:
                    facts[subject_id] = book.empty(federation_id, subject_id)
                book.take(facts[subject_id], event)
                if event.kind == book.noted or book.begins(event):
                    told.begun[book.noun].add(subject_id)
    return told
