"""The one door for a case's status and its duties' (P12–P14): table, permission, compare-and-set, one event.

Nothing else moves them. A step on a duty is taken on the version of the duty that the actor saw, one on the case on the
case's: so two parties can answer at the same time, and two people never change the same thing unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from sqlalchemy import select, update

from lexheller.accounts.rights import Actor
from lexheller.audit.models import Event
from lexheller.audit.service import record
from lexheller.cases.facts import DUTY, FACTS, answer_of, facts_of
from lexheller.cases.models import Case, Duty
from lexheller.cases.permissions import may_take
from lexheller.cases.states import LIVE, TRANSITIONS, WHILE_HELD, CaseStatus, DutyStatus, Step, Transition, derived
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, StepRefused

log = structlog.get_logger(__name__)

CASE, ASIDE = "case", "case_aside"


def take(
    actor: Actor,
    step: Step,
    case: Case,
    *,
    seen: int,
    duty: Duty | None = None,
    opened: Iterable[Duty] = (),
    changes: Mapping[str, Any] | None = None,
    duty_changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    offered_to: int | None = None,
) -> Event:
    """Take a step on what the actor saw: `seen` is the duty's version for a step on a duty, else the case's.

    `opened` are new duties, stored with the step. `changes` are further columns of the case, `duty_changes` of the
    duty; `data` goes into the event (ids and codes, no free text). What is left live when a case closes or begins a
    new round is withdrawn. Raises Conflict when it has moved on, StepRefused when table or rights say no, which is
    logged.
    """
    transition = TRANSITIONS[step]
    _look_again(case, duty)
    held = duty.version if transition.duty_from and duty is not None else case.version
    if not transition.aside and held != seen:
        raise Conflict(f"case {case.id}: version {seen} seen, {held} now")
    _check(actor, step, case, duty, offered_to)
    if transition.aside:
        _change(duty, duty_changes)
        return _recorded(actor, transition, case, duty, data, ASIDE)
    _move_duty(transition, duty, duty_changes)
    round_after = (changes or {}).get("round", case.round)
    if round_after != case.round or transition.to == {CaseStatus.CLOSED}:
        _withdraw_live(case)
    db.session.add_all(opened)
    db.session.flush()
    after = _status_after(transition, case, round_after)
    _move_case(case, after, {**_days(case, after), **(changes or {})})
    return _recorded(actor, transition, case, duty, data, CASE)


def begin(actor: Actor, case: Case, event: str, data: Mapping[str, Any] | None = None) -> Event:
    """The first event of a new case."""
    db.session.add(case)
    db.session.flush()
    return record(
        actor,
        event,
        federation_id=case.federation_id,
        subject_type=CASE,
        subject_id=case.id,
        data={"status": str(case.status), "version": case.version, FACTS: facts_of(case), **(data or {})},
    )


def hold(*cases: Case) -> None:
    """Keep others from the cases until the transaction ends, and read them anew; in the order of their ids.

    The case's row is the first lock of whatever changes something that belongs to it, before that is touched itself.
    Rows that point at the case are not held up: two who have written some never wait for each other's lock.
    """
    query = select(Case).where(Case.id.in_({case.id for case in cases})).order_by(Case.id)
    db.session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)).all()


def hold_ids(case_ids: Iterable[int]) -> None:
    """The same for many, without reading them."""
    query = select(Case.id).where(Case.id.in_(set(case_ids))).order_by(Case.id)
    db.session.scalars(query.with_for_update(key_share=True)).all()


def _look_again(case: Case, duty: Duty | None) -> None:
    """Whoever comes second sees what the first has done."""
    hold(case)
    if duty is not None:
        db.session.refresh(duty)


def _check(actor: Actor, step: Step, case: Case, duty: Duty | None, offered_to: int | None) -> None:
    transition = TRANSITIONS[step]
    if CaseStatus(case.status) not in transition.from_statuses:
        raise _refused(actor, step, case, "not from this status")
    if case.held_at is not None and step not in WHILE_HELD:
        raise _refused(actor, step, case, "not before it has been looked at")
    if transition.duty_from and (
        duty is None or duty.case_id != case.id or DutyStatus(duty.status) not in transition.duty_from
    ):
        raise _refused(actor, step, case, "not on this duty")
    if not may_take(actor, step, case, duty, offered_to=offered_to):
        raise _refused(actor, step, case, "not by this actor")


def _move_duty(transition: Transition, duty: Duty | None, duty_changes: Mapping[str, Any] | None) -> None:
    if duty is None or not transition.duty_from:
        return
    duty.version += 1
    _change(duty, duty_changes)
    if transition.duty_to is not None:
        duty.status = transition.duty_to
        if transition.duty_to not in LIVE:
            duty.ended_at = clock.now()


def _change(duty: Duty | None, duty_changes: Mapping[str, Any] | None) -> None:
    for name, value in (duty_changes or {}).items():
        setattr(duty, name, value)
    db.session.flush()


def _withdraw_live(case: Case) -> None:
    """A closed case, and a round that is over, leave nobody with a task."""
    for duty in db.session.scalars(select(Duty).where(Duty.case_id == case.id, Duty.status.in_(LIVE))):
        duty.status, duty.ended_at, duty.version = DutyStatus.WITHDRAWN, clock.now(), duty.version + 1
    db.session.flush()


def _status_after(transition: Transition, case: Case, round_after: int) -> CaseStatus:
    if not transition.to:
        return CaseStatus(case.status)
    if len(transition.to) == 1 and not transition.duty_from:
        return next(iter(transition.to))
    statuses = db.session.scalars(select(Duty.status).where(Duty.case_id == case.id, Duty.round == round_after))
    after = derived(DutyStatus(status) for status in statuses)
    if after not in transition.to:
        raise LookupError(f"case {case.id}: its duties say {after}, which the table does not know here")
    return after


def _days(case: Case, after: CaseStatus) -> dict[str, Any]:
    """A case is answered on the day it becomes so."""
    becomes = after is CaseStatus.ANSWERED and case.status != CaseStatus.ANSWERED
    return {"answered_on": clock.today()} if becomes else {}


def _move_case(case: Case, after: CaseStatus, changes: Mapping[str, Any]) -> None:
    result = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.status == case.status, Case.version == case.version)
        .values(status=after, version=case.version + 1, **changes)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(f"case {case.id} was changed by somebody else")
    db.session.refresh(case)


def _recorded(
    actor: Actor,
    transition: Transition,
    case: Case,
    duty: Duty | None,
    data: Mapping[str, Any] | None,
    subject_type: str,
) -> Event:
    known: dict[str, Any] = {"status": str(case.status), "version": case.version, FACTS: facts_of(case)}
    if duty is not None:
        known["duty_id"] = duty.id
        if transition.duty_to is DutyStatus.ANSWERED:
            known[DUTY] = answer_of(duty)
    if actor.link_id is not None:
        known["link_id"] = actor.link_id
    return record(
        actor,
        transition.event,
        federation_id=case.federation_id,
        subject_type=subject_type,
        subject_id=case.id,
        data={**known, **(data or {})},
    )


def _refused(actor: Actor, step: Step, case: Case, why: str) -> StepRefused:
    log.warning(
        "step_refused",
        step=str(step),
        status=case.status,
        case_id=case.id,
        federation_id=case.federation_id,
        actor_kind=str(actor.kind),
        actor_user_id=actor.user_id,
        why=why,
    )
    return StepRefused(str(step), case.status, why)
