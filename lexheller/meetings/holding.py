"""Holding a meeting's row while it or its agenda changes, so that of two people at once one wins (P13).

Two meetings are held in the order of their ids, and the event is written last, as everywhere: nobody waits in a ring.
"""

from __future__ import annotations

from sqlalchemy import select

from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict
from lexheller.meetings.models import AgendaItem, Meeting


def hold(*meetings: Meeting, seen: int | None = None) -> None:
    """Read the meetings anew and keep others from them until the transaction ends.

    Raises Conflict when the first one's version is not the one `seen`.
    """
    query = select(Meeting).where(Meeting.id.in_({meeting.id for meeting in meetings})).order_by(Meeting.id)
    db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    if seen is not None and meetings[0].version != seen:
        raise Conflict(f"meeting {meetings[0].id}: version {seen} seen, {meetings[0].version} now")


def hold_item(item: AgendaItem, *, seen: int) -> Meeting:
    """Hold the meeting that the item stands on, which is answered.

    Raises Conflict when the item was changed since `seen`, was moved or taken off.
    """
    meeting = item.meeting
    hold(meeting)
    db.session.refresh(item)
    if item.meeting_id != meeting.id or item.removed_at is not None or item.version != seen:
        raise Conflict(f"agenda item {item.id}: version {seen} seen, {item.version} now")
    return meeting


def refuse_when_over(meeting: Meeting) -> None:
    """Raises Conflict: a meeting that was held or cancelled stays as it was."""
    refuse_when_ended(meeting)
    if meeting.held_on < clock.today():
        raise Conflict(f"meeting {meeting.id} is over")


def refuse_when_ended(meeting: Meeting) -> None:
    """Raises Conflict: nothing is written down of a meeting that was cancelled, or after somebody has ended it."""
    if meeting.cancelled_at is not None or meeting.ended_at is not None:
        raise Conflict(f"meeting {meeting.id} is ended or cancelled")


def items_in_order(meeting: Meeting) -> list[AgendaItem]:
    """What stands on the meeting now, for verbs; for people it is `queries.agenda`."""
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(AgendaItem.position, AgendaItem.id)))
