"""What a federation has of each kind that is deleted by decision, and since when it is over. One function a kind.

Stops at what is over: whether its time has come is the plan's to say, what holds it back `disposal_hindrances`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lexheller.actions.door import ACTION
from lexheller.actions.models import Action, ActionStatus, FollowUp
from lexheller.actions.states import ACTION_TRANSITIONS, ActionStep
from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.faults.states import OVER
from lexheller.meetings.models import Meeting
from lexheller.records.disposal_rules import DocumentKind, Rule, latest_ending
from lexheller.records.release_models import ReleaseRequest


@dataclass(frozen=True, slots=True)
class Ended:
    """One that is over. `year` is the one that it began in; `number` what people call it by, a meeting by its day."""

    subject_id: int
    number: str
    year: int
    ended_on: date


def due(federation_id: int, kind: DocumentKind, rule: Rule, as_of: date) -> list[Ended]:
    """Those of a kind whose time has come, hindered or not; the oldest first."""
    last = latest_ending(as_of, rule)
    found = [one for one in OVER_SINCE[kind](federation_id, last) if one.ended_on <= last]
    return sorted(found, key=lambda one: (one.year, one.subject_id))


def _cases(federation_id: int, last: date) -> Iterator[Ended]:
    query = select(Case.id, Case.number, Case.received_on, Case.closed_on).where(
        Case.federation_id == federation_id, Case.status == CaseStatus.CLOSED, Case.closed_on <= last
    )
    for case_id, number, received_on, closed_on in db.session.execute(query):
        if closed_on is not None:
            yield Ended(case_id, number, received_on.year, closed_on)


def _faults(federation_id: int, last: date) -> Iterator[Ended]:
    query = select(Fault.id, Fault.number, Fault.opened_on, Fault.ended_on).where(
        Fault.federation_id == federation_id, Fault.status.in_(OVER), Fault.ended_on <= last
    )
    for fault_id, number, opened_on, ended_on in db.session.execute(query):
        if ended_on is not None:
            yield Ended(fault_id, number, opened_on.year, ended_on)


def _actions(federation_id: int, last: date) -> Iterator[Ended]:
    """Done: since then, or since its effect was judged last. Cancelled: since the log says so."""
    judged = select(FollowUp.action_id, func.max(FollowUp.judged_at)).where(FollowUp.federation_id == federation_id)
    last_judged = {action_id: at for action_id, at in db.session.execute(judged.group_by(FollowUp.action_id)) if at}
    done = select(Action.id, Action.number, Action.action_on).where(
        Action.federation_id == federation_id, Action.status == ActionStatus.DONE, Action.action_on <= last
    )
    for action_id, number, done_on in db.session.execute(done):
        if done_on is not None:
            at = last_judged.get(action_id)
            yield Ended(action_id, str(number), done_on.year, max(done_on, clock.day_of(at)) if at else done_on)
    told = (
        select(Event.subject_id, func.max(Event.at))
        .where(Event.federation_id == federation_id, Event.subject_type == ACTION)
        .where(Event.kind == ACTION_TRANSITIONS[ActionStep.CANCEL].event)
    )
    cancelled_at = {row[0]: row[1] for row in db.session.execute(told.group_by(Event.subject_id))}
    cancelled = select(Action.id, Action.number).where(
        Action.federation_id == federation_id, Action.status == ActionStatus.CANCELLED
    )
    for action_id, number in db.session.execute(cancelled):
        if (at := cancelled_at.get(action_id)) is not None:
            yield Ended(action_id, str(number), clock.day_of(at).year, clock.day_of(at))


def _meetings(federation_id: int, last: date) -> Iterator[Ended]:
    query = select(Meeting.id, Meeting.held_on).where(Meeting.federation_id == federation_id, Meeting.held_on <= last)
    for meeting_id, held_on in db.session.execute(query):
        yield Ended(meeting_id, held_on.isoformat(), held_on.year, held_on)


def _releases(federation_id: int, _last: date) -> Iterator[Ended]:
    query = select(ReleaseRequest.id, ReleaseRequest.number, ReleaseRequest.asked_on, ReleaseRequest.closed_at).where(
        ReleaseRequest.federation_id == federation_id, ReleaseRequest.closed_at.is_not(None)
    )
    for request_id, number, asked_on, closed_at in db.session.execute(query):
        if closed_at is not None:
            yield Ended(request_id, number, asked_on.year, clock.day_of(closed_at))


OVER_SINCE: Mapping[DocumentKind, Callable[[int, date], Iterator[Ended]]] = {
    DocumentKind.CASE: _cases,
    DocumentKind.FAULT: _faults,
    DocumentKind.ACTION: _actions,
    DocumentKind.MEETING: _meetings,
    DocumentKind.RELEASE: _releases,
}
"""What is over in a federation, at least all of it that was over by a day."""
