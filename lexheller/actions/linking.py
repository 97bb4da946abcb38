"""What an action is taken for: its cases and its faults, put on and taken off again. The event log keeps each."""

from __future__ import annotations

from lexheller.accounts.rights import Actor
from lexheller.actions import door
from lexheller.actions.models import Action, ActionCase, ActionFault
from lexheller.actions.states import ActionStep
from lexheller.cases.models import Case
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.faults.models import Fault


def link_case(actor: Actor, action: Action, case: Case, *, seen: int) -> None:
    """Raises NotAllowedToSee for a case of another federation, InvalidInput (`number`, `already`), Conflict."""
    _same_federation(action, case)
    door.begin(actor, ActionStep.LINK_CASE, action, seen=seen)
    if db.session.get(ActionCase, (action.id, case.id)) is not None:
        raise InvalidInput("number", "already")
    db.session.add(ActionCase(action_id=action.id, case_id=case.id, federation_id=action.federation_id))
    door.take(actor, ActionStep.LINK_CASE, action, seen=seen, data={"case_id": case.id})


def unlink_case(actor: Actor, action: Action, case_id: int, *, seen: int) -> None:
    """Taken off already is no change. Raises Conflict, StepRefused."""
    door.begin(actor, ActionStep.UNLINK_CASE, action, seen=seen)
    link = db.session.get(ActionCase, (action.id, case_id))
    if link is None:
        return
    db.session.delete(link)
    door.take(actor, ActionStep.UNLINK_CASE, action, seen=seen, data={"case_id": case_id})


def link_fault(actor: Actor, action: Action, fault: Fault, *, seen: int) -> None:
    """As `link_case`; the field is `fault`."""
    _same_federation(action, fault)
    door.begin(actor, ActionStep.LINK_FAULT, action, seen=seen)
    if db.session.get(ActionFault, (action.id, fault.id)) is not None:
        raise InvalidInput("fault", "already")
    db.session.add(ActionFault(action_id=action.id, fault_id=fault.id, federation_id=action.federation_id))
    door.take(actor, ActionStep.LINK_FAULT, action, seen=seen, data={"fault_id": fault.id})


def unlink_fault(actor: Actor, action: Action, fault_id: int, *, seen: int) -> None:
    """As `unlink_case`."""
    door.begin(actor, ActionStep.UNLINK_FAULT, action, seen=seen)
    link = db.session.get(ActionFault, (action.id, fault_id))
    if link is None:
        return
    db.session.delete(link)
    door.take(actor, ActionStep.UNLINK_FAULT, action, seen=seen, data={"fault_id": fault_id})


def _same_federation(action: Action, other: Case | Fault) -> None:
    if other.federation_id != action.federation_id:
        raise NotAllowedToSee(f"{type(other).__name__} {other.id}")
