"""What a federation decided about time, each duty's due steps as rows, and the digests that were made of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.cases.models import Duty
from lexheller.core.db import Model, UTCDateTime


class DeadlineSettings(Model):
    """One federation's choice; without a row `deadlines.settings.DEFAULTS` hold. Limits are checked by the verb."""

    __tablename__ = "deadline_settings"
    __table_args__ = (CheckConstraint("answer_days BETWEEN 1 AND 250", name="answer_days_sensible"),)

    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"), primary_key=True, autoincrement=False)
    acknowledge_days: Mapped[int]
    answer_days: Mapped[int]
    extension_days: Mapped[int]
    most_extensions: Mapped[int]
    remind_before_days: Mapped[int]
    escalate_after_days: Mapped[list[int]] = mapped_column(JSON)
    quiet_from: Mapped[str] = mapped_column(String(5))
    quiet_to: Mapped[str] = mapped_column(String(5))
    digest_at: Mapped[str] = mapped_column(String(5))
    not_solved_days: Mapped[int]
    follow_up_weeks: Mapped[int]
    link_days: Mapped[int]


class DueStep(Model):
    """A step that fires once per duty, step and clock round (P8), or is cancelled.

    `days` are the working days that it lies from opening or due date: the duty's own terms, whatever the settings say
    later. `rung` is how far up it went, empty when nobody was left to tell.
    """

    __tablename__ = "due_step"
    __table_args__ = (
        UniqueConstraint("duty_id", "step", "clock_round"),
        Index(
            "ix_due_step_waiting",
            "federation_id",
            "due_at",
            sqlite_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
        ),
        CheckConstraint(
            "step IN ('acknowledge', 'remind', 'overdue', 'escalate_1', 'escalate_2', 'escalate_3')",
            name="step_known",
        ),
        CheckConstraint("fired_at IS NULL OR cancelled_at IS NULL", name="fired_or_cancelled"),
        CheckConstraint("fired_at IS NULL OR fired_at >= due_at", name="never_early"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"))
    step: Mapped[str] = mapped_column(String(12))
    clock_round: Mapped[int]
    days: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rung: Mapped[str | None] = mapped_column(String(12))

    duty: Mapped[Duty] = relationship()


class Digest(Model):
    """What one sweep has to tell one recipient: one mail, however many cases."""

    __tablename__ = "digest"

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rung: Mapped[str] = mapped_column(String(12))
    recipient_type: Mapped[str] = mapped_column(String(20))
    recipient_id: Mapped[int]


class DigestLine(Model):
    """One reason to write about one duty. `recipient_id` is the recipient as this duty knows them: the answer link, the
    responsible manager whose superior it is, or the user. Without a due step the office asked for it by hand.
    """

    __tablename__ = "digest_line"
    __table_args__ = (UniqueConstraint("digest_id", "duty_id", "due_step_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id"))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    due_step_id: Mapped[int | None] = mapped_column(ForeignKey("due_step.id"))
    recipient_id: Mapped[int]

    digest: Mapped[Digest] = relationship()
    duty: Mapped[Duty] = relationship()
    due_step: Mapped[DueStep | None] = relationship()
