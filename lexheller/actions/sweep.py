"""Firing an action's due steps, driven by rows: a tick that is missed, doubled or late changes nothing but the hour.

As `deadlines.sweep`: each federation is a transaction of its own (P33), nothing fires at night or on a day off (P9),
each step once (P8). A step that fires is one event, and one message for each who is told.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import SYSTEM
from lexheller.actions import door
from lexheller.actions.clocks import ESCALATE, FOLLOW_UP, OVERDUE, start_clock
from lexheller.actions.messages import tell
from lexheller.actions.models import Action, ActionDueStep, FollowUp, FollowUpStatus
from lexheller.actions.recipients import Told, first_told, owner_and_office, told_above
from lexheller.actions.states import LIVE
from lexheller.audit.service import record
from lexheller.core import clock, tenancy
from lexheller.core.db import db, reading
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.deadlines.ladder import Rung
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.schedule import is_quiet
from lexheller.organisations.queries import federations

log = structlog.get_logger(__name__)

BATCH = 500
REMINDED, LATE, ESCALATED, EFFECT_DUE = "action.reminded", "action.overdue", "action.escalated", "action.effect_due"


def fire_action_steps() -> int:
    """Fire what is due in every federation; how many steps. One that fails is logged, and tried again next time."""
    fired = 0
    for federation_id in _federations_with_work():
        try:
            with tenancy.within(federation_id), transaction():
                fired += fire_due_actions(federation_id)
        except Exception:
            log.exception("action_steps_not_fired", federation_id=federation_id)
    return fired


def fire_due_actions(federation_id: int) -> int:
    """Fire the federation's due steps, unless it is quiet there now; how many."""
    frame, now = frame_of(federation_id), clock.now()
    _adopt_those_without_clock(federation_id)
    if is_quiet(now, frame.calendar, frame.settings):
        return 0
    ready = select(ActionDueStep.action_id).where(
        ActionDueStep.federation_id == federation_id, _waits(), ActionDueStep.due_at <= now
    )
    door.hold_ids(db.session.scalars(ready))
    fired = 0
    for step in _due(federation_id, now):
        if _claimed(step, now):
            _fire(step)
            fired += 1
    return fired


def _federations_with_work() -> list[int]:
    """Looked up without a write lock: most ticks find nothing."""
    with tenancy.everybody(), reading(), nothing_kept():
        ready = select(ActionDueStep.federation_id).where(_waits(), ActionDueStep.due_at <= clock.now())
        wanted = set(db.session.scalars(ready.union(select(Action.federation_id).where(_unclocked()))))
        return [federation.id for federation in federations() if federation.id in wanted]


def _adopt_those_without_clock(federation_id: int) -> None:
    """What was planned before there were clocks gets the steps that are still to come."""
    query = select(Action).where(Action.federation_id == federation_id, _unclocked()).order_by(Action.id)
    for action in db.session.scalars(query.with_for_update(key_share=True)).all():
        action.step_round = 1
        start_clock(action, only_to_come=True)


def _due(federation_id: int, now: datetime) -> list[ActionDueStep]:
    """In the order of their moments; nothing for what is done, cancelled, judged or called off (P9)."""
    query = (
        select(ActionDueStep)
        .join(Action, Action.id == ActionDueStep.action_id)
        .outerjoin(FollowUp, FollowUp.id == ActionDueStep.follow_up_id)
        .where(
            ActionDueStep.federation_id == federation_id,
            _waits(),
            ActionDueStep.due_at <= now,
            or_(
                and_(ActionDueStep.follow_up_id.is_(None), Action.status.in_(LIVE)),
                FollowUp.status == FollowUpStatus.WAITING,
            ),
        )
        .options(joinedload(ActionDueStep.action), joinedload(ActionDueStep.follow_up))
        .order_by(ActionDueStep.due_at, ActionDueStep.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def _claimed(step: ActionDueStep, now: datetime) -> bool:
    """Compare-and-set: of two sweeps at once, one fires."""
    result = db.session.execute(
        update(ActionDueStep)
        .where(ActionDueStep.id == step.id, _waits(), ActionDueStep.due_at <= now)
        .values(fired_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(step)
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _fire(step: ActionDueStep) -> None:
    found = _whom(step)
    if found is not None:
        step.rung = found[0].code
    record(
        SYSTEM,
        _event(step),
        federation_id=step.federation_id,
        subject_type=door.ACTION,
        subject_id=step.action_id,
        data={"step": step.kind, "round": step.round, "rung": step.rung, "follow_up_id": step.follow_up_id},
    )
    tell(step, found[1] if found is not None else [])


def _event(step: ActionDueStep) -> str:
    if step.kind in ESCALATE:
        return ESCALATED
    if step.follow_up_id is not None:
        return EFFECT_DUE
    return LATE if step.kind == OVERDUE else REMINDED


def _whom(step: ActionDueStep) -> Told | None:
    today = clock.today()
    if step.kind in ESCALATE:
        return told_above(step.action, _highest_reached(step), today)
    if step.kind == FOLLOW_UP or step.follow_up_id is not None:
        return owner_and_office(step.action, today)
    return first_told(step.action, today)


def _highest_reached(step: ActionDueStep) -> Rung:
    """How far up the matter has been told, in this round (P10)."""
    same = (
        ActionDueStep.follow_up_id.is_(None)
        if step.follow_up_id is None
        else ActionDueStep.follow_up_id == step.follow_up_id
    )
    reached = select(ActionDueStep.rung).where(
        ActionDueStep.action_id == step.action_id,
        same,
        ActionDueStep.round == step.round,
        ActionDueStep.rung.is_not(None),
    )
    return max([Rung.MANAGER, *(Rung[code.upper()] for code in db.session.scalars(reached) if code)])


def _waits() -> ColumnElement[bool]:
    return ActionDueStep.fired_at.is_(None) & ActionDueStep.cancelled_at.is_(None)


def _unclocked() -> ColumnElement[bool]:
    return and_(Action.step_round == 0, Action.status.in_(LIVE), Action.due_on.is_not(None))
