"""What is kept of each case for figures: one row without free text, written with the case's events (`statistics`).

It outlives a disposal, so its ids point at nothing: whoever counts cases counts these rows, whatever has been deleted.
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
    """`milestones`: see `statistics.milestones`. `touched_on` is the latest day on which something happened to it."""

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
