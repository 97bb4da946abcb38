"""Who may see a fault and take which step, on top of the one rights table in `accounts`."""

from __future__ import annotations

from lexheller.accounts.rights import Actor, ActorKind, Right
from lexheller.faults.models import Fault
from lexheller.faults.states import FAULT_TRANSITIONS, FaultStatus, FaultStep, fault_steps_from

OF_MEETINGS = frozenset({FaultStep.LIFT, FaultStep.DECIDE, FaultStep.REWORD_DECISION, FaultStep.DECIDE_ANEW})


def may_see(actor: Actor, fault: Fault) -> bool:
    """The office and the director see all; a manager reads those that a unit of theirs owns."""
    if sees_all(actor, fault.federation_id):
        return True
    return answers_for_owner(actor, fault)


def sees_all(actor: Actor, federation_id: int) -> bool:
    return actor.duty_id is None and actor.may(Right.SEE_ALL_CASES, federation_id)


def answers_for_owner(actor: Actor, fault: Fault) -> bool:
    """Whether a unit that the actor is responsible for today owns the fault. A mailed link reaches no fault."""
    if actor.duty_id is not None or fault.owner_unit_id not in actor.unit_ids:
        return False
    return actor.may(Right.SEE_OWN_UNITS_CASES, fault.federation_id)


def may_handle(actor: Actor, federation_id: int) -> bool:
    return actor.duty_id is None and actor.may(Right.HANDLE_CASES, federation_id)


def may_take(actor: Actor, step: FaultStep, fault: Fault) -> bool:
    """Whoever handles cases takes every step but the one that the system takes by itself; what a meeting does with a
    fault, whoever prepares meetings does too.
    """
    if step is FaultStep.RECUR:
        return actor.kind is ActorKind.SYSTEM
    if step in OF_MEETINGS and actor.duty_id is None and actor.may(Right.PREPARE_MEETINGS, fault.federation_id):
        return True
    return may_handle(actor, fault.federation_id)


def steps_for(actor: Actor, fault: Fault) -> list[FaultStep]:
    """The steps that are open to the actor now: the buttons of the fault's page, which are the office's."""
    if not may_handle(actor, fault.federation_id):
        return []
    return [step for step in fault_steps_from(FaultStatus(fault.status)) if may_take(actor, step, fault)]


def is_along_table(step: FaultStep, fault: Fault) -> bool:
    return FaultStatus(fault.status) in FAULT_TRANSITIONS[step].from_statuses
