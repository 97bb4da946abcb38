"""Facts of actions: how an event tells an action's type, status, day, cases and judgements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from lexheller.actions.facts import facts_of
from lexheller.actions.models import Action
from lexheller.actions.queries import case_ids_of
from lexheller.actions.states import ACTION_TRANSITIONS, BEGINNING, IMPORTED, ActionStatus, ActionStep
from lexheller.audit.models import Event
from lexheller.cases.facts import FACTS
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.statistics.book import Book, Row
from lexheller.statistics.courses import Turn, course
from lexheller.statistics.models import ActionFact

LINKS = {
    ACTION_TRANSITIONS[ActionStep.LINK_CASE].event: Turn.LINKED,
    ACTION_TRANSITIONS[ActionStep.UNLINK_CASE].event: Turn.UNLINKED,
}
JUDGED = ACTION_TRANSITIONS[ActionStep.JUDGE].event


class ActionBook(Book[ActionFact]):
    model = ActionFact
    noun = "action"
    noted, noted_of = "action.facts_noted", "action_facts"
    subjects = ("action", noted_of)

    def begins(self, event: Event) -> bool:
        return event.kind in (BEGINNING, IMPORTED) and FACTS in event.data

    def empty(self, federation_id: int, subject_id: int) -> ActionFact:
        return ActionFact(action_id=subject_id, federation_id=federation_id, number=0, milestones=[], sequence=0)

    def told(self, fact: ActionFact, event: Event) -> None:
        if (facts := event.data.get(FACTS)) is not None:
            fact.number, fact.type_key = facts["number"], facts["type"]
        fact.milestones = [*fact.milestones, *_came(fact, event)]

    def without_fact(self, federation_id: int) -> list[Row]:
        known = select(ActionFact.action_id).where(ActionFact.federation_id == federation_id)
        query = select(Action).where(Action.federation_id == federation_id, Action.id.not_in(known))
        return list(db.session.scalars(query.order_by(Action.id)))

    def as_it_is(self, row: Action, duties_told: Collection[int]) -> dict[str, Any]:
        """With the cases that it has: of an older one that was imported, no event tells them."""
        case_ids = case_ids_of([row.id]).get(row.id, [])
        return {FACTS: facts_of(row), "status": row.status, "case_ids": case_ids}


def _came(fact: ActionFact, event: Event) -> Iterable[list[Any]]:
    day, stood = clock.day_of(event.at).isoformat(), course(fact.milestones, date.max)
    yield from _status(stood.status, stood.since, event, day)
    for case_id in event.data.get("case_ids", ()):
        if case_id not in stood.case_ids:
            yield [day, Turn.TAKEN_FOR, case_id]
    if event.kind in LINKS and "case_id" in event.data:
        yield [day, LINKS[event.kind], event.data["case_id"]]
    if event.kind == JUDGED and "judgement" in event.data:
        yield [day, Turn.JUDGED, event.data["judgement"]]


def _status(stood: str | None, since: date | None, event: Event, day: str) -> Iterable[list[Any]]:
    """Done since the day it was carried out, as far as the event tells it."""
    status = event.data.get("status")
    if status is None:
        return
    done_on = event.data.get(FACTS, event.data).get("action_on") if status == ActionStatus.DONE else None
    moved = done_on is not None and since is not None and done_on != since.isoformat()
    if status != stood or moved:
        yield [done_on or day, Turn.STATUS, status]


ACTIONS = ActionBook()
