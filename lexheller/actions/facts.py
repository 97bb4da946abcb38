"""What an event says of the action as it stood afterwards, for figures to be made of: a number, a code and a day.

No free text. Where it stands is said in the event's `status`, its cases in `case_ids` of the first event.
"""

from __future__ import annotations

from typing import Any

from lexheller.actions.models import Action, ActionType
from lexheller.core.db import db


def facts_of(action: Action) -> dict[str, Any]:
    """JSON-ready; `action_on` is the Swedish calendar day on which it was done."""
    kind = db.session.get(ActionType, action.type_id) if action.type_id is not None else None
    return {
        "number": action.number,
        "type": kind.key if kind is not None else None,
        "action_on": action.action_on.isoformat() if action.action_on is not None else None,
    }
