"""What a meeting's work does on the floors below: a fault put on an agenda is lifted, a decision reaches the fault, may
become an action, and takes that along when it is put right. The only place in this slice that calls their verbs.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import Enum

from lexheller.accounts.rights import Actor
from lexheller.actions import door as action_door
from lexheller.actions.models import Action, ActionType
from lexheller.actions.permissions import may_take as may_change
from lexheller.actions.service import Details, change, record_new
from lexheller.actions.states import ActionStatus, ActionStep
from lexheller.faults import door as fault_door
from lexheller.faults import service as faults
from lexheller.faults.models import Fault
from lexheller.faults.permissions import is_along_table, may_take
from lexheller.faults.states import FaultStep
from lexheller.meetings.models import AgendaItem
from lexheller.meetings.states import Outcome
from lexheller.organisations.queries import federation_of


class OnFault(Enum):
    """What a decision did to its fault: it is the fault's own now, put right the fault's words, or left it alone."""

    DECIDED = "decided"
    REWORDED = "reworded"
    STANDS = "stands"


def lift(actor: Actor, fault: Fault) -> bool:
    """Whether the fault was lifted by being put on an agenda: where it stands so, and for whom may do it."""
    if not _may(actor, FaultStep.LIFT, fault):
        return False
    faults.lift(actor, fault, seen=fault.version)
    return True


def said(item: AgendaItem) -> Details | None:
    """The item's decision as an action would have it, without a type; None before there is one."""
    if item.outcome != Outcome.DECIDED:
        return None
    return Details(item.decision, None, item.decided_unit, item.decided_who or None, item.decided_by_on)


def decide(actor: Actor, item: AgendaItem, former: Details | None) -> OnFault | None:
    """What became of the item's fault; None where it has none, or one that says the same already. `former`: the item's
    decision before it was written anew.

    The same decision put right keeps its day. Where others have decided since, the fault stays as it is.
    """
    fault = item.fault
    if fault is None:
        return None
    if _may(actor, FaultStep.DECIDE, fault):
        faults.decide(actor, fault, item.decision, seen=fault.version)
        return OnFault.DECIDED
    if fault.decision == item.decision:
        return None
    if former is not None and fault.decision not in (None, former.description):
        return OnFault.STANDS
    if _is_own(item, fault, former) and _may(actor, FaultStep.REWORD_DECISION, fault):
        faults.reword_decision(actor, fault, item.decision, seen=fault.version)
        return OnFault.REWORDED
    if _may(actor, FaultStep.DECIDE_ANEW, fault):
        faults.decide_anew(actor, fault, item.decision, seen=fault.version)
        return OnFault.DECIDED
    return OnFault.STANDS


def hold_fault(fault: Fault | None) -> None:
    """Before the meeting's event is written: whoever changes a fault holds its row first, and the events last."""
    if fault is not None:
        fault_door.hold(fault)


def hold(item: AgendaItem) -> None:
    """The item's fault and its action, likewise."""
    hold_fault(item.fault)
    if item.action is not None:
        action_door.hold(item.action)


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


def follow(actor: Actor, item: AgendaItem, former: Details) -> bool:
    """Whether the action that was made of the item says what the item says now. It follows while it is planned and says
    what the item said before (`former`): whoever has changed it since knows better. Its own event.

    Raises InvalidInput as `make`.
    """
    action, now = item.action, said(item)
    if action is None or now is None:
        return False
    stands = action.description, action.owner_unit_id, action.who, action.due_on
    if stands == _terms(now):
        return True
    if stands != _terms(former) or action.status != ActionStatus.PLANNED:
        return False
    if not may_change(actor, ActionStep.CHANGE, action):
        return False
    change(actor, action, replace(now, type=action.type), seen=action.version)
    return True


def _terms(details: Details) -> tuple[str, int | None, str | None, date | None]:
    unit = details.owner_unit
    return details.description, unit.id if unit is not None else None, details.who, details.due_on


def _is_own(item: AgendaItem, fault: Fault, former: Details | None) -> bool:
    """Whether the decision that stands is the one that this item gave, not an earlier one in the same words."""
    if former is None or fault.decision != former.description or fault.decided_on is None:
        return False
    return fault.decided_on >= item.meeting.held_on


def _may(actor: Actor, step: FaultStep, fault: Fault) -> bool:
    return is_along_table(step, fault) and may_take(actor, step, fault)
