"""Facts of cases: how an event tells what a case is about and what it has been through."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.cases.fact_models import CaseFact
from lexheller.cases.facts import DUTY, FACTS, facts_of, was_late
from lexheller.cases.models import Case
from lexheller.cases.queries import answered_duties, cases_without
from lexheller.cases.states import BEGINNINGS, TRANSITIONS, CaseStatus, Step
from lexheller.core import clock
from lexheller.faults.states import FAULT_TRANSITIONS, FaultStep
from lexheller.statistics.book import Book, Row
from lexheller.statistics.milestones import IN_TIME, LATE, What

ANSWERS = "answers"
TOLD = FAULT_TRANSITIONS[FaultStep.TELL_REPORTERS].event
SENT = tuple(TRANSITIONS[step].event for step in (Step.ROUTE, Step.ASSIGN))
ANSWERING = tuple(TRANSITIONS[step].event for step in (Step.ANSWER, Step.JOINT_ANSWER, Step.WITHDRAW))
COUNTED = {
    TRANSITIONS[Step.NOT_SOLVED].event: What.NOT_SOLVED,
    TRANSITIONS[Step.COUNT_OCCURRENCE].event: What.OCCURRENCE,
}
IDS = ("reporting_organisation_id", "concerned_organisation_id", "municipality_id", "theme_id", "merged_into_id")


class CaseBook(Book[CaseFact]):
    model = CaseFact
    noun = "case"
    noted, noted_of = "case.facts_noted", "case_facts"
    subjects = ("case", "case_aside", noted_of)

    def ids(self, event: Event) -> Iterable[int]:
        if event.kind == TOLD:
            told: list[int] = event.data["case_ids"]
            return told
        return super().ids(event)

    def begins(self, event: Event) -> bool:
        return event.kind in BEGINNINGS and FACTS in event.data

    def empty(self, federation_id: int, subject_id: int) -> CaseFact:
        return CaseFact(
            case_id=subject_id, federation_id=federation_id, number="", touched_on=date.min, milestones=[], sequence=0
        )

    def told(self, fact: CaseFact, event: Event) -> None:
        day = clock.day_of(event.at)
        came = list(_counted(event, day))
        if (facts := event.data.get(FACTS)) is not None:
            came += _changed(fact, facts, event, day)
            _describe(fact, facts)
        elif "status" in event.data and event.subject_type == self.subjects[0]:
            came += _by_status(fact, event, day)
        fact.milestones = [*fact.milestones, *came]
        fact.touched_on = max([fact.touched_on, *(date.fromisoformat(str(one[0])) for one in came)])

    def without_fact(self, federation_id: int) -> list[Row]:
        known = select(CaseFact.case_id).where(CaseFact.federation_id == federation_id)
        return list(cases_without(federation_id, known))

    def as_it_is(self, row: Case, duties_told: Collection[int]) -> dict[str, Any]:
        """With the days on which its parties answered, as far as its events do not say it."""
        answers = [
            [clock.day_of(duty.ended_at).isoformat(), was_late(duty, clock.day_of(duty.ended_at))]
            for duty in answered_duties(row.id)
            if duty.ended_at is not None and duty.id not in duties_told
        ]
        return {FACTS: facts_of(row), ANSWERS: answers}


def _counted(event: Event, day: date) -> Iterable[list[str | None]]:
    """The milestones that the event's kind tells by itself."""
    if event.kind in SENT:
        yield [day.isoformat(), What.SENT, None]
    if event.kind in COUNTED:
        yield [day.isoformat(), COUNTED[event.kind], None]
    if event.kind == TOLD:
        yield [day.isoformat(), What.TOLD, None]
    if DUTY in event.data:
        yield [day.isoformat(), What.ANSWER, LATE if event.data[DUTY]["late"] else IN_TIME]
    for answered_on, late in event.data.get(ANSWERS, ()):
        yield [answered_on, What.ANSWER, LATE if late else IN_TIME]


def _by_status(fact: CaseFact, event: Event, day: date) -> Iterable[list[str | None]]:
    """The milestones of an event from before events told facts: from the status that the case had after it."""
    status = event.data["status"]
    if fact.closed_on is not None and status != CaseStatus.CLOSED:
        yield [day.isoformat(), What.REOPENED, event.kind]
        fact.closed_on = None
    if fact.closed_on is None and status == CaseStatus.CLOSED and event.kind not in BEGINNINGS:
        yield [day.isoformat(), What.CLOSED, event.data.get("reason")]
        fact.closed_on = day
    if status == CaseStatus.ANSWERED and event.kind in ANSWERING:
        yield [day.isoformat(), What.ANSWERED, None]
        fact.answered_on = day


def _changed(fact: CaseFact, facts: dict[str, Any], event: Event, day: date) -> Iterable[list[str | None]]:
    """The milestones that show in what is different from before."""
    answered_on, closed_on = facts["answered_on"], facts["closed_on"]
    was_answered, was_closed = _iso(fact.answered_on), _iso(fact.closed_on)
    if was_closed and not closed_on:
        yield [day.isoformat(), What.REOPENED, event.kind]
    if answered_on and answered_on != was_answered:
        yield [answered_on, What.ANSWERED, None]
    if closed_on and closed_on != was_closed:
        yield [closed_on, What.CLOSED, facts["close_reason"]]


def _describe(fact: CaseFact, facts: dict[str, Any]) -> None:
    fact.number = facts["number"]
    fact.received_on = date.fromisoformat(facts["received_on"])
    fact.touched_on = max(fact.touched_on, fact.received_on)
    fact.answered_on = _date(facts["answered_on"])
    fact.closed_on = _date(facts["closed_on"])
    for name in IDS:
        setattr(fact, name, facts[name])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


CASES = CaseBook()
