"""The facts that figures are made of: one row per fault and action, without free text, written with the events.

Those of cases are `cases.fact_models`.

How events become facts is `facts`. They outlive a disposal, so their ids point at nothing.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.cases.fact_models import Fact


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
