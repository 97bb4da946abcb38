"""From a filter to the cases that the viewer may see and that fit it: conditions only, in no order yet (P15).

Each condition fits an index or looks at one case at a time, so that a page of the queue reads a page's worth of rows.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, or_, select
from sqlalchemy.orm import aliased

from lexheller.accounts.rights import Actor
from lexheller.cases.dialogue import Feedback, FeedbackKind, Handover, Proposal, Worked
from lexheller.cases.held import holds_something
from lexheller.cases.models import Case, Duty
from lexheller.cases.permissions import sees_everything, sees_held
from lexheller.cases.queries import visible
from lexheller.cases.search import matching
from lexheller.cases.states import CaseStatus, DutyStatus
from lexheller.core import clock
from lexheller.core.clock import SWEDEN
from lexheller.desk.indexes import is_live, is_running, was_returned
from lexheller.desk.rules import UNKNOWN, Only, QueueFilter

LATEST_RETURNED = 500
"""Among so many of the duties that were sent back last, those of running cases are looked for."""
LATEST_CLOSED = 1000
"""Among so many of the closed cases that came in last, those are looked for that did not get better."""
NOT_BETTER_DAYS = 30
"""How long it stays in the list that a reporter said so."""


def narrowed(actor: Actor, federation_id: int, wanted: QueueFilter) -> Select[Case]:
    """The cases of the federation that the actor sees and that have all that is wanted."""
    query = visible(actor, federation_id)
    if wanted.status is not None:
        query = query.where(Case.status == wanted.status)
    for column, value in (
        (Case.concerned_organisation_id, wanted.organisation_id),
        (Case.reporting_organisation_id, wanted.reporting_id),
        (Case.municipality_id, wanted.municipality_id),
        (Case.theme_id, wanted.theme_id),
    ):
        if value is not None:
            query = query.where(column.is_(None) if value == UNKNOWN else column == value)
    if wanted.unit_id is not None:
        had = aliased(Duty)
        query = query.where(
            Case.id.in_(select(had.case_id).where(had.federation_id == federation_id, had.unit_id == wanted.unit_id))
        )
    if wanted.received_from is not None:
        query = query.where(Case.received_at >= _midnight(wanted.received_from))
    if wanted.received_to is not None and wanted.received_to < date.max:
        query = query.where(Case.received_at < _midnight(wanted.received_to + timedelta(days=1)))
    if wanted.only is not None:
        query = query.where(_shows(wanted.only, actor, federation_id))
    return matching(query, federation_id, wanted.words) if wanted.words else query


def own_duties(duty: Any, actor: Actor, federation_id: int) -> ColumnElement[bool]:
    """Duties of the federation that the viewer is shown in a list: the office all, a manager the own units'."""
    found: ColumnElement[bool] = duty.federation_id == federation_id
    return found if sees_everything(actor, federation_id) else found & duty.unit_id.in_(actor.unit_ids)


def is_late(duty: Any) -> ColumnElement[bool]:
    """`rules.is_overdue` of today, for live duties."""
    late: ColumnElement[bool] = (duty.due_on < clock.today()) & or_(
        duty.paused_on.is_(None), duty.paused_on > duty.due_on
    )
    return late


def _shows(only: Only, actor: Actor, federation_id: int) -> ColumnElement[bool]:
    duty = aliased(Duty)
    its_duties = select(duty.case_id).where(own_duties(duty, actor, federation_id))
    match only:
        case Only.RUNNING:
            return is_running()
        case Only.MINE:
            return Case.id.in_(its_duties.where(is_live(duty), duty.unit_id.in_(actor.unit_ids)))
        case Only.OVERDUE:
            return Case.id.in_(its_duties.where(is_live(duty), is_late(duty)))
        case Only.PAUSED:
            return Case.id.in_(its_duties.where(duty.paused_on.is_not(None)))
    if not sees_everything(actor, federation_id):
        return false()
    match only:
        case Only.HELD:
            return holds_something(federation_id) if sees_held(actor, federation_id) else false()
        case Only.NOT_SOLVED:
            return _not_solved(duty)
        case Only.NOT_BETTER:
            return _not_better(federation_id)
        case Only.RETURNED:
            latest = select(duty.case_id).where(duty.federation_id == federation_id, was_returned(duty))
            this_round = aliased(Duty)
            return (
                Case.id.in_(latest.order_by(duty.ended_at.desc()).limit(LATEST_RETURNED))
                & Case.status.not_in((CaseStatus.ANSWERED, CaseStatus.CLOSED))
                & exists().where(
                    this_round.case_id == Case.id,
                    this_round.round == Case.round,
                    this_round.status == DutyStatus.RETURNED,
                )
            )
        case Only.PROPOSALS:
            waiting = select(Proposal.case_id).where(
                Proposal.federation_id == federation_id, Proposal.settled_at.is_(None)
            )
            return Case.id.in_(waiting)
        case Only.OFFERED:
            return Case.id.in_(
                select(Handover.case_id).where(Handover.federation_id == federation_id, Handover.decision.is_(None))
            )
        case _:
            return Case.in_doubt.is_(True)


def _not_solved(duty: Any) -> ColumnElement[bool]:
    asked_since = exists().where(duty.case_id == Feedback.case_id, duty.opened_at > Feedback.given_at)
    said = exists().where(Feedback.case_id == Case.id, Feedback.kind == FeedbackKind.NOT_SOLVED, ~asked_since)
    return (Case.status == CaseStatus.UNROUTED) & said


def _not_better(federation_id: int) -> ColumnElement[bool]:
    """What waits to be looked at is found as HELD."""
    closed = aliased(Case)
    latest = (
        select(closed.id)
        .where(closed.federation_id == federation_id, closed.status == CaseStatus.CLOSED)
        .order_by(closed.received_at.desc(), closed.id.desc())
        .limit(LATEST_CLOSED)
    )
    return Case.id.in_(latest) & exists().where(
        Feedback.case_id == Case.id,
        Feedback.kind == FeedbackKind.FOLLOW_UP,
        Feedback.worked != Worked.YES,
        Feedback.held_at.is_(None),
        Feedback.given_at > clock.now() - timedelta(days=NOT_BETTER_DAYS),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SWEDEN)
