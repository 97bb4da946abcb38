"""Routing rules, in sets: a published set is never altered, so that a duty can say by which rule it came.

A change is made in the federation's draft, which becomes the next version.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.accounts.models import User
from lexheller.core.db import Model, UTCDateTime


class RuleSet(Model):
    """`version` is the number that people see; a draft has none yet.

    `revision` is raised by every change of a draft: one made on an older revision meets a conflict (P13).
    `based_on_id` is the published set that a draft began as a copy of.
    """

    __tablename__ = "rule_set"
    __table_args__ = (
        UniqueConstraint("federation_id", "version"),
        Index(
            "uq_rule_set_one_draft",
            "federation_id",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
        Index(
            "uq_rule_set_one_in_use",
            "federation_id",
            unique=True,
            sqlite_where=text("status = 'in_use'"),
            postgresql_where=text("status = 'in_use'"),
        ),
        CheckConstraint("status IN ('draft', 'in_use', 'past')", name="status_known"),
        CheckConstraint("(status = 'draft') = (version IS NULL)", name="draft_has_no_version"),
        CheckConstraint("(status = 'draft') = (published_at IS NULL)", name="draft_is_not_published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    status: Mapped[str] = mapped_column(String(10))
    version: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("rule_set.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(String(500), default="")

    published_by: Mapped[User | None] = relationship()
    based_on: Mapped[RuleSet | None] = relationship(remote_side=[id])


class RoutingRule(Model):
    """An empty condition means any. Rules are tried in order of position.

    `unit_id` is where what fits is sent. `concerned_unit_id` is a condition: the unit that the report names.
    `activity_id` is one too: the funded activity (an organisation of that kind) that the report comes from.
    """

    __tablename__ = "routing_rule"
    __table_args__ = (UniqueConstraint("rule_set_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id"))
    position: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    concerned_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
