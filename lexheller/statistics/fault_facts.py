"""Facts of faults: how an event tells a fault's status and the cases that show it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.cases.facts import FACTS
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.faults.facts import facts_of
from lexheller.faults.models import Fault
from lexheller.faults.states import BEGINNING, FAULT_TRANSITIONS, FaultStep
from lexheller.statistics.book import Book, Row
from lexheller.statistics.courses import Turn, course
from lexheller.statistics.models import FaultFact

LINKS = {
    FAULT_TRANSITIONS[FaultStep.LINK_CASE].event: Turn.LINKED,
    FAULT_TRANSITIONS[FaultStep.UNLINK_CASE].event: Turn.UNLINKED,
}


class FaultBook(Book[FaultFact]):
    model = FaultFact
    noun = "fault"
    noted, noted_of = "fault.facts_noted", "fault_facts"
    subjects = ("fault", noted_of)

    def begins(self, event: Event) -> bool:
        return event.kind == BEGINNING and FACTS in event.data

    def empty(self, federation_id: int, subject_id: int) -> FaultFact:
        return FaultFact(fault_id=subject_id, federation_id=federation_id, number="", milestones=[], sequence=0)

    def told(self, fact: FaultFact, event: Event) -> None:
        if (facts := event.data.get(FACTS)) is not None:
            fact.number, fact.opened_on = facts["number"], date.fromisoformat(facts["opened_on"])
        fact.milestones = [*fact.milestones, *_came(fact, event)]

    def without_fact(self, federation_id: int) -> list[Row]:
        known = select(FaultFact.fault_id).where(FaultFact.federation_id == federation_id)
        query = select(Fault).where(Fault.federation_id == federation_id, Fault.id.not_in(known))
        return list(db.session.scalars(query.order_by(Fault.id)))

    def as_it_is(self, row: Fault, duties_told: Collection[int]) -> dict[str, Any]:
        """Its events tell the rest, from the first one on."""
        return {FACTS: facts_of(row)}


def _came(fact: FaultFact, event: Event) -> Iterable[list[Any]]:
    day, status = clock.day_of(event.at), event.data.get("status")
    if status is not None and status != course(fact.milestones, date.max).status:
        yield [day.isoformat(), Turn.STATUS, status]
    if event.kind in LINKS and "case_id" in event.data:
        yield [day.isoformat(), LINKS[event.kind], event.data["case_id"]]


FAULTS = FaultBook()
