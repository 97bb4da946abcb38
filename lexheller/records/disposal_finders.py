"""The reasons to keep something beyond its time that cases, faults, actions, meetings and requests know themselves.

Those of figures and yearly reports come from floors above (`disposal_hindrances.register`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, or_, select

from lexheller.actions.models import Action, ActionCase, ActionFault, ActionStatus, FollowUp, FollowUpStatus
from lexheller.actions.states import LIVE
from lexheller.cases.dialogue import Handover
from lexheller.cases.models import Case, Report
from lexheller.cases.states import CaseStatus
from lexheller.core import tenancy
from lexheller.core.db import db
from lexheller.faults.models import Fault, FaultCase
from lexheller.faults.states import OVER
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.records import disposal_requests
from lexheller.records.disposal_hindrances import belongs_to, goes_on_in, register
from lexheller.records.disposal_rules import DocumentKind, Hindrance
from lexheller.records.release_models import ReleaseRequest

Pairs = list[tuple[int, int]]


def install(app: Flask) -> None:
    case, fault, action = DocumentKind.CASE, DocumentKind.FAULT, DocumentKind.ACTION
    meeting, release = DocumentKind.MEETING, DocumentKind.RELEASE
    register(app, Hindrance.FAULT, _with_living_fault)
    register(app, Hindrance.HANDED_HERE, _still_elsewhere)
    register(app, Hindrance.RELEASE, disposal_requests.cases_waited_for)
    register(app, Hindrance.RELEASE, disposal_requests.faults_waited_for, fault)
    register(app, Hindrance.RELEASE, disposal_requests.meetings_waited_for, meeting)
    register(app, Hindrance.ACTION, _cases_with_action_under_way)
    register(app, Hindrance.ACTION, _faults_with_action_under_way, fault)
    register(app, Hindrance.ACTION, _meetings_with_action_under_way, meeting)
    register(app, Hindrance.MEETING, _cases_on_an_agenda)
    register(app, Hindrance.MEETING, _faults_on_an_agenda, fault)
    register(app, Hindrance.FOLLOW_UP, _to_be_judged, action)
    register(app, Hindrance.UNSETTLED, _about_what_is_not_over, meeting)
    register(app, Hindrance.NEWEST, _newest_case)
    for kind, model in ((fault, Fault), (action, Action), (meeting, Meeting), (release, ReleaseRequest)):
        register(app, Hindrance.NEWEST, _newest_of(model), kind)
    goes_on_in(app, case, Hindrance.MERGED, _merged)
    goes_on_in(app, meeting, Hindrance.LINKED, _continued)
    belongs_to(app, fault, case, _cases_of_faults)
    belongs_to(app, action, case, _cases_of_actions)
    belongs_to(app, action, fault, _faults_of_actions)


def _ids(query: Any) -> set[int]:
    return set(db.session.scalars(query))


def _pairs(query: Any) -> Pairs:
    return [(one, other) for one, other in db.session.execute(query)]


def _with_living_fault(federation_id: int) -> set[int]:
    """Of a fault that is not over: whoever works on it reads its cases."""
    return _ids(
        select(FaultCase.case_id)
        .join(Fault, Fault.id == FaultCase.fault_id)
        .where(FaultCase.federation_id == federation_id, FaultCase.unlinked_at.is_(None), Fault.status.not_in(OVER))
    )


def _under_way(federation_id: int) -> Any:
    """Actions that are to be done, or whose effect is yet to be judged."""
    waits = Action.status.in_(LIVE) | (
        (Action.status == ActionStatus.DONE) & Action.id.in_(_judged_later(federation_id))
    )
    return select(Action.id).where(Action.federation_id == federation_id, waits)


def _judged_later(federation_id: int) -> Any:
    return select(FollowUp.action_id).where(
        FollowUp.federation_id == federation_id, FollowUp.status == FollowUpStatus.WAITING
    )


def _cases_with_action_under_way(federation_id: int) -> set[int]:
    own = select(ActionCase.case_id).where(ActionCase.federation_id == federation_id)
    return _ids(own.where(ActionCase.action_id.in_(_under_way(federation_id))))


def _faults_with_action_under_way(federation_id: int) -> set[int]:
    own = select(ActionFault.fault_id).where(ActionFault.federation_id == federation_id)
    return _ids(own.where(ActionFault.action_id.in_(_under_way(federation_id))))


def _meetings_with_action_under_way(federation_id: int) -> set[int]:
    """It was decided there, and whoever does it reads why."""
    own = select(AgendaItem.meeting_id).where(AgendaItem.federation_id == federation_id)
    return _ids(own.where(AgendaItem.action_id.in_(_under_way(federation_id))))


def _to_be_judged(federation_id: int) -> set[int]:
    return _ids(_judged_later(federation_id))


def _cases_on_an_agenda(federation_id: int) -> set[int]:
    return _on_an_agenda(federation_id, AgendaItem.case_id)


def _faults_on_an_agenda(federation_id: int) -> set[int]:
    return _on_an_agenda(federation_id, AgendaItem.fault_id)


def _on_an_agenda(federation_id: int, column: Any) -> set[int]:
    """Of a meeting that has not ended, and not been dealt with there."""
    return _ids(
        select(column)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.federation_id == federation_id, column.is_not(None))
        .where(AgendaItem.removed_at.is_(None), AgendaItem.outcome.is_(None), Meeting.ended_at.is_(None))
    )


def _about_what_is_not_over(federation_id: int) -> set[int]:
    """Meetings with an item about a case or a fault that is still worked on."""
    return _ids(
        select(AgendaItem.meeting_id)
        .outerjoin(Case, Case.id == AgendaItem.case_id)
        .outerjoin(Fault, Fault.id == AgendaItem.fault_id)
        .where(AgendaItem.federation_id == federation_id)
        .where(or_(Case.status != CaseStatus.CLOSED, Fault.status.not_in(OVER)))
    )


def _still_elsewhere(federation_id: int) -> set[int]:
    """It came from another federation, which still has its own half of the hand-over."""
    own = select(Case.id).where(Case.federation_id == federation_id)
    with tenancy.looking_up():
        return _ids(select(Handover.new_case_id).where(Handover.new_case_id.in_(own)))


def _newest_case(federation_id: int) -> set[int]:
    """The row with the highest number of all federations: a database may give a deleted one's number to the next, and
    the event log would tell two stories of it. It goes next time.
    """
    last_case, last_report = select(func.max(Case.id)).scalar_subquery(), select(func.max(Report.id)).scalar_subquery()
    newest = or_(Case.id == last_case, Case.report_id == last_report)
    with tenancy.looking_up():
        return _ids(select(Case.id).where(Case.federation_id == federation_id, newest))


def _newest_of(model: Any) -> Callable[[int], set[int]]:
    """Likewise."""

    def newest(federation_id: int) -> set[int]:
        last = select(func.max(model.id)).scalar_subquery()
        with tenancy.looking_up():
            return _ids(select(model.id).where(model.federation_id == federation_id, model.id == last))

    return newest


def _merged(federation_id: int) -> Pairs:
    query = select(Case.id, Case.merged_into_id).where(Case.federation_id == federation_id)
    return _pairs(query.where(Case.merged_into_id.is_not(None)))


def _continued(federation_id: int) -> Pairs:
    """Where an item was postponed, and where it goes on: without the latter it would wait anew."""
    before = AgendaItem.__table__.alias()
    query = (
        select(before.c.meeting_id, AgendaItem.meeting_id)
        .join(before, before.c.id == AgendaItem.continues_id)
        .where(AgendaItem.federation_id == federation_id, before.c.meeting_id != AgendaItem.meeting_id)
    )
    return _pairs(query)


def _cases_of_faults(federation_id: int) -> Pairs:
    query = select(FaultCase.fault_id, FaultCase.case_id).where(FaultCase.federation_id == federation_id)
    return _pairs(query.where(FaultCase.unlinked_at.is_(None)))


def _cases_of_actions(federation_id: int) -> Pairs:
    query = select(ActionCase.action_id, ActionCase.case_id).where(ActionCase.federation_id == federation_id)
    return _pairs(query)


def _faults_of_actions(federation_id: int) -> Pairs:
    query = select(ActionFault.action_id, ActionFault.fault_id).where(ActionFault.federation_id == federation_id)
    return _pairs(query)
