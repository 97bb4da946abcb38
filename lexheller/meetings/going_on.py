"""How an item leaves one meeting and goes on at another, and what is left behind of it. No events: the verbs record.

Before its meeting has ended an item moves, row and all. Afterwards it stays there to be read and goes on as a new row
whose `continues_id` is the first one's. Where nothing new comes of it (the same stands on the other meeting already and
continues something else, or it goes on no further) a row that was taken off from the start says so.
"""

from __future__ import annotations

from sqlalchemy import func, select

from lexheller.core import clock
from lexheller.core.db import db
from lexheller.meetings.holding import items_in_order
from lexheller.meetings.models import AgendaItem, Meeting

TEXTS = ("title", "what", "how_often", "between", "tried", "proposed", "described_at")


def pass_on(item: AgendaItem, target: Meeting) -> bool:
    """Put the item last on the target, both meetings held. False: the same stood there already, and stands once."""
    moves = place_of(item, target) is None
    if moves:
        item.position = last_position(target) + 1
        item.moved_from_id, item.meeting_id = item.meeting_id, target.id
        item.moved_count += 1
        item.placed_at = clock.now()
        target.version += 1
    else:
        item.removed_at = clock.now()
    db.session.flush()
    db.session.refresh(item)
    return moves


def continue_on(item: AgendaItem, target: Meeting, user_id: int) -> bool:
    """A new item on the target, with the texts and the history of this one, which stays where it was postponed.

    False: the same stood there already; that one goes on for it, and keeps what it went on for before.
    """
    there = place_of(item, target)
    if there is not None:
        _join(item, there, user_id)
        target.version += 1
        db.session.flush()
        return False
    again = _row_after(item, target, user_id)
    again.moved_from_id, again.moved_count = item.meeting_id, item.moved_count + 1
    again.position = last_position(target) + 1
    for name in TEXTS:
        setattr(again, name, getattr(item, name))
    db.session.add(again)
    target.version += 1
    db.session.flush()
    return True


def go_no_further(item: AgendaItem, user_id: int) -> None:
    """The item waits for no meeting any more; where it was postponed it stands as before."""
    db.session.add(_taken_off(_row_after(item, item.meeting, user_id)))
    db.session.flush()


def continuation_of(item: AgendaItem) -> AgendaItem | None:
    """What the item goes on as; on its own meeting where it went no further."""
    return db.session.scalar(select(AgendaItem).where(AgendaItem.continues_id == item.id))


def place_of(item: AgendaItem, meeting: Meeting) -> AgendaItem | None:
    """Where the same case or fault stands on the meeting."""
    subject = item.case_id, item.fault_id
    return next((one for one in items_in_order(meeting) if (one.case_id, one.fault_id) == subject), None)


def last_position(meeting: Meeting) -> int:
    query = select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting.id)
    return db.session.scalar(query) or 0


def _join(item: AgendaItem, there: AgendaItem, user_id: int) -> None:
    if there.continues_id is None:
        there.continues_id = item.id
        there.moved_from_id = there.moved_from_id or item.meeting_id
    else:
        db.session.add(_taken_off(_row_after(item, there.meeting, user_id)))
    there.moved_count = max(there.moved_count, item.moved_count + 1)
    if there.described_at is None:
        for name in TEXTS:
            setattr(there, name, getattr(item, name))
    there.version += 1


def _row_after(item: AgendaItem, meeting: Meeting, user_id: int) -> AgendaItem:
    return AgendaItem(
        federation_id=item.federation_id,
        meeting_id=meeting.id,
        continues_id=item.id,
        case_id=item.case_id,
        fault_id=item.fault_id,
        position=item.position,
        put_by_user_id=user_id,
        put_at=item.put_at,
        placed_at=clock.now(),
        why=item.why,
    )


def _taken_off(row: AgendaItem) -> AgendaItem:
    row.removed_at = row.placed_at
    return row
