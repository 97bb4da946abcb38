"""Who may read which meeting's material: whoever prepares meetings, and the members of the group that meets.

A member reads nothing before the office has sent the material out, nothing of a cancelled meeting, and nothing after
they have left the group.
"""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor, Right
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.meetings.groups import belongs_to, group_ids_of
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.permissions import may_prepare
from lexheller.meetings.queries import whole_item

MOST_SHOWN = 24


def may_read(actor: Actor, meeting: Meeting) -> bool:
    """Whether the meeting exists for the actor at all; `is_out` says whether its material does."""
    if may_prepare(actor, meeting.federation_id):
        return True
    if meeting.cancelled_at is not None or not actor.may(Right.READ_MATERIAL, meeting.federation_id):
        return False
    return belongs_to(actor.user_id, meeting.group_id)


def meeting_to_read(actor: Actor, federation_id: int, meeting_id: int) -> Meeting:
    """Raises NotAllowedToSee: missing, another federation's, another group's and forbidden look alike."""
    query = select(Meeting).where(Meeting.id == meeting_id, Meeting.federation_id == federation_id)
    meeting = db.session.scalar(query.options(joinedload(Meeting.group)))
    if meeting is None or not may_read(actor, meeting):
        raise NotAllowedToSee(f"meeting {meeting_id}")
    return meeting


def is_out(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor is shown the material now: whoever prepares it always, the group once it has been sent."""
    return may_prepare(actor, meeting.federation_id) or meeting.material_sent_at is not None


def items_to_read(actor: Actor, meeting: Meeting) -> list[AgendaItem]:
    """What stands on the meeting, in order; for the group what was there when the material was last sent out.

    Raises NotAllowedToSee.
    """
    if not may_read(actor, meeting):
        raise NotAllowedToSee(f"meeting {meeting.id}")
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.removed_at.is_(None))
    if not may_prepare(actor, meeting.federation_id):
        if meeting.material_sent_at is None:
            return []
        query = query.where(AgendaItem.placed_at <= meeting.material_sent_at)
    return list(db.session.scalars(query.options(*whole_item()).order_by(AgendaItem.position, AgendaItem.id)))


def meetings_of_member(actor: Actor, federation_id: int) -> list[Meeting]:
    """Meetings of the groups in which the actor is listed: those to come, the next first, then those that have been."""
    if not actor.may(Right.READ_MATERIAL, federation_id):
        return []
    groups = group_ids_of(actor.user_id, federation_id)
    if not groups:
        return []
    live = Meeting.cancelled_at.is_(None), Meeting.group_id.in_(groups), Meeting.federation_id == federation_id
    today = clock.today()
    query = select(Meeting).where(*live).options(joinedload(Meeting.group))
    coming = query.where(Meeting.held_on >= today, Meeting.ended_at.is_(None)).order_by(Meeting.held_on, Meeting.id)
    over = query.where(or_(Meeting.held_on < today, Meeting.ended_at.is_not(None)))
    latest = over.order_by(Meeting.held_on.desc(), Meeting.id.desc())
    return [*db.session.scalars(coming.limit(MOST_SHOWN)), *db.session.scalars(latest.limit(MOST_SHOWN))]
