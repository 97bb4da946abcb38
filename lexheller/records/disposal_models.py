"""Plans for disposal, proposals with their decisions, and what remains of what was deleted. Tables only.

A plan is never edited: a new version stands beside the old ones. A line of a proposal whose `disposed_at` is set is a
tombstone: it points at nothing and holds no text.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model, UTCDateTime


class DisposalPlan(Model):
    """One version of a federation's plan; the highest is in force. `wait_days`: calendar days from a decision on."""

    __tablename__ = "disposal_plan"
    __table_args__ = (
        UniqueConstraint("federation_id", "version"),
        CheckConstraint("wait_days >= 1", name="waits_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    version: Mapped[int]
    decision: Mapped[str] = mapped_column(String(200))
    adopted_on: Mapped[date]
    adopted_by: Mapped[str] = mapped_column(String(200))
    wait_days: Mapped[int]
    written_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DisposalRule(Model):
    """What the plan says of one kind: see `disposal_rules.Rule`."""

    __tablename__ = "disposal_rule"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('case', 'reporter', 'fault', 'action', 'meeting', 'release', 'reading', 'sign_in')",
            name="kind_known",
        ),
        CheckConstraint("after IN ('closed', 'year_end')", name="after_known"),
        CheckConstraint("kept >= 1", name="kept_a_while"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("disposal_plan.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    kept: Mapped[int]
    after: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(300))


class Disposal(Model):
    """A proposal: what falls under the plan `as_of` a day. Two persons: one proposes, another decides.

    `not_before`: from when it is carried out; until then there is a way back.
    """

    __tablename__ = "disposal"
    __table_args__ = (
        CheckConstraint("status IN ('proposed', 'decided', 'done', 'called_off')", name="status_known"),
        CheckConstraint("decided_by_user_id IS NULL OR decided_by_user_id != proposed_by_user_id", name="two_persons"),
        CheckConstraint(
            "status NOT IN ('decided', 'done') OR "
            "(decided_by_user_id IS NOT NULL AND decided_at IS NOT NULL AND not_before IS NOT NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("(status IN ('done', 'called_off')) = (ended_at IS NOT NULL)", name="ended_has_time"),
        Index(
            "uq_disposal_one_under_way",
            "federation_id",
            unique=True,
            sqlite_where=text("status IN ('proposed', 'decided')"),
            postgresql_where=text("status IN ('proposed', 'decided')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("disposal_plan.id"))
    as_of: Mapped[date]
    status: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    proposed_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    called_off_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    plan: Mapped[DisposalPlan] = relationship()


class DisposalItem(Model):
    """One case, fault, action, meeting or request of a proposal. `year`: the one that it began in.

    `left_why` (`disposal_rules.Hindrance`): it stayed when the rest was deleted.
    """

    __tablename__ = "disposal_item"
    __table_args__ = (
        UniqueConstraint("disposal_id", "kind", "subject_id"),
        CheckConstraint("kind IN ('case', 'fault', 'action', 'meeting', 'release')", name="kind_known"),
        CheckConstraint("disposed_at IS NULL OR left_why IS NULL", name="gone_or_left"),
        Index(
            "uq_disposal_item_gone_once",
            "federation_id",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text("disposed_at IS NOT NULL"),
            postgresql_where=text("disposed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposal.id"))
    kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[int]
    number: Mapped[str] = mapped_column(String(200))
    year: Mapped[int]
    ended_on: Mapped[date]
    disposed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_why: Mapped[str | None] = mapped_column(String(12))
