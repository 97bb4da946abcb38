"""The verbs of an action: record, change, start, finish, cancel, reopen, and what it is taken for.

Each is one event (`actions.door`). `create` alone writes none: it is for verbs above that leave an event of their own.
Judging the effect is `actions.effect`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.actions import clocks, door, effect, messages, search
from lexheller.actions.models import LONGEST_WHO, Action, ActionCase, ActionFault, ActionStatus, ActionType
from lexheller.actions.numbering import next_number
from lexheller.actions.permissions import may_record
from lexheller.actions.rules import LONGEST_AHEAD_DAYS
from lexheller.actions.states import BEGINNING, ActionStep
from lexheller.audit.once import made_by, marked
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.faults.models import Fault
from lexheller.organisations.models import Federation, Unit
from lexheller.privacy.refusal import refuse_identity_numbers

EARLIEST = date(2000, 1, 1)
"""No federation is older; an earlier day is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is to be done, by whom and by when. Owner: the unit, else the named person, else the federation itself."""

    description: str
    type: ActionType | None = None
    owner_unit: Unit | None = None
    who: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """That it was carried out: the day, what was really done, and how many it reached, where that was counted."""

    on: date
    what: str = ""
    reached: int | None = None


def create(
    *,
    federation_id: int,
    case_ids: Iterable[int],
    type: ActionType | None,
    description: str,
    status: ActionStatus,
    action_on: date | None,
    due_on: date | None = None,
    owner_unit: Unit | None = None,
    who: str | None = None,
    fault_ids: Iterable[int] = (),
) -> Action:
    """A new action without an event, for whoever records one. `action_on` of a planned one is the day it is due.

    Its clock starts; the effect of one that is done already is not followed up by itself. Raises InvalidInput when it
    is done but has no day.
    """
    done = status is ActionStatus.DONE
    if done and action_on is None:
        raise InvalidInput("action_on", "required_when_done")
    if action_on is not None and action_on < EARLIEST:
        raise InvalidInput("action_on", "long_ago")
    action = Action(
        federation_id=federation_id,
        number=next_number(federation_id),
        type_id=type.id if type else None,
        description=description,
        status=status,
        action_on=action_on if done else None,
        due_on=due_on or (None if done else action_on),
        owner_unit_id=owner_unit.id if owner_unit is not None else None,
        who=(who or None) if owner_unit is None else None,
    )
    db.session.add(action)
    db.session.flush()
    db.session.add_all(
        ActionCase(action_id=action.id, case_id=case_id, federation_id=federation_id)
        for case_id in dict.fromkeys(case_ids)
    )
    db.session.add_all(
        ActionFault(action_id=action.id, fault_id=fault_id, federation_id=federation_id)
        for fault_id in dict.fromkeys(fault_ids)
    )
    db.session.flush()
    if not done:
        clocks.start_clock(action)
    search.index(action)
    return action


def record_new(
    actor: Actor,
    federation: Federation,
    details: Details,
    *,
    cases: Iterable[Case] = (),
    faults: Iterable[Fault] = (),
    done: Done | None = None,
    sent_id: str | None = None,
) -> Action:
    """An action that is to be done, or with `done` one that has been, followed up from then on.

    The same form sent again (`sent_id`) is the action that there is (P1).
    Raises NotAllowedToSee for others than the office and those who prepare meetings, and for what is not of the
    federation; InvalidInput on `description`, `who`, `due_on`, `action_on`, `done_what`, `number_reached`.
    """
    cases, faults = list(cases), list(faults)
    federations = {case.federation_id for case in cases} | {fault.federation_id for fault in faults}
    if not may_record(actor, federation.id) or federations - {federation.id}:
        raise NotAllowedToSee(f"actions of federation {federation.id}")
    _check_details(federation.id, details)
    if done is not None:
        _check_done(done)
    earlier = made_by(federation.id, BEGINNING, sent_id)
    if earlier is not None:
        return db.session.get_one(Action, earlier.subject_id)
    action = create(
        federation_id=federation.id,
        case_ids=[case.id for case in cases],
        type=details.type,
        description=details.description,
        status=ActionStatus.DONE if done is not None else ActionStatus.PLANNED,
        action_on=done.on if done is not None else None,
        due_on=details.due_on,
        owner_unit=details.owner_unit,
        who=details.who,
        fault_ids=[fault.id for fault in faults],
    )
    if done is not None:
        action.done_what, action.number_reached = done.what, done.reached
    begin(actor, action, marked(sent_id))
    return action


def begin(actor: Actor, action: Action, data: Mapping[str, Any] | None = None) -> None:
    """Record that `create` made it, tell the unit that has it, and follow it up if it is done.

    For a verb that has checked the actor itself.
    """
    if action.status == ActionStatus.DONE:
        effect.follow(action)
        search.index(action)
    door.recorded(actor, action, {**(data or {}), **_about(action), **_links(action)})
    messages.tell_owner(action)


def begin_imported(actor: Actor, action: Action) -> None:
    """Record that `create` made it of a row of a sheet. Nobody is told, and its effect is not followed up by itself."""
    door.imported(actor, action, _links(action))


def change(actor: Actor, action: Action, details: Details, *, seen: int) -> None:
    """Other words, another owner or day. Another day begins a new clock; another owner is told. Nothing new: no change.

    Raises Conflict, StepRefused; InvalidInput as `record_new`.
    """
    door.begin(actor, ActionStep.CHANGE, action, seen=seen)
    _check_details(action.federation_id, details, before=action.due_on)
    changes: dict[str, Any] = {
        "description": details.description,
        "type_id": details.type.id if details.type is not None else None,
        "owner_unit_id": details.owner_unit.id if details.owner_unit is not None else None,
        "who": (details.who or None) if details.owner_unit is None else None,
        "due_on": details.due_on,
    }
    fields = [name for name, value in changes.items() if getattr(action, name) != value]
    if not fields:
        return
    moved = "due_on" in fields
    if moved:
        clocks.stop_clock(action)
        changes["step_round"] = action.step_round + 1
    facts = {"due_on": _iso(details.due_on), "owner_unit_id": changes["owner_unit_id"]}
    door.take(actor, ActionStep.CHANGE, action, seen=seen, changes=changes, data={"fields": fields, **facts})
    if moved:
        clocks.start_clock(action)
    if "owner_unit_id" in fields:
        messages.tell_owner(action)
    search.index(action)


def start(actor: Actor, action: Action, *, seen: int) -> None:
    """Somebody is at it. Raises Conflict, StepRefused."""
    door.take(actor, ActionStep.START, action, seen=seen)


def finish(actor: Actor, action: Action, done: Done, *, seen: int) -> None:
    """Carried out; its effect is followed up from now on. Raises Conflict, StepRefused, InvalidInput."""
    door.begin(actor, ActionStep.FINISH, action, seen=seen)
    _check_done(done)
    changes = {"action_on": done.on, "done_what": done.what, "number_reached": done.reached}
    facts = {"action_on": _iso(done.on), "number_reached": done.reached}
    clocks.stop_clock(action)
    door.take(actor, ActionStep.FINISH, action, seen=seen, changes=changes, data=facts)
    effect.follow(action)
    search.index(action)


def cancel(actor: Actor, action: Action, why: str, *, seen: int) -> None:
    """It will not be done, for a reason that stays on it. Raises Conflict, StepRefused, InvalidInput on `why`."""
    door.begin(actor, ActionStep.CANCEL, action, seen=seen)
    words = _reason(why)
    clocks.stop_clock(action)
    door.take(actor, ActionStep.CANCEL, action, seen=seen, changes={"cancel_why": words})
    search.index(action)


def reopen(actor: Actor, action: Action, why: str, *, due_on: date | None, seen: int) -> None:
    """It was not carried out after all, and is to be done by a new day; follow-ups that wait are called off.

    What was judged stays. Raises Conflict, StepRefused, InvalidInput on `why` and `due_on`.
    """
    door.begin(actor, ActionStep.REOPEN, action, seen=seen)
    words = _reason(why)
    _check_due(due_on)
    effect.call_off(action)
    changes = {
        "reopen_why": words,
        "action_on": None,
        "due_on": due_on,
        "step_round": action.step_round + 1,
    }
    data = {"was_done_on": _iso(action.action_on), "due_on": _iso(due_on)}
    door.take(actor, ActionStep.REOPEN, action, seen=seen, changes=changes, data=data)
    clocks.start_clock(action)
    search.index(action)


def _about(action: Action) -> dict[str, Any]:
    return {
        "type_id": action.type_id,
        "owner_unit_id": action.owner_unit_id,
        "due_on": _iso(action.due_on),
        "action_on": _iso(action.action_on),
    }


def _links(action: Action) -> dict[str, list[int]]:
    return {
        "case_ids": sorted(_ids(ActionCase.case_id, action)),
        "fault_ids": sorted(_ids(ActionFault.fault_id, action)),
    }


def _ids(column: Any, action: Action) -> list[int]:
    return list(db.session.scalars(db.select(column).where(column.class_.action_id == action.id)))


def _check_details(federation_id: int, details: Details, before: date | None = None) -> None:
    refuse_identity_numbers(description=details.description, who=details.who)
    if not details.description.strip():
        raise InvalidInput("description", "required")
    if details.who and len(details.who) > LONGEST_WHO:
        raise InvalidInput("who", "too_long")
    for chosen in (details.owner_unit, details.type):
        if chosen is not None and chosen.federation_id != federation_id:
            raise NotAllowedToSee("unit or type of another federation")
    if details.due_on != before:
        _check_due(details.due_on)


def _check_due(due_on: date | None) -> None:
    if due_on is None:
        return
    if due_on < clock.today():
        raise InvalidInput("due_on", "past")
    if due_on > clock.today() + timedelta(days=LONGEST_AHEAD_DAYS):
        raise InvalidInput("due_on", "too_far")


def _check_done(done: Done) -> None:
    refuse_identity_numbers(done_what=done.what)
    if done.on > clock.today():
        raise InvalidInput("action_on", "not_yet")
    if done.on < EARLIEST:
        raise InvalidInput("action_on", "long_ago")
    if done.reached is not None and done.reached < 0:
        raise InvalidInput("number_reached", "negative")


def _reason(why: str) -> str:
    refuse_identity_numbers(why=why)
    words = why.strip()
    if not words:
        raise InvalidInput("why", "required")
    return words


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
