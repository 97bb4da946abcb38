"""Groups that meet, who belongs to them, their meetings and what stands on the agendas.

No row goes but by a disposal: a group is retired, a membership ends, a meeting is cancelled, an item taken off.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.accounts.models import User
from lexheller.actions.models import Action
from lexheller.cases.models import Case
from lexheller.core.db import Model, UTCDateTime
from lexheller.faults.models import Fault
from lexheller.organisations.models import Unit

_NOT_CANCELLED = text("cancelled_at IS NULL")
_LIVE = text("removed_at IS NULL")


class MeetingGroup(Model):
    """Who meets. `name` is the federation's own name for it; empty, it is called by its kind.

    A federation has one group of a kind that is in use.
    """

    __tablename__ = "meeting_group"
    __table_args__ = (
        Index(
            "uq_meeting_group_kind",
            "federation_id",
            "kind",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
        CheckConstraint("kind IN ('preparatory', 'board', 'steering')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GroupMember(Model):
    """Who reads a group's material, from `from_on` until `to_on`, the first day on which they no longer do."""

    __tablename__ = "meeting_group_member"
    __table_args__ = (
        Index(
            "uq_meeting_group_member_once",
            "group_id",
            "user_id",
            unique=True,
            sqlite_where=text("to_on IS NULL"),
            postgresql_where=text("to_on IS NULL"),
        ),
        Index("ix_meeting_group_member_user", "user_id", "federation_id"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("meeting_group.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    user: Mapped[User] = relationship()


class Meeting(Model):
    """`starts_at` is `HH:MM` in Sweden. `version` is raised by every change, of the agenda too (P13).

    A group has at most one meeting a day that is not cancelled. From `ended_at` on nothing on it changes.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        Index(
            "uq_meeting_one_a_day",
            "group_id",
            "held_on",
            unique=True,
            sqlite_where=_NOT_CANCELLED,
            postgresql_where=_NOT_CANCELLED,
        ),
        Index("ix_meeting_days", "federation_id", "held_on", "id"),
        CheckConstraint("material_due_on <= held_on", name="material_before_meeting"),
        CheckConstraint("starts_at IS NULL OR length(starts_at) = 5", name="starts_at_a_clock_time"),
        CheckConstraint("cancelled_at IS NULL OR ended_at IS NULL", name="cancelled_or_held"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("meeting_group.id"))
    held_on: Mapped[date]
    starts_at: Mapped[str | None] = mapped_column(String(5))
    place: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(1000))
    material_due_on: Mapped[date]
    material_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    group: Mapped[MeetingGroup] = relationship()


class AgendaItem(Model):
    """What a case or a fault is on the agenda for. Live until `removed_at`; on a cancelled meeting it waits for one.

    `placed_at` is when it came onto the meeting it stands on now, `put_at` when it was first put on any.
    `moved_from_id` is the meeting it came from last, `moved_count` how often it has been moved. What a meeting that
    ended did not deal with stays there to be read and goes on as a new item, whose `continues_id` is this one; one that
    goes on as nothing new has such an item that is `removed_at` from the start (`meetings.going_on`).
    The six texts are what the group reads, as the office wrote them; before `described_at` they are proposed anew
    each time. `version` is raised by every change of the texts and of what was decided (P13).
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index(
            "uq_agenda_item_case_once", "meeting_id", "case_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
        Index(
            "uq_agenda_item_fault_once",
            "meeting_id",
            "fault_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("uq_agenda_item_continues", "continues_id", unique=True),
        Index("ix_agenda_item_order", "federation_id", "meeting_id", "position", "id"),
        Index("ix_agenda_item_case", "case_id"),
        Index("ix_agenda_item_fault", "fault_id"),
        CheckConstraint("(case_id IS NULL) != (fault_id IS NULL)", name="one_subject"),
        CheckConstraint("outcome IS NULL OR outcome IN ('decided', 'postponed', 'noted')", name="outcome_known"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="outcome_has_time"),
        CheckConstraint("outcome IS NULL OR outcome != 'decided' OR length(decision) > 0", name="decided_says_what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    moved_count: Mapped[int] = mapped_column(default=0)
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    fault_id: Mapped[int | None] = mapped_column(ForeignKey("fault.id"))
    position: Mapped[int]
    put_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    put_at: Mapped[datetime] = mapped_column(UTCDateTime)
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    why: Mapped[str] = mapped_column(String(300))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    described_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    title: Mapped[str] = mapped_column(String(160), default="")
    what: Mapped[str] = mapped_column(Text, default="")
    how_often: Mapped[str] = mapped_column(Text, default="")
    between: Mapped[str] = mapped_column(Text, default="")
    tried: Mapped[str] = mapped_column(Text, default="")
    proposed: Mapped[str] = mapped_column(Text, default="")

    outcome: Mapped[str | None] = mapped_column(String(10))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    decided_who: Mapped[str] = mapped_column(String(200), default="")
    decided_by_on: Mapped[date | None]
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))

    meeting: Mapped[Meeting] = relationship(foreign_keys=[meeting_id])
    moved_from: Mapped[Meeting | None] = relationship(foreign_keys=[moved_from_id])
    case: Mapped[Case | None] = relationship()
    fault: Mapped[Fault | None] = relationship()
    decided_unit: Mapped[Unit | None] = relationship()
    action: Mapped[Action | None] = relationship()
