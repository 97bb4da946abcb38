"""The yearly report as rows: its draft, its goal rows and its frozen editions.

A draft and its goals change; an edition never does, which the database itself sees to (migration 0016). What an edition
says stands whole in its `data`, so that it can be read when the cases are gone. What is large is read when it is asked
for, so that lists stay light. What a federation has chosen for its report is `organisations.report_settings`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model, UTCDateTime


class ReportDraft(Model):
    """A year's report while it is written. Made when the year is first compiled or first written about.

    `cut_off` is None while it is the last day of the year. `texts` are the office's own words by chapter. `version` is
    raised by every change of texts, goals or cut-off (P13). `is_open` from the first word until it is frozen, and again
    when something is written after that; while it is, and the year is the present one or the last, the figures are
    compiled every night into `compiled`, which also holds what installations kept as compilations before there were
    drafts. An approval is of one hash and no other.
    """

    __tablename__ = "report_draft"
    __table_args__ = (
        UniqueConstraint("federation_id", "year"),
        CheckConstraint("(approved_hash IS NULL) = (approved_at IS NULL)", name="approval_has_time"),
        CheckConstraint("(compiled_hash IS NULL) = (compiled_at IS NULL)", name="compilation_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    year: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    is_open: Mapped[bool] = mapped_column(default=True)
    cut_off: Mapped[date | None]
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    compiled: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    compiled_hash: Mapped[str | None] = mapped_column(String(64))
    compiled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_hash: Mapped[str | None] = mapped_column(String(64))
    approved_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_by: Mapped[str | None] = mapped_column(String(200))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GoalRow(Model):
    """One row of the goals (Åtagande | Måluppfyllelse | Kommentar). `position` counts from 1 without gaps."""

    __tablename__ = "report_goal"
    __table_args__ = (
        Index("ix_report_goal_order", "federation_id", "year", "position", "id"),
        CheckConstraint("fulfilment IN ('met', 'partly', 'not', 'not_assessable')", name="fulfilment_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    year: Mapped[int]
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    fulfilment: Mapped[str] = mapped_column(String(14))
    comment: Mapped[str] = mapped_column(Text, default="")


class Edition(Model):
    """One frozen report. Never altered, never deleted.

    `data` is all that it says, without the `hash` over it: the figures with their cases, what may leave the office
    (`public`) and the words that readers are told in each language (`told`), in the shape that `format` names.
    """

    __tablename__ = "report_edition"
    __table_args__ = (
        UniqueConstraint("federation_id", "year", "number"),
        UniqueConstraint("federation_id", "diary_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    year: Mapped[int]
    number: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    hash: Mapped[str] = mapped_column(String(64))
    cut_off: Mapped[date]
    approved_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    approved_by: Mapped[str] = mapped_column(String(200))
    approved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    diary_number: Mapped[str] = mapped_column(String(40))


class EditionPublication(Model):
    """That an edition stands, or stood, on the federation's open page. A withdrawn one may be published anew."""

    __tablename__ = "report_publication"
    __table_args__ = (
        Index(
            "uq_report_publication_live",
            "edition_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_report_publication_federation", "federation_id", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("report_edition.id"))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    edition: Mapped[Edition] = relationship()
