"""The one door for a fault's status (P12–P14): table, permission, compare-and-set, one event. Nothing else moves it.

The fault's row is held before anything that belongs to it is touched, and after the rows of cases; rows that point at
it are not held up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from lexheller.accounts.rights import Actor
from lexheller.audit.models import Event
from lexheller.audit.steps import recorded, refused
from lexheller.cases.facts import FACTS
from lexheller.core.db import db
from lexheller.core.errors import Conflict, NotAllowedToSee
from lexheller.faults.facts import facts_of
from lexheller.faults.models import Fault
from lexheller.faults.permissions import is_along_table, may_handle, may_take
from lexheller.faults.states import BEGINNING, FAULT_TRANSITIONS, FaultStep

FAULT = "fault"


def begin(actor: Actor, fault: Fault, data: Mapping[str, Any] | None = None) -> Event:
    """The first event of a new fault. Raises NotAllowedToSee for somebody who handles no cases there."""
    if not may_handle(actor, fault.federation_id):
        raise NotAllowedToSee(f"faults of federation {fault.federation_id}")
    db.session.add(fault)
    db.session.flush()
    return recorded(actor, BEGINNING, FAULT, fault, {**(data or {}), "number": fault.number, FACTS: facts_of(fault)})


def take(
    actor: Actor,
    step: FaultStep,
    fault: Fault,
    *,
    seen: int | None,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Take a step on the version that the actor saw; `seen` None: on the fault as it is, for steps that only add.

    `changes` are further columns of the fault, `data` goes into the event (ids and codes, no free text). Raises
    Conflict when it has moved on, StepRefused when table or rights say no, which is logged.
    """
    demand(actor, step, fault, seen=seen)
    transition = FAULT_TRANSITIONS[step]
    result = db.session.execute(
        update(Fault)
        .where(Fault.id == fault.id, Fault.status == fault.status, Fault.version == fault.version)
        .values(status=transition.to or fault.status, version=fault.version + 1, **(changes or {}))
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(f"fault {fault.id} was changed by somebody else")
    db.session.refresh(fault)
    return recorded(actor, transition.event, FAULT, fault, data)


def demand(actor: Actor, step: FaultStep, fault: Fault, *, seen: int | None) -> None:
    """Hold the fault and look whether the step could be taken now. Raises as `take`."""
    hold(fault)
    if seen is not None and fault.version != seen:
        raise Conflict(f"fault {fault.id}: version {seen} seen, {fault.version} now")
    if not is_along_table(step, fault):
        raise refused(actor, step, FAULT, fault, "not from this status")
    if not may_take(actor, step, fault):
        raise refused(actor, step, FAULT, fault, "not by this actor")


def hold(fault: Fault) -> None:
    """Keep others from the fault until the transaction ends, and read it anew."""
    query = select(Fault).where(Fault.id == fault.id)
    db.session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)).all()
