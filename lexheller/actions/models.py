"""Actions: what was done because of cases. Types come from the federation's own list."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model


class ActionStatus(StrEnum):
    PLANNED = "planned"
    DONE = "done"


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
    """`action_on` is the day it was, or is planned to be, done; the yearly report counts done ones by it."""

    __tablename__ = "action"
    __table_args__ = (
        Index("ix_action_year", "federation_id", "action_on"),
        CheckConstraint("status IN ('planned', 'done')", name="status_known"),
        CheckConstraint("status = 'planned' OR action_on IS NOT NULL", name="done_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("action_type.id"))
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    action_on: Mapped[date | None]

    type: Mapped[ActionType | None] = relationship()


class ActionCase(Model):
    """An action answers one or many cases."""

    __tablename__ = "action_case"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False, index=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
