"""Reading meetings and agendas: the viewer comes first, and who does not prepare meetings sees none (P15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.faults.models import Fault
from lexheller.faults.queries import visible
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.permissions import demand, may_prepare
from lexheller.meetings.states import Outcome

PAST_SHOWN = 120


def meeting_for(actor: Actor, federation_id: int, meeting_id: int) -> Meeting:
    """Raises NotAllowedToSee: missing, another federation's and forbidden look alike."""
    demand(actor, federation_id)
    query = select(Meeting).where(Meeting.id == meeting_id, Meeting.federation_id == federation_id)
    meeting = db.session.scalar(query.options(joinedload(Meeting.group)))
    if meeting is None:
        raise NotAllowedToSee(f"meeting {meeting_id}")
    return meeting


def item_for(actor: Actor, meeting: Meeting, item_id: int) -> AgendaItem:
    """An item that has stood on the meeting, live or not. Raises NotAllowedToSee."""
    demand(actor, meeting.federation_id)
    query = select(AgendaItem).where(
        AgendaItem.id == item_id,
        AgendaItem.federation_id == meeting.federation_id,
        or_(AgendaItem.meeting_id == meeting.id, AgendaItem.moved_from_id == meeting.id),
    )
    item = db.session.scalar(query.options(*whole_item()))
    if item is None:
        raise NotAllowedToSee(f"agenda item {item_id}")
    return item


def upcoming(actor: Actor, federation_id: int, group_id: int | None = None) -> list[Meeting]:
    """Meetings from today on that are to be held, of one group or of all, the next one first."""
    if not may_prepare(actor, federation_id):
        return []
    query = _to_come(federation_id, clock.today())
    return list(db.session.scalars(query if group_id is None else query.where(Meeting.group_id == group_id)))


def past(actor: Actor, federation_id: int, group_id: int | None = None) -> list[Meeting]:
    """Meetings that were held or cancelled, the latest first; at most PAST_SHOWN."""
    if not may_prepare(actor, federation_id):
        return []
    query = select(Meeting).where(
        Meeting.federation_id == federation_id,
        or_(Meeting.held_on < clock.today(), Meeting.cancelled_at.is_not(None), Meeting.ended_at.is_not(None)),
    )
    if group_id is not None:
        query = query.where(Meeting.group_id == group_id)
    query = query.options(joinedload(Meeting.group))
    return list(db.session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(PAST_SHOWN)))


def next_meeting(actor: Actor, federation_id: int) -> Meeting | None:
    """The first of `upcoming`."""
    return next(iter(upcoming(actor, federation_id)), None)


def agenda(actor: Actor, meeting: Meeting) -> list[AgendaItem]:
    """What stands on the meeting now, in order, with cases and where they came from."""
    return _items(actor, meeting.federation_id, AgendaItem.meeting_id == meeting.id)


def moved_on(actor: Actor, meeting: Meeting) -> list[AgendaItem]:
    """What stood on the meeting and now stands on another."""
    return _items(actor, meeting.federation_id, AgendaItem.moved_from_id == meeting.id)


def waiting(actor: Actor, federation_id: int) -> list[AgendaItem]:
    """Items left on cancelled meetings, and what an ended meeting postponed without a next one to go on to."""
    cancelled = select(Meeting.id).where(Meeting.federation_id == federation_id, Meeting.cancelled_at.is_not(None))
    ended = select(Meeting.id).where(Meeting.federation_id == federation_id, Meeting.ended_at.is_not(None))
    gone_on = select(AgendaItem.continues_id).where(
        AgendaItem.federation_id == federation_id, AgendaItem.continues_id.is_not(None)
    )
    left_behind = and_(
        AgendaItem.meeting_id.in_(ended),
        AgendaItem.outcome == Outcome.POSTPONED,
        AgendaItem.id.not_in(gone_on),
    )
    return _items(actor, federation_id, or_(AgendaItem.meeting_id.in_(cancelled), left_behind))


def not_ended(actor: Actor, federation_id: int) -> list[Meeting]:
    """Meetings whose day has been and that nobody has ended, with something on them; the oldest first."""
    if not may_prepare(actor, federation_id):
        return []
    stands = select(AgendaItem.meeting_id).where(
        AgendaItem.federation_id == federation_id, AgendaItem.removed_at.is_(None)
    )
    query = select(Meeting).where(
        Meeting.federation_id == federation_id,
        Meeting.cancelled_at.is_(None),
        Meeting.ended_at.is_(None),
        Meeting.held_on < clock.today(),
        Meeting.id.in_(stands),
    )
    return list(db.session.scalars(query.options(joinedload(Meeting.group)).order_by(Meeting.held_on, Meeting.id)))


def item_counts(meetings: Iterable[Meeting]) -> dict[int, int]:
    """Live items by meeting id, in one query; meetings without any are missing."""
    query = select(AgendaItem.meeting_id, func.count(AgendaItem.id).label("items")).where(
        AgendaItem.meeting_id.in_({meeting.id for meeting in meetings}), AgendaItem.removed_at.is_(None)
    )
    return {row.meeting_id: row.items for row in db.session.execute(query.group_by(AgendaItem.meeting_id))}


def meetings_of_case(actor: Actor, case: Case) -> list[AgendaItem]:
    """The case's live places on agendas with their meetings, the earliest meeting first."""
    found = _items(actor, case.federation_id, AgendaItem.case_id == case.id)
    return sorted(found, key=lambda item: (item.meeting.held_on, item.id))


def meetings_of_fault(actor: Actor, fault: Fault) -> list[AgendaItem]:
    """The fault's live places on agendas with their meetings, the earliest meeting first."""
    found = _items(actor, fault.federation_id, AgendaItem.fault_id == fault.id)
    return sorted(found, key=lambda item: (item.meeting.held_on, item.id))


def fault_numbers(fault_ids: Iterable[int]) -> dict[int, str]:
    """Diary numbers of faults for a timeline, in one query."""
    query = select(Fault.id, Fault.number).where(Fault.id.in_(set(fault_ids)))
    return {row.id: row.number for row in db.session.execute(query)}


def fault_by_number(actor: Actor, federation_id: int, number: str) -> Fault | None:
    """The fault with that diary number, of those that the actor may see."""
    return db.session.scalar(visible(actor, federation_id).where(Fault.number == number).limit(1))


def live_on(group_id: int, day: date) -> Meeting | None:
    """The group's meeting that day, for verbs that must not make a second one."""
    query = select(Meeting).where(Meeting.group_id == group_id, Meeting.cancelled_at.is_(None), Meeting.held_on == day)
    return db.session.scalar(query)


def following(meeting: Meeting) -> Meeting | None:
    """Where the meeting's items go when they leave it: the group's next planned one after it, none of the past."""
    query = _to_come(meeting.federation_id, max(meeting.held_on, clock.today()))
    return db.session.scalar(query.where(Meeting.id != meeting.id, Meeting.group_id == meeting.group_id).limit(1))


def first_to_come(meeting: Meeting) -> Meeting | None:
    """The group's next planned meeting, for items that wait on one that is not held."""
    query = _to_come(meeting.federation_id, clock.today()).where(Meeting.group_id == meeting.group_id)
    return db.session.scalar(query.limit(1))


def days_taken(group_id: int, first: date, last: date) -> set[date]:
    """Days from `first` to `last`, both counted, on which the group meets already."""
    query = select(Meeting.held_on).where(
        Meeting.group_id == group_id, Meeting.cancelled_at.is_(None), Meeting.held_on.between(first, last)
    )
    return set(db.session.scalars(query))


def _to_come(federation_id: int, day: date) -> Select[Meeting]:
    query = select(Meeting).where(
        Meeting.federation_id == federation_id,
        Meeting.cancelled_at.is_(None),
        Meeting.ended_at.is_(None),
        Meeting.held_on >= day,
    )
    return query.options(joinedload(Meeting.group)).order_by(Meeting.held_on, Meeting.id)


def _items(actor: Actor, federation_id: int, condition: ColumnElement[bool]) -> list[AgendaItem]:
    if not may_prepare(actor, federation_id):
        return []
    query = select(AgendaItem).where(
        AgendaItem.federation_id == federation_id,
        AgendaItem.removed_at.is_(None),
        condition,
    )
    return list(db.session.scalars(query.options(*whole_item()).order_by(AgendaItem.position, AgendaItem.id)))


def whole_item() -> Sequence[ExecutableOption]:
    """What lists and papers show of other tables, in one query."""
    return (
        joinedload(AgendaItem.meeting).joinedload(Meeting.group),
        joinedload(AgendaItem.moved_from),
        joinedload(AgendaItem.decided_unit),
        joinedload(AgendaItem.action),
        joinedload(AgendaItem.fault).joinedload(Fault.let_go),
        joinedload(AgendaItem.fault).joinedload(Fault.should_catch),
        joinedload(AgendaItem.case).joinedload(Case.theme),
        joinedload(AgendaItem.case).joinedload(Case.concerned_organisation),
        joinedload(AgendaItem.case).joinedload(Case.reporting_organisation),
    )
