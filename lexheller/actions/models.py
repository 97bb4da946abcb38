"""Actions: what is done because of cases and faults, by whom and by when, and whether it helped.

Types come from the federation's own list.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.actions.states import ActionStatus as ActionStatus
from lexheller.core.db import Model, UTCDateTime
from lexheller.organisations.models import Federation, Unit

LONGEST_WHO = 120
WAITS = "fired_at IS NULL AND cancelled_at IS NULL"


class FollowUpStatus(StrEnum):
    """CALLED_OFF: the action was reopened, so there is no effect to judge yet."""

    WAITING = "waiting"
    JUDGED = "judged"
    CALLED_OFF = "called_off"


class ActionType(Model):
    __tablename__ = "action_type"
    __table_args__ = (UniqueConstraint("federation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    key: Mapped[str] = mapped_column(String(80))
    label: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Action(Model):
    """`action_on` is the day it was done; the yearly report counts done ones by it. `due_on`: to be done by then.

    `number` is what people call it by: 1, 2, 3 … within the federation. An id is not shown, it counts all federations'.

    Owner: a unit, a named person (`who`), or the federation itself where both are empty. `version` is raised by every
    step (P13). `step_round` counts clocks: each due step fires once in each; 0 is an action from before there were
    clocks. `reopen_why` is of the latest reopening. An imported action may be done without `done_what`.
    """

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("federation_id", "number"),
        Index("ix_action_year", "federation_id", "action_on"),
        Index("ix_action_live", "federation_id", "status", "due_on"),
        CheckConstraint("status IN ('planned', 'under_way', 'done', 'cancelled')", name="status_known"),
        CheckConstraint("(status = 'done') = (action_on IS NOT NULL)", name="done_has_day"),
        CheckConstraint("(status = 'cancelled') = (cancel_why IS NOT NULL)", name="cancelled_for_a_reason"),
        CheckConstraint("owner_unit_id IS NULL OR who IS NULL", name="one_owner"),
        CheckConstraint("number_reached IS NULL OR number_reached >= 0", name="reached_is_a_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    number: Mapped[int]
    type_id: Mapped[int | None] = mapped_column(ForeignKey("action_type.id"))
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    action_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    owner_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    who: Mapped[str | None] = mapped_column(String(LONGEST_WHO))
    due_on: Mapped[date | None]
    done_what: Mapped[str] = mapped_column(Text, default="")
    number_reached: Mapped[int | None]
    cancel_why: Mapped[str | None] = mapped_column(Text)
    reopen_why: Mapped[str | None] = mapped_column(Text)
    step_round: Mapped[int] = mapped_column(default=1)

    federation: Mapped[Federation] = relationship()
    type: Mapped[ActionType | None] = relationship()
    owner_unit: Mapped[Unit | None] = relationship()


class ActionSeries(Model):
    """The number of a federation's latest action: its row is the lock under which the next one is drawn."""

    __tablename__ = "action_series"

    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"), primary_key=True, autoincrement=False)
    last_number: Mapped[int]


class ActionCase(Model):
    """An action answers one or many cases. Taken apart again, the event log keeps that it was so."""

    __tablename__ = "action_case"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False, index=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))


class ActionFault(Model):
    """An action is taken against one or many faults; the same holds."""

    __tablename__ = "action_fault"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True, autoincrement=False)
    fault_id: Mapped[int] = mapped_column(ForeignKey("fault.id"), primary_key=True, autoincrement=False, index=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))


class ActionTerm(Model):
    """A word stem that an action can be found by, as `cases.models.CaseTerm`."""

    __tablename__ = "action_term"
    __table_args__ = (Index("ix_action_term_lookup", "federation_id", "term", "action_id"),)

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True, autoincrement=False)
    term: Mapped[str] = mapped_column(
        String(60).with_variant(String(60, collation="C"), "postgresql"), primary_key=True
    )
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))


class FollowUp(Model):
    """A day on which the effect is to be judged. `measure` is what was counted then, frozen with the judgement.

    `step_round` counts the clocks of its day: moving it begins a new one.
    """

    __tablename__ = "action_follow_up"
    __table_args__ = (
        Index("ix_action_follow_up_action", "action_id"),
        Index("ix_action_follow_up_waiting", "federation_id", "status", "due_on"),
        CheckConstraint("status IN ('waiting', 'judged', 'called_off')", name="status_known"),
        CheckConstraint(
            "judgement IS NULL OR judgement IN ('worked', 'partly', 'did_not', 'too_early')", name="judgement_known"
        ),
        CheckConstraint(
            "(status = 'judged') = (judgement IS NOT NULL AND why IS NOT NULL AND judged_at IS NOT NULL)",
            name="judged_says_why",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(10), default=FollowUpStatus.WAITING)
    step_round: Mapped[int] = mapped_column(default=1)
    judgement: Mapped[str | None] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(Text)
    judged_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    measure: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    action: Mapped[Action] = relationship()


class ActionDueStep(Model):
    """A reminder or escalation that fires once per action (or follow-up), kind and round, or is cancelled (P8).

    `rung` is how far up it went (`deadlines.ladder.Rung.code`), empty when nobody was left to tell.
    """

    __tablename__ = "action_due_step"
    __table_args__ = (
        Index(
            "uq_action_due_step_action",
            "action_id",
            "kind",
            "round",
            unique=True,
            sqlite_where=text("follow_up_id IS NULL"),
            postgresql_where=text("follow_up_id IS NULL"),
        ),
        Index(
            "uq_action_due_step_follow_up",
            "follow_up_id",
            "kind",
            "round",
            unique=True,
            sqlite_where=text("follow_up_id IS NOT NULL"),
            postgresql_where=text("follow_up_id IS NOT NULL"),
        ),
        Index(
            "ix_action_due_step_waiting",
            "federation_id",
            "due_at",
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
        CheckConstraint(
            "kind IN ('remind', 'overdue', 'escalate_1', 'escalate_2', 'escalate_3', 'follow_up')", name="kind_known"
        ),
        CheckConstraint("fired_at IS NULL OR cancelled_at IS NULL", name="fired_or_cancelled"),
        CheckConstraint("fired_at IS NULL OR fired_at >= due_at", name="never_early"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("action_follow_up.id"))
    kind: Mapped[str] = mapped_column(String(12))
    round: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rung: Mapped[str | None] = mapped_column(String(12))

    action: Mapped[Action] = relationship()
    follow_up: Mapped[FollowUp | None] = relationship()
