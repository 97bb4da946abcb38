"""The one door for a case's status (P12–P14): table, permission, compare-and-set, one event. Nothing else moves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import update

from lexheller.accounts.rights import Actor
from lexheller.audit.models import Event
from lexheller.audit.service import record
from lexheller.cases.models import Case
from lexheller.cases.permissions import may_take
from lexheller.cases.queries import open_duty
from lexheller.cases.states import TRANSITIONS, CaseStatus, Step
from lexheller.core.db import db
from lexheller.core.errors import Conflict, StepRefused

log = structlog.get_logger(__name__)


def take(
    actor: Actor,
    step: Step,
    case: Case,
    *,
    seen: int,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Take a step on the version of the case that the actor saw.

    `changes` are further columns of the case; `data` goes into the event (ids and codes, no free text).
    Raises Conflict when the case has moved on, StepRefused when table or rights say no. A refusal is logged.
    """
    transition = TRANSITIONS[step]
    if case.version != seen:
        raise Conflict(f"case {case.id}: version {seen} seen, {case.version} now")
    status = CaseStatus(case.status)
    if status not in transition.from_statuses:
        raise _refused(actor, step, case, "not from this status")
    if not may_take(actor, step, case, open_duty(case.id)):
        raise _refused(actor, step, case, "not by this actor")
    after = transition.to or status
    result = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.status == status, Case.version == seen)
        .values(status=after, version=seen + 1, **(changes or {}))
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(f"case {case.id} was changed by somebody else")
    db.session.refresh(case)
    return record(
        actor,
        transition.event,
        federation_id=case.federation_id,
        subject_type="case",
        subject_id=case.id,
        data={"status": str(after), "version": case.version, **(data or {})},
    )


def begin(actor: Actor, case: Case, event: str, data: Mapping[str, Any] | None = None) -> Event:
    """The first event of a new case."""
    db.session.add(case)
    db.session.flush()
    return record(
        actor,
        event,
        federation_id=case.federation_id,
        subject_type="case",
        subject_id=case.id,
        data={"status": str(case.status), "version": case.version, **(data or {})},
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
