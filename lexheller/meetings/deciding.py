"""At the meeting: what was decided about an item, who does it and by when; and ending the meeting.

Decisions are written down from the meeting's day on until somebody ends the meeting, one item at a time: two people
who write about different items do not disturb each other. After that nothing on the meeting changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.actions.models import ActionType
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.meetings import becoming_actions
from lexheller.meetings.becoming_actions import OnFault
from lexheller.meetings.going_on import continue_on
from lexheller.meetings.holding import hold, hold_item, items_in_order, refuse_when_ended
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.permissions import demand
from lexheller.meetings.proposing import title_of
from lexheller.meetings.queries import following
from lexheller.meetings.states import Outcome
from lexheller.organisations.queries import unit_in
from lexheller.privacy.refusal import refuse_identity_numbers

LONGEST_DECISION = 2000
LONGEST_WHO = 120


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the meeting made of an item. Who: a unit, or words where it is nobody in the register."""

    outcome: Outcome
    decision: str = ""
    unit_id: int | None = None
    who: str = ""
    by_on: date | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What followed. `action_follows`: whether the action that was made of the decision before says what it says now;
    None where there was none, or nothing for it. `fault` likewise.
    """

    action_made: bool = False
    action_follows: bool | None = None
    fault: OnFault | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How many items went on, and to which meeting; None where no later one is planned."""

    moved: int
    target: Meeting | None


def may_settle(meeting: Meeting) -> bool:
    """From the meeting's day on, until it is ended."""
    return meeting.cancelled_at is None and meeting.ended_at is None and meeting.held_on <= clock.today()


def settle(
    actor: Actor, item: AgendaItem, settlement: Settlement, *, seen: int, make_action: ActionType | None = None
) -> Settled:
    """Write down what was decided; written again, the new words hold, also for the action and the fault as long as they
    say what the item said. With `make_action`, also an action of that type.

    Raises InvalidInput on `decision` (`empty`, `too_long`), `who` (`too_long`, `one_of_both`), `unit_id` (`unknown`),
    `due_on` (of the action), or a text (P23); Conflict when somebody changed the item since `seen`, before the
    meeting's day or after its end.
    """
    demand(actor, item.federation_id)
    values = _checked(settlement, item.federation_id)
    if make_action is not None and settlement.outcome is not Outcome.DECIDED:
        raise InvalidInput("outcome", "no_action")
    meeting = hold_item(item, seen=seen)
    _refuse_unless_open(meeting)
    if item.action_id is not None and settlement.outcome is not Outcome.DECIDED:
        raise InvalidInput("outcome", "has_action")
    becoming_actions.hold(item)
    changed = any(getattr(item, name) != value for name, value in values.items())
    wants_action = make_action is not None and item.action_id is None
    if not changed and not wants_action:
        return Settled()
    with db.session.begin_nested():  # an action that is refused takes the decision with it
        return _write(actor, item, meeting, values, make_action if wants_action else None)


def end_meeting(actor: Actor, meeting: Meeting, *, seen: int) -> Ended:
    """Nothing on it changes any more. What was postponed, or not dealt with, goes on to the group's next meeting.

    Without a next one it waits in the list of meetings. Ending what is ended changes nothing. Raises Conflict when
    the meeting was changed since `seen`, was cancelled, or its day has not come.
    """
    demand(actor, meeting.federation_id)
    if meeting.ended_at is not None:
        return Ended(0, None)
    target = following(meeting)
    hold(meeting, *([target] if target else []))
    if meeting.version != seen or (target is not None and (target.cancelled_at or target.ended_at) is not None):
        raise Conflict(f"meeting {meeting.id} or the next one was changed")
    _refuse_unless_open(meeting)
    now, items = clock.now(), items_in_order(meeting)
    left = [item for item in items if item.outcome in (None, Outcome.POSTPONED)]
    for item in left:
        if item.outcome is None:
            item.outcome, item.settled_at, item.settled_by_user_id = str(Outcome.POSTPONED), now, actor.user_id
            item.version += 1
        if target is not None:
            continue_on(item, target, actor.user_id or item.put_by_user_id)
    for item in items:
        item.title = title_of(item)
    meeting.ended_at = now
    meeting.version += 1
    db.session.flush()
    data = {
        "items": len(items),
        "moved": [item.id for item in left],
        "to_meeting_id": target.id if target and left else None,
    }
    _record(actor, "meeting.ended", meeting, data)
    return Ended(len(left), target if left else None)


def _write(
    actor: Actor, item: AgendaItem, meeting: Meeting, values: dict[str, Any], make_action: ActionType | None
) -> Settled:
    former = becoming_actions.said(item)
    for name, value in values.items():
        setattr(item, name, value)
    item.settled_at, item.settled_by_user_id = clock.now(), actor.user_id
    item.version += 1
    meeting.version += 1
    db.session.flush()
    db.session.refresh(item)
    now, follows = becoming_actions.said(item), None
    if item.action_id is not None and former is not None:
        follows = becoming_actions.follow(actor, item, former)
    elif make_action is not None:
        item.action_id = becoming_actions.make(actor, item, make_action).id
        db.session.flush()
    data = {"item_id": item.id, "case_id": item.case_id, "fault_id": item.fault_id, "outcome": item.outcome}
    _record(actor, "meeting.item_settled", meeting, {**data, "action_id": item.action_id})
    says_new = now is not None and (former is None or former.description != now.description)
    on_fault = becoming_actions.decide(actor, item, former) if says_new else None
    return Settled(make_action is not None, follows, on_fault)


def _checked(settlement: Settlement, federation_id: int) -> dict[str, Any]:
    decision, who = settlement.decision.strip(), settlement.who.strip()
    refuse_identity_numbers(decision=decision, who=who)
    if settlement.outcome is Outcome.DECIDED and not decision:
        raise InvalidInput("decision", "empty")
    if len(decision) > LONGEST_DECISION:
        raise InvalidInput("decision", "too_long")
    if len(who) > LONGEST_WHO:
        raise InvalidInput("who", "too_long")
    if settlement.unit_id is not None and unit_in(federation_id, settlement.unit_id) is None:
        raise InvalidInput("unit_id", "unknown")
    if settlement.unit_id is not None and who:
        raise InvalidInput("who", "one_of_both")
    return {
        "outcome": str(settlement.outcome),
        "decision": decision,
        "decided_unit_id": settlement.unit_id,
        "decided_who": who,
        "decided_by_on": settlement.by_on,
    }


def _refuse_unless_open(meeting: Meeting) -> None:
    refuse_when_ended(meeting)
    if not may_settle(meeting):
        raise Conflict(f"meeting {meeting.id} has not been held yet")


def _record(actor: Actor, kind: str, meeting: Meeting, data: dict[str, Any]) -> None:
    record(actor, kind, federation_id=meeting.federation_id, subject_type="meeting", subject_id=meeting.id, data=data)
