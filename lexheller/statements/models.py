"""What a federation has written for its two open statements. Table only."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model


class StatementSettings(Model):
    """One row a federation; without it `statements.rules.Details` as they stand hold. Limits are the verb's.

    `updated_on`: the day in Sweden of the last change, None before the first.
    """

    __tablename__ = "statement_settings"
    __table_args__ = (
        CheckConstraint("conformity IN ('full', 'partial', 'none')", name="conformity_known"),
        CheckConstraint("tested_by IN ('self', 'other')", name="tested_by_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"), unique=True)
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(80))
    contact_address: Mapped[str | None] = mapped_column(String(300))
    conformity: Mapped[str] = mapped_column(String(10))
    shortcomings: Mapped[str | None] = mapped_column(Text)
    tested_on: Mapped[date | None]
    tested_by: Mapped[str] = mapped_column(String(10))
    officer_name: Mapped[str | None] = mapped_column(String(200))
    officer_email: Mapped[str | None] = mapped_column(String(254))
    officer_phone: Mapped[str | None] = mapped_column(String(80))
    operated_by: Mapped[str | None] = mapped_column(String(200))
    reporter_days: Mapped[int | None]
    updated_on: Mapped[date | None]
