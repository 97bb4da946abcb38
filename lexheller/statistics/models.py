"""The facts that figures are made of: one row per case, fault and action, without free text, written with the events.

How events become facts is `facts`. They outlive a disposal, so their ids point at nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model


class Fact(Model):
    """`sequence` is the last event of the federation that it holds. All of it can be made again from the events."""

    __abstract__ = True

    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    milestones: Mapped[list[list[Any]]] = mapped_column(JSON)
    sequence: Mapped[int]


class CaseFact(Fact):
    """`milestones`: see `milestones.Milestone`. `touched_on` is the latest day on which something happened to it."""

    __tablename__ = "case_fact"
    __table_args__ = (Index("ix_case_fact_received_on", "federation_id", "received_on"),)

    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    reporting_organisation_id: Mapped[int | None]
    concerned_organisation_id: Mapped[int | None]
    municipality_id: Mapped[int | None]
    theme_id: Mapped[int | None]
    merged_into_id: Mapped[int | None]
    answered_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    touched_on: Mapped[date]


class FaultFact(Fact):
    """`milestones`: see `courses`. What the fault is called stands on the fault alone."""

    __tablename__ = "fault_fact"
    __table_args__ = (Index("ix_fault_fact_federation", "federation_id", "opened_on", "fault_id"),)

    fault_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(40))
    opened_on: Mapped[date]


class ActionFact(Fact):
    """`milestones`: see `courses`. `type_key` is the latest type. Its words stand on the action alone."""

    __tablename__ = "action_fact"
    __table_args__ = (Index("ix_action_fact_federation", "federation_id", "action_id"),)

    action_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    type_key: Mapped[str | None] = mapped_column(String(80))
