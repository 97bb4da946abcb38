"""What the office says about a case: theme, place, party, what was done because of it, and what others may be shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.actions import door as action_door
from lexheller.actions import service as actions
from lexheller.actions.models import Action, ActionStatus, ActionType
from lexheller.actions.states import LIVE
from lexheller.cases import door
from lexheller.cases.models import Case
from lexheller.cases.states import Step
from lexheller.casework import sharing
from lexheller.core import clock
from lexheller.core.errors import Conflict
from lexheller.organisations.models import Municipality, Organisation, Theme, Unit
from lexheller.privacy.refusal import refuse_identity_numbers


def classify(
    actor: Actor,
    case: Case,
    *,
    theme: Theme | None,
    municipality: Municipality | None,
    organisation: Organisation | None,
    unit: Unit | None = None,
    settled: bool = False,
    seen: int,
) -> None:
    """Set theme, municipality, and the organisation and unit that the case concerns.

    A doubt that an import left goes with the field it is about; `settled` says that the others are looked into too.
    """
    given = {
        "unknown_category": theme,
        "unknown_municipality": municipality,
        "unknown_organisation": organisation,
    }
    doubts = [] if settled else [doubt for doubt in case.doubts if given.get(doubt) is None]
    changes: dict[str, Any] = {
        "theme_id": theme.id if theme else None,
        "municipality_id": municipality.id if municipality else None,
        "concerned_organisation_id": organisation.id if organisation else None,
        "concerned_unit_id": unit.id if unit else None,
        "doubts": doubts,
        "in_doubt": bool(doubts),
    }
    facts = {name: value for name, value in changes.items() if name.endswith("_id")}
    door.take(actor, Step.CLASSIFY, case, seen=seen, changes=changes, data=facts)
    sharing.index(case)


def share_summary(actor: Actor, case: Case, summary: str, *, seen: int) -> None:
    """What people who are about to report something similar are shown; empty takes it away again."""
    refuse_identity_numbers(summary=summary)
    changes = {"shared_summary": summary or None, "shared_on": clock.today() if summary else None}
    door.take(actor, Step.SHARE_SUMMARY, case, seen=seen, changes=changes, data={"shared": bool(summary)})


def record_action(
    actor: Actor,
    case: Case,
    *,
    type: ActionType | None,
    description: str,
    status: ActionStatus,
    action_on: date | None,
    seen: int,
    owner_unit: Unit | None = None,
) -> Action:
    """Note what was, or is going to be, done because of the case: `action_on` is the day of it, or the day it is due.

    One that is done is followed up from then on. Its own timeline begins with it, beside the case's.
    """
    refuse_identity_numbers(description=description)
    action = actions.create(
        federation_id=case.federation_id,
        case_ids=[case.id],
        type=type,
        description=description,
        status=status,
        action_on=action_on,
        owner_unit=owner_unit,
    )
    door.take(actor, Step.RECORD_ACTION, case, seen=seen, data={"action_id": action.id, "action_status": str(status)})
    actions.begin(actor, action)
    return action


def finish_action(actor: Actor, case: Case, action: Action, *, action_on: date, seen: int) -> None:
    """A planned action has been carried out. Raises Conflict for one that is over already: its day stays."""
    door.hold(case)
    action_door.hold(action)
    if action.status not in LIVE:
        raise Conflict(f"action {action.id} is {action.status}")
    data = {"action_id": action.id, "action_status": str(ActionStatus.DONE)}
    door.take(actor, Step.RECORD_ACTION, case, seen=seen, data=data)
    actions.finish(actor, action, actions.Done(action_on), seen=action.version)
