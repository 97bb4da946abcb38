"""What a meeting's work does on the floors below: a fault put on an agenda is lifted, a decision reaches the fault and
may become an action. The only place in this slice that calls their verbs.
"""

from __future__ import annotations

from lexheller.accounts.rights import Actor
from lexheller.actions.models import Action, ActionType
from lexheller.actions.service import Details, record_new
from lexheller.faults import door as fault_door
from lexheller.faults import service as faults
from lexheller.faults.models import Fault
from lexheller.faults.permissions import is_along_table, may_take
from lexheller.faults.states import FaultStep
from lexheller.meetings.models import AgendaItem
from lexheller.organisations.queries import federation_of


def lift(actor: Actor, fault: Fault) -> bool:
    """Whether the fault was lifted by being put on an agenda: where it stands so, and for whom may do it."""
    if not _may(actor, FaultStep.LIFT, fault):
        return False
    faults.lift(actor, fault, seen=fault.version)
    return True


def decide(actor: Actor, item: AgendaItem) -> bool:
    """Whether the item's fault now has what the meeting decided: decided by it, or the decision in new words. False
    where the fault stands so that neither can be.
    """
    fault = item.fault
    if fault is None:
        return False
    if _may(actor, FaultStep.DECIDE, fault):
        faults.decide(actor, fault, item.decision, seen=fault.version)
        return True
    if fault.decision == item.decision:
        return True
    if not _may(actor, FaultStep.REWORD_DECISION, fault):
        return False
    faults.reword_decision(actor, fault, item.decision, seen=fault.version)
    return True


def hold_fault(fault: Fault | None) -> None:
    """Before the meeting's event is written: whoever changes a fault holds its row first, and the events last."""
    if fault is not None:
        fault_door.hold(fault)


def make(actor: Actor, item: AgendaItem, type: ActionType) -> Action:
    """A planned action for the item's case or fault, as decided: what, who, by when. Its own event.

    Raises InvalidInput on `due_on` where the day is no day to plan for, besides `who` and `description`.
    """
    details = Details(item.decision, type, item.decided_unit, item.decided_who or None, item.decided_by_on)
    return record_new(
        actor,
        federation_of(item.federation_id),
        details,
        cases=[item.case] if item.case is not None else [],
        faults=[item.fault] if item.fault is not None else [],
    )


def _may(actor: Actor, step: FaultStep, fault: Fault) -> bool:
    return is_along_table(step, fault) and may_take(actor, step, fault)
