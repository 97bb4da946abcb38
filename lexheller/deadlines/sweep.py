"""Firing what is due, driven by rows: a tick that is missed, doubled or late changes nothing but the hour (P8, P9).

Each federation is a transaction of its own: one that fails does not stop the others (P33).
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import SYSTEM, Actor, Right
from lexheller.audit.queries import history
from lexheller.audit.service import record
from lexheller.cases import door
from lexheller.cases.models import Duty
from lexheller.cases.states import LIVE
from lexheller.core import clock, jobs, tenancy
from lexheller.core.db import db, reading
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import all_or_nothing, nothing_kept, transaction
from lexheller.deadlines.digests import Notice, tell
from lexheller.deadlines.ladder import Person, Rung, ground, next_rung
from lexheller.deadlines.models import DueStep
from lexheller.deadlines.queries import frame_of, pauses_of
from lexheller.deadlines.recipients import ladder_of
from lexheller.deadlines.schedule import ESCALATIONS, DueStepKind, is_quiet
from lexheller.deadlines.service import adopt, note_lateness
from lexheller.organisations.queries import federations
from lexheller.organisations.service import TELL_RESPONSIBLE_JOB

log = structlog.get_logger(__name__)

BATCH = 500
REMINDED, OVERDUE, ESCALATED = "duty.reminded", "duty.overdue", "duty.escalated"
BY_HAND = "by_hand"


def fire_all() -> int:
    """Fire what is due in every federation; how many steps. One that fails is logged, and tried again next time."""
    fired = 0
    for federation_id in _federations_with_work():
        try:
            with tenancy.within(federation_id), transaction():
                fired += fire_due(federation_id)
        except Exception:
            log.exception("deadlines_not_fired", federation_id=federation_id)
    return fired


def fire_due(federation_id: int) -> int:
    """Fire the federation's due steps, unless it is quiet there now; how many. One digest per recipient tells them.

    A step that fails is logged and tried again next time, and stops no other (P33).
    """
    frame, now = frame_of(federation_id), clock.now()
    quiet = is_quiet(now, frame.calendar, frame.settings)
    _hold_cases(federation_id, None if quiet else now)
    _adopt_those_without_steps(federation_id)
    if quiet:
        return 0
    notices: list[Notice] = []
    fired = 0
    for step_id in [step.id for step in _due(federation_id, now)]:
        found = _fired(step_id, now)
        if found is not None:
            notices += found
            fired += 1
    tell(federation_id, notices)
    return fired


def _fired(step_id: int, now: datetime) -> list[Notice] | None:
    """Whom the step reaches; None when somebody else fired it, or it could not be fired."""
    try:
        with all_or_nothing():
            step = db.session.get_one(DueStep, step_id)
            return _fire(step) if _claimed(step, now) else None
    except SQLAlchemyError:  # the database itself: the whole federation is tried again
        raise
    except Exception:
        log.exception("due_step_not_fired", due_step_id=step_id)
        return None


def remind_now(actor: Actor, duty: Duty) -> None:
    """The office asks whoever answers for the unit to look at the duty: at most once a day, and not at night.

    Raises as `reminders_now`.
    """
    tell(duty.federation_id, reminders_now(actor, duty))


def reminders_now(actor: Actor, duty: Duty) -> list[Notice]:
    """The same without telling anybody yet: whoever reminds of many duties tells each recipient once.

    Raises NotAllowedToSee for others than the office, InvalidInput (`remind`): `not_open`, `paused`, `already_today`,
    `nobody_responsible`.
    """
    if not actor.may(Right.HANDLE_CASES, duty.federation_id):
        raise NotAllowedToSee(f"duty {duty.id}")
    door.hold_ids([duty.case_id])
    db.session.refresh(duty)
    why_not = _why_not_remind(duty)
    if why_not is not None:
        raise InvalidInput("remind", why_not)
    people = _present(duty)
    data = {"case_id": duty.case_id, "step": BY_HAND, "rung": Rung.MANAGER.code}
    _record(actor, REMINDED, duty, data)
    return [Notice(person, Rung.MANAGER, duty, None) for person in people]


def _why_not_remind(duty: Duty) -> str | None:
    if duty.status not in LIVE:
        return "not_open"
    if duty.paused_on is not None:
        return "paused"
    by_hand = (
        event
        for event in history(duty.federation_id, "duty", duty.id)
        if event.kind == REMINDED and event.data.get("step") == BY_HAND
    )
    if any(clock.day_of(event.at) == clock.today() for event in by_hand):
        return "already_today"
    return None if _present(duty) else "nobody_responsible"


def _present(duty: Duty) -> list[Person]:
    found = ground(ladder_of(duty, clock.today()))
    return found[1] if found is not None and found[0] is Rung.MANAGER else []


def _federations_with_work() -> list[int]:
    """Looked up without a write lock: most ticks find nothing."""
    with tenancy.everybody(), reading(), nothing_kept():
        now = clock.now()
        ready = select(DueStep.federation_id).where(_waits(), DueStep.due_at <= now)
        unclocked = select(Duty.federation_id).where(Duty.status.in_(LIVE), ~_has_steps())
        wanted = set(db.session.scalars(ready.union(unclocked)))
        return [federation.id for federation in federations() if federation.id in wanted]


def _hold_cases(federation_id: int, due_by: datetime | None) -> None:
    """The cases first, as everybody who takes a step: whoever answers right now is waited for, and then not reminded.

    Without `due_by`, only those whose clock an older version started.
    """
    live = select(Duty.case_id).where(Duty.federation_id == federation_id, Duty.status.in_(LIVE))
    wanted = set(db.session.scalars(live.where(~_has_steps())))
    if due_by is not None:
        ready = select(DueStep.duty_id).where(
            DueStep.federation_id == federation_id, _waits(), DueStep.due_at <= due_by
        )
        wanted |= set(db.session.scalars(live.where(Duty.id.in_(ready))))
    if wanted:
        door.hold_ids(wanted)


def _adopt_those_without_steps(federation_id: int) -> None:
    """Duties that an older version opened get their steps on the first tick, and their managers links of their own."""
    query = select(Duty).where(Duty.federation_id == federation_id, Duty.status.in_(LIVE), ~_has_steps())
    for duty in db.session.scalars(query.order_by(Duty.id)).all():
        adopt(duty)
        jobs.ask_for(
            TELL_RESPONSIBLE_JOB, federation_id=federation_id, subject_id=duty.unit_id, key=f"adopted:{duty.unit_id}"
        )


def _due(federation_id: int, now: datetime) -> list[DueStep]:
    """In the order of their moments. Nothing for duties that are done, or while the reporter is asked (P9)."""
    query = (
        select(DueStep)
        .join(Duty, Duty.id == DueStep.duty_id)
        .where(DueStep.federation_id == federation_id, _waits(), DueStep.due_at <= now)
        .where(Duty.status.in_(LIVE), Duty.paused_on.is_(None))
        .options(joinedload(DueStep.duty))
        .order_by(DueStep.due_at, DueStep.duty_id, DueStep.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def _claimed(step: DueStep, now: datetime) -> bool:
    """Compare-and-set: of two sweeps at once, one fires."""
    result = db.session.execute(
        update(DueStep)
        .where(DueStep.id == step.id, _waits(), DueStep.due_at <= now)
        .values(fired_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(step)
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _fire(step: DueStep) -> list[Notice]:
    """Note what happened to the duty, and whom it reaches."""
    duty, kind = step.duty, DueStepKind(step.step)
    found = _whom(duty, kind)
    if found is not None:
        step.rung = found[0].code
    if kind is DueStepKind.OVERDUE:
        note_lateness(duty, pauses_of(duty))
    name = ESCALATED if kind in ESCALATIONS else OVERDUE if kind is DueStepKind.OVERDUE else REMINDED
    data = {"case_id": duty.case_id, "step": step.step, "clock_round": step.clock_round, "rung": step.rung}
    _record(SYSTEM, name, duty, data)
    if found is None:
        return []
    rung, people = found
    return [Notice(person, rung, duty, step) for person in people]


def _whom(duty: Duty, kind: DueStepKind) -> tuple[Rung, list[Person]] | None:
    ladder = ladder_of(duty, clock.today())
    return next_rung(ladder, _highest_reached(duty)) if kind in ESCALATIONS else ground(ladder)


def _highest_reached(duty: Duty) -> Rung:
    """How far up the duty has been lifted, in all its clock rounds (P10)."""
    reached = select(DueStep.rung).where(
        DueStep.duty_id == duty.id, DueStep.step.in_(ESCALATIONS), DueStep.rung.is_not(None)
    )
    return max([Rung.MANAGER, *(Rung[code.upper()] for code in db.session.scalars(reached) if code)])


def _record(actor: Actor, kind: str, duty: Duty, data: dict[str, object]) -> None:
    record(
        actor,
        kind,
        federation_id=duty.federation_id,
        subject_type="duty",
        subject_id=duty.id,
        data=data,
    )


def _waits() -> ColumnElement[bool]:
    return DueStep.fired_at.is_(None) & DueStep.cancelled_at.is_(None)


def _has_steps() -> ColumnElement[bool]:
    return exists().where(DueStep.duty_id == Duty.id)
