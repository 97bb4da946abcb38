"""Planning, moving and cancelling meetings. One event for each change; none of them holds free text.

Stops at the meeting: what stands on it is `meetings.agenda`, but for what leaves it when it is cancelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from lexheller.accounts.rights import Actor
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.deadlines.queries import frame_of
from lexheller.meetings.going_on import pass_on
from lexheller.meetings.groups import group_of, group_to_use
from lexheller.meetings.holding import hold, items_in_order, refuse_when_over
from lexheller.meetings.models import Meeting
from lexheller.meetings.permissions import demand
from lexheller.meetings.queries import days_taken, following, live_on
from lexheller.meetings.reminders import ask_for_reminder
from lexheller.meetings.rules import LONGEST_AHEAD_DAYS, is_clock_time, material_due_on
from lexheller.meetings.states import GroupKind
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federation_of
from lexheller.privacy.refusal import refuse_identity_numbers

MOST_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided about a meeting. `starts_at` is `HH:MM` in Sweden. A meeting that is planned keeps its group."""

    held_on: date
    starts_at: str | None = None
    place: str | None = None
    note: str | None = None
    group: GroupKind = GroupKind.PREPARATORY


def plan_meeting(actor: Actor, federation: Federation, plan: Plan) -> Meeting:
    """A new meeting, its material due two weeks before, and the reminder of it.

    Raises InvalidInput on `held_on` (`past`, `too_far`, `day_off`, `taken`), `starts_at` (`not_a_time`), or a text.
    """
    demand(actor, federation.id)
    known = group_of(federation.id, plan.group)
    _check(plan, federation, known.id if known else None)
    group = group_to_use(federation.id, plan.group)
    due_on = material_due_on(plan.held_on, frame_of(federation.id).calendar)
    meeting = Meeting(
        federation_id=federation.id, group_id=group.id, material_due_on=due_on, version=1, **_columns(plan)
    )
    _store(meeting)
    data = {"held_on": _iso(plan.held_on), "material_due_on": _iso(due_on), "group": group.kind}
    _record(actor, "meeting.planned", meeting, data)
    ask_for_reminder(meeting)
    return meeting


def plan_series(
    actor: Actor,
    federation: Federation,
    days: Sequence[date],
    *,
    starts_at: str | None = None,
    place: str | None = None,
    group: GroupKind = GroupKind.PREPARATORY,
) -> list[Meeting]:
    """A meeting of the group on each of the days that has none yet, so that sending the same days again adds nothing.

    Raises InvalidInput as `plan_meeting`, and on `days` (`none`, `too_many`).
    """
    demand(actor, federation.id)
    wanted = sorted(set(days))
    if not wanted:
        raise InvalidInput("days", "none")
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidInput("days", "too_many")
    meets = group_of(federation.id, group)
    taken = days_taken(meets.id, wanted[0], wanted[-1]) if meets else set()
    plans = [Plan(day, starts_at, place, group=group) for day in wanted if day not in taken]
    return [plan_meeting(actor, federation, plan) for plan in plans]


def move_meeting(actor: Actor, meeting: Meeting, plan: Plan, *, seen: int) -> None:
    """Another day, hour, place or note; what stands on the agenda stays. Nothing new is no change.

    Raises Conflict when the meeting was changed since `seen`, was cancelled or has been held; InvalidInput as
    `plan_meeting`.
    """
    demand(actor, meeting.federation_id)
    hold(meeting, seen=seen)
    refuse_when_over(meeting)
    before = Plan(meeting.held_on, meeting.starts_at, meeting.place, meeting.note)
    columns = _columns(plan)
    fields = [name for name, value in columns.items() if value != getattr(before, name)]
    if not fields:
        return
    federation = federation_of(meeting.federation_id)
    _check(plan, federation, meeting.group_id, before)
    if "held_on" not in fields:
        _change(meeting, columns)
        _record(actor, "meeting.changed", meeting, {"fields": fields})
        return
    due_on = material_due_on(plan.held_on, frame_of(federation.id).calendar)
    _change(meeting, {**columns, "material_due_on": due_on})
    moved = {"from": _iso(before.held_on), "to": _iso(plan.held_on), "material_due_on": _iso(due_on), "fields": fields}
    _record(actor, "meeting.moved", meeting, moved)
    ask_for_reminder(meeting)


def cancel_meeting(actor: Actor, meeting: Meeting, *, seen: int) -> Meeting | None:
    """It will not be held. Its items go to the next planned meeting, which is answered; without one they wait, None.

    Cancelling what is cancelled changes nothing. Raises Conflict as `move_meeting`.
    """
    demand(actor, meeting.federation_id)
    if meeting.cancelled_at is not None:
        return None
    target = following(meeting)
    hold(meeting, *([target] if target else []))
    if meeting.version != seen or (target is not None and (target.cancelled_at or target.ended_at) is not None):
        raise Conflict(f"meeting {meeting.id} or the next one was changed")
    refuse_when_over(meeting)
    items = items_in_order(meeting)
    if any(item.outcome is not None for item in items):
        raise Conflict(f"meeting {meeting.id} has begun")
    _change(meeting, {"cancelled_at": clock.now()})
    doubled = [item.case_id or item.fault_id for item in items if target is not None and not pass_on(item, target)]
    data = {
        "held_on": _iso(meeting.held_on),
        "case_ids": [item.case_id for item in items if item.case_id is not None],
        "fault_ids": [item.fault_id for item in items if item.fault_id is not None],
        "already_there": doubled,
        "to_meeting_id": target.id if target and items else None,
    }
    _record(actor, "meeting.cancelled", meeting, data)
    return target if items else None


def _check(plan: Plan, federation: Federation, group_id: int | None, before: Plan | None = None) -> None:
    refuse_identity_numbers(place=plan.place, note=plan.note)
    if plan.starts_at and not is_clock_time(plan.starts_at):
        raise InvalidInput("starts_at", "not_a_time")
    if before is not None and before.held_on == plan.held_on:
        return
    today = clock.today()
    if plan.held_on < today:
        raise InvalidInput("held_on", "past")
    if plan.held_on > today + timedelta(days=LONGEST_AHEAD_DAYS):
        raise InvalidInput("held_on", "too_far")
    if not frame_of(federation.id).calendar.is_working_day(plan.held_on):
        raise InvalidInput("held_on", "day_off")
    if group_id is not None and live_on(group_id, plan.held_on) is not None:
        raise InvalidInput("held_on", "taken")


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "held_on": plan.held_on,
        "starts_at": plan.starts_at or None,
        "place": plan.place or None,
        "note": plan.note or None,
    }


def _store(meeting: Meeting) -> None:
    """Of two who plan the same day at once, the second is told as if it had come later."""
    try:
        with db.session.begin_nested():
            db.session.add(meeting)
            db.session.flush()
    except IntegrityError:
        raise InvalidInput("held_on", "taken") from None


def _change(meeting: Meeting, columns: dict[str, Any]) -> None:
    try:
        with db.session.begin_nested():
            for name, value in columns.items():
                setattr(meeting, name, value)
            meeting.version += 1
            db.session.flush()
    except IntegrityError:
        raise InvalidInput("held_on", "taken") from None


def _record(actor: Actor, kind: str, meeting: Meeting, data: dict[str, Any]) -> None:
    record(actor, kind, federation_id=meeting.federation_id, subject_type="meeting", subject_id=meeting.id, data=data)


def _iso(day: date) -> str:
    return day.isoformat()
