"""What happens to faults and actions in the stories of the recount: one act of many, by a number.

Each through its verb. An act that the action's or fault's status does not allow is left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from datetime import UTC

from sqlalchemy import func, select

from lexheller.actions import effect, linking
from lexheller.actions import service as actions
from lexheller.actions.models import Action, FollowUp, FollowUpStatus
from lexheller.actions.queries import types
from lexheller.actions.service import Details as What
from lexheller.actions.service import Done
from lexheller.actions.states import Judgement
from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.casework import telling
from lexheller.casework.listeners import listeners
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, StepRefused
from lexheller.core.transaction import tried_out
from lexheller.faults import service as faults
from lexheller.faults.models import Fault, FaultCase
from lexheller.faults.service import Details
from lexheller.faults.states import FaultStatus
from tests.cast.people import Actor, Cast


def latest(subjects: Collection[str] = ("fault", "action")) -> datetime.datetime:
    """When something happened last to a fault or an action: what is done to them goes on from there."""
    query = select(func.max(Event.at)).where(Event.subject_type.in_(subjects))
    return db.session.scalar(query) or datetime.datetime.min.replace(tzinfo=UTC)


def show_fault(cast: Cast, case: Case, act: int) -> None:
    """The case shows a fault, new or known, and something happens to a fault."""
    office = cast.coordinator
    known = of_federation(Fault, case)
    if not known or act % 4 == 0:
        fault = faults.suspect(office, case.federation_id, Details(f"Fel {act}"), case, "Samma sak.")
    else:
        fault = known[act % len(known)]
        faults.link_case(office, fault, case, "Samma sak.")
    acts = (
        lambda: faults.confirm(office, fault, seen=fault.version),
        lambda: faults.close(office, fault, "Lagat.", seen=fault.version),
        lambda: faults.unlink_case(office, links(fault)[0], "Något annat."),
        lambda: faults.reopen(office, fault, seen=fault.version),
    )
    if_allowed(acts[act // 2 % len(acts)])


def tell_of_decision(cast: Cast, case: Case, act: int) -> None:
    """The case shows a fault, and its reporter and others hear what was decided about that; some cases are closed."""
    show_fault(cast, case, act)
    fault = of_federation(Fault, case)[-1]
    if fault.status == FaultStatus.SUSPECTED:
        faults.confirm(cast.coordinator, fault, seen=fault.version)
    with clock.at(max(clock.now(), latest(subjects=("case", "case_aside", "fault", "action")))):
        picked = [
            telling.Telling(row.case.id, "Nu finns ett gemensamt möte.", close=act % 2 == 0, seen=row.case.version)
            for row in listeners(cast.coordinator, fault)
            if row.can_be_told
        ]
        if_allowed(lambda: telling.tell(cast.coordinator, fault, picked, seen=fault.version))


def mend(cast: Cast, case: Case, act: int) -> None:
    """Something happens to an action that there is, and another is recorded as done a while ago."""
    office, federation = cast.coordinator, cast.federation()
    known, kinds, today = of_federation(Action, case), types(federation.id), clock.today()
    if act % 3 == 0 or not known:
        done = Done(today - datetime.timedelta(days=act)) if act % 2 else None
        actions.record_new(office, federation, What("Möte", type=kinds[act % len(kinds)]), cases=[case], done=done)
        return
    action = known[act % len(known)]
    judgement = list(Judgement)[act % 3]
    acts = (
        lambda: linking.link_case(office, action, case, seen=action.version),
        lambda: linking.unlink_case(office, action, case.id - 1, seen=action.version),
        lambda: actions.finish(office, action, Done(today - datetime.timedelta(days=act * 9)), seen=action.version),
        lambda: actions.reopen(office, action, "Inte gjort.", due_on=None, seen=action.version),
        lambda: [effect.judge(office, action, due, judgement, "Så.", seen=action.version) for due in waiting(action)],
        lambda: actions.cancel(office, action, "Behövs inte.", seen=action.version),
        lambda: actions.change(office, action, What("Annat", type=kinds[0]), seen=action.version),
        lambda: actions.start(office, action, seen=action.version),
        lambda: not_done_after_all(office, action, today - datetime.timedelta(days=act * 9)),
    )
    if_allowed(acts[act % len(acts)])


def not_done_after_all(office: Actor, action: Action, done_on: datetime.date) -> None:
    """Dated back, often to the year before, and taken back two days later; then done a month later."""
    actions.finish(office, action, Done(done_on), seen=action.version)
    with clock.at(clock.now() + datetime.timedelta(days=2)):
        actions.reopen(office, action, "Inte gjort.", due_on=None, seen=action.version)
    with clock.at(clock.now() + datetime.timedelta(days=30)):
        actions.finish(office, action, Done(clock.today()), seen=action.version)


def if_allowed(act) -> None:
    try:
        with tried_out():
            act()
    except (StepRefused, InvalidInput, IndexError):
        return
    act()


def links(fault: Fault) -> list[FaultCase]:
    query = select(FaultCase).where(FaultCase.fault_id == fault.id, FaultCase.unlinked_at.is_(None))
    return list(db.session.scalars(query.order_by(FaultCase.id)))


def waiting(action: Action) -> list[FollowUp]:
    query = select(FollowUp).where(FollowUp.action_id == action.id, FollowUp.status == FollowUpStatus.WAITING)
    return list(db.session.scalars(query.order_by(FollowUp.id)))


def of_federation(model, case: Case) -> list:
    return list(db.session.scalars(select(model).where(model.federation_id == case.federation_id).order_by(model.id)))
