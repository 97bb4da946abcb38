"""Recording actions. The event on a case's timeline is written by the verb above that knows the case's door."""

from __future__ import annotations

from datetime import date

from lexheller.actions.models import Action, ActionCase, ActionStatus, ActionType
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput


def create(
    *,
    federation_id: int,
    case_ids: list[int],
    type: ActionType | None,
    description: str,
    status: ActionStatus,
    action_on: date | None,
) -> Action:
    """A new action for the cases. Raises InvalidInput when it is done but has no day."""
    if status is ActionStatus.DONE and action_on is None:
        raise InvalidInput("action_on", "required_when_done")
    action = Action(
        federation_id=federation_id,
        type_id=type.id if type else None,
        description=description,
        status=status,
        action_on=action_on,
    )
    db.session.add(action)
    db.session.flush()
    for case_id in case_ids:
        db.session.add(ActionCase(action_id=action.id, case_id=case_id, federation_id=federation_id))
    db.session.flush()
    return action


def mark_done(action: Action, *, action_on: date) -> None:
    """Carried out on that day."""
    action.status, action.action_on = ActionStatus.DONE, action_on
    db.session.flush()
