"""Routing rules, in sets: a set is never altered, a change is a new version. So a duty can say by which it came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model, UTCDateTime


class RuleSet(Model):
    """The federation's highest version is the one in use."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("federation_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    version: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RoutingRule(Model):
    """An empty condition means any. Rules are tried in order of position."""

    __tablename__ = "routing_rule"
    __table_args__ = (UniqueConstraint("rule_set_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id"))
    position: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
