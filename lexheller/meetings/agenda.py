"""What stands on a meeting: put on, taken off, put in order, passed on to the next meeting.

Each change is one event of the meeting that names the case or the fault. Planning and cancelling meetings is
`meetings.service`; the texts of an item `meetings.texts`; what the meeting made of it `meetings.deciding`.
"""

from __future__ import annotations

from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.audit.service import record
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.faults.models import Fault
from lexheller.meetings import becoming_actions
from lexheller.meetings.going_on import continuation_of, continue_on, go_no_further, last_position, pass_on, place_of
from lexheller.meetings.holding import hold, items_in_order, refuse_when_over
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.permissions import demand
from lexheller.meetings.queries import first_to_come, following
from lexheller.meetings.states import Outcome
from lexheller.privacy.refusal import refuse_identity_numbers

LONGEST_WHY = 300


def put_on_agenda(actor: Actor, case: Case, meeting: Meeting, why: str) -> AgendaItem:
    """Put the case last on the meeting; one that stands there is left as it is, without an event.

    Allowed after the material was due: `is_late` tells. Raises NotAllowedToSee for a case of another federation,
    Conflict when the meeting is cancelled or over, InvalidInput on `why` (`empty`, `too_long`, or P23).
    """
    return _put(actor, meeting, why, case_id=_own(case, meeting))


def put_fault_on_agenda(actor: Actor, fault: Fault, meeting: Meeting, why: str) -> AgendaItem:
    """As `put_on_agenda`. A fault that can be lifted is lifted by it, which is an event of its own."""
    hold(meeting)
    becoming_actions.hold_fault(fault)
    item = _put(actor, meeting, why, fault_id=_own(fault, meeting))
    becoming_actions.lift(actor, fault)
    return item


def take_off_agenda(actor: Actor, item: AgendaItem) -> None:
    """Off the meeting it stands on, until that has ended; what waits, after a cancelled or an ended one, waits no more.

    Twice is once. Raises Conflict when the meeting has dealt with it, or when it goes on at another.
    """
    meeting = _held_meeting_of(actor, item)
    if item.removed_at is not None:
        return
    if meeting.ended_at is not None:
        _stop_waiting(actor, item, meeting)
        return
    if item.outcome is not None:
        raise Conflict(f"agenda item {item.id} has been settled")
    item.removed_at = clock.now()
    meeting.version += 1
    db.session.flush()
    _record(actor, "taken_off", meeting, item, {})


def move_item(actor: Actor, item: AgendaItem, *, up: bool, seen: int) -> None:
    """One place up or down; at the end it stays. Raises Conflict on an agenda that was changed since `seen`."""
    meeting = _held_meeting_of(actor, item)
    if meeting.version != seen or item.removed_at is not None:
        raise Conflict(f"agenda of meeting {meeting.id}: version {seen} seen, {meeting.version} now")
    refuse_when_over(meeting)
    order = items_in_order(meeting)
    place = order.index(item)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        one.position = position
    meeting.version += 1
    db.session.flush()
    _record(actor, "reordered", meeting, item, {"position": other + 1})


def move_to_next(actor: Actor, item: AgendaItem, *, standing_on: Meeting) -> Meeting:
    """To the group's next planned meeting; answers where the item is then, which says where it came from.

    `standing_on` is where the person saw it: moved from there already, nothing happens. From a cancelled meeting it
    goes to the first that is to come. Raises InvalidInput (`meeting`, `none`) where none is planned, Conflict when it
    was taken off, or the meeting has settled it.
    """
    demand(actor, standing_on.federation_id)
    if _has_moved(item, standing_on):
        return item.meeting
    target = first_to_come(standing_on) if standing_on.cancelled_at is not None else following(standing_on)
    if target is None:
        raise InvalidInput("meeting", "none")
    return _move(actor, item, standing_on, target)


def move_to(actor: Actor, item: AgendaItem, target: Meeting, *, standing_on: Meeting) -> Meeting:
    """As `move_to_next`, to a meeting that was chosen, of whatever group of the federation."""
    demand(actor, standing_on.federation_id)
    if target.federation_id != standing_on.federation_id:
        raise NotAllowedToSee(f"meeting {target.id}")
    if _has_moved(item, standing_on):
        return item.meeting
    if target.id == standing_on.id:
        raise Conflict(f"agenda item {item.id} stands there")
    return _move(actor, item, standing_on, target)


def is_late(item: AgendaItem, meeting: Meeting) -> bool:
    """Whether it came onto the meeting after the day when the material should have been ready."""
    return clock.day_of(item.placed_at) > meeting.material_due_on


def _put(
    actor: Actor, meeting: Meeting, why: str, *, case_id: int | None = None, fault_id: int | None = None
) -> AgendaItem:
    demand(actor, meeting.federation_id)
    if actor.user_id is None:
        raise NotAllowedToSee(f"meeting {meeting.id}")
    refuse_identity_numbers(why=why)
    words = why.strip()
    if not words or len(words) > LONGEST_WHY:
        raise InvalidInput("why", "too_long" if words else "empty")
    hold(meeting)
    refuse_when_over(meeting)
    now = clock.now()
    item = AgendaItem(
        federation_id=meeting.federation_id,
        case_id=case_id,
        fault_id=fault_id,
        put_by_user_id=actor.user_id,
        put_at=now,
        placed_at=now,
        why=words,
    )
    existing = place_of(item, meeting)
    if existing is not None:
        return existing
    item.meeting_id, item.position = meeting.id, last_position(meeting) + 1
    db.session.add(item)
    meeting.version += 1
    db.session.flush()
    _record(actor, "put", meeting, item, {"late": is_late(item, meeting)})
    return item


def _own(subject: Case | Fault, meeting: Meeting) -> int:
    if subject.federation_id != meeting.federation_id:
        raise NotAllowedToSee(f"{type(subject).__name__} {subject.id}")
    return subject.id


def _has_moved(item: AgendaItem, standing_on: Meeting) -> bool:
    return item.meeting_id != standing_on.id and item.moved_from_id == standing_on.id


def _move(actor: Actor, item: AgendaItem, standing_on: Meeting, target: Meeting) -> Meeting:
    hold(standing_on, target)
    db.session.refresh(item)
    if item.meeting_id != standing_on.id or item.removed_at is not None:
        raise Conflict(f"agenda item {item.id} was changed")
    refuse_when_over(target)
    if standing_on.ended_at is not None:
        return _continue_after_meeting(actor, item, standing_on, target)
    if item.outcome is not None:
        raise Conflict(f"agenda item {item.id} has been settled")
    standing_on.version += 1
    moved = pass_on(item, target)
    _record(actor, "moved", standing_on, item, {"to_meeting_id": target.id, "already_there": not moved})
    return target


def _continue_after_meeting(actor: Actor, item: AgendaItem, ended: Meeting, target: Meeting) -> Meeting:
    """A postponed item that found no meeting to go on to when its own ended; twice is once."""
    if item.outcome != Outcome.POSTPONED:
        raise Conflict(f"agenda item {item.id} was dealt with")
    known = continuation_of(item)
    if known is not None and known.meeting_id == ended.id:
        raise Conflict(f"agenda item {item.id} was taken off")
    if known is not None:
        return known.meeting
    moved = continue_on(item, target, actor.user_id or item.put_by_user_id)
    _record(actor, "moved", ended, item, {"to_meeting_id": target.id, "already_there": not moved})
    return target


def _stop_waiting(actor: Actor, item: AgendaItem, ended: Meeting) -> None:
    if item.outcome != Outcome.POSTPONED:
        raise Conflict(f"agenda item {item.id} was dealt with")
    known = continuation_of(item)
    if known is not None and known.meeting_id != ended.id:
        raise Conflict(f"agenda item {item.id} goes on at meeting {known.meeting_id}")
    if known is None:
        go_no_further(item, actor.user_id or item.put_by_user_id)
        _record(actor, "taken_off", ended, item, {})


def _held_meeting_of(actor: Actor, item: AgendaItem) -> Meeting:
    demand(actor, item.federation_id)
    meeting = item.meeting
    hold(meeting)
    db.session.refresh(item)
    if item.meeting_id != meeting.id:
        raise Conflict(f"agenda item {item.id} was moved")
    return meeting


def _record(actor: Actor, what: str, meeting: Meeting, item: AgendaItem, data: dict[str, Any]) -> None:
    """`meeting.case_put` and its likes; the words for each stand in `labels`."""
    noun = "case" if item.case_id is not None else "fault"
    record(
        actor,
        f"meeting.{noun}_{what}",
        federation_id=meeting.federation_id,
        subject_type="meeting",
        subject_id=meeting.id,
        data={f"{noun}_id": item.case_id or item.fault_id, "item_id": item.id, **data},
    )
