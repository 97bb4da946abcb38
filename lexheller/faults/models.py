"""System faults, the cases that show them, and what the federation was proposed to look at.

No row goes but by a disposal.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.cases.models import Case
from lexheller.core.db import Model, UTCDateTime
from lexheller.organisations.models import Federation, Municipality, Organisation, Theme, Unit


class Fault(Model):
    """A recurring or structural fault. `version` is raised by every step (P13).

    Between whom: `let_go_organisation_id` let go, `should_catch_organisation_id` should have caught. Owner: a unit, or
    the federation itself where `owner_unit_id` is empty; `owner_since` is empty as long as nobody has been named.
    `decision` is the one that stands; `former_decisions` holds those before it, each a paragraph that begins with its
    day, the latest first. `ending` says why it is closed or left as it is. `recurred_on` is the day a case came on it
    after it was over, until it ends anew.
    """

    __tablename__ = "fault"
    __table_args__ = (
        UniqueConstraint("federation_id", "number"),
        Index("ix_fault_list", "federation_id", "status", "opened_on", "id"),
        CheckConstraint(
            "status IN ('suspected', 'confirmed', 'lifted', 'decided', 'being_mended', 'followed_up', 'closed', "
            "'accepted')",
            name="status_known",
        ),
        CheckConstraint("broken IS NULL OR broken IN ('agreement', 'rule', 'routine', 'other')", name="broken_known"),
        CheckConstraint("(status IN ('closed', 'accepted')) = (ended_on IS NOT NULL)", name="over_has_day"),
        CheckConstraint("length(title) > 0", name="has_title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    number: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(160))
    status: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    opened_on: Mapped[date]
    opened_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    what_happens: Mapped[str] = mapped_column(Text, default="")
    let_go_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    should_catch_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    broken: Mapped[str | None] = mapped_column(String(10))
    broken_what: Mapped[str] = mapped_column(Text, default="")
    who_is_hit: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    way_round: Mapped[str] = mapped_column(Text, default="")
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    owner_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    owner_since: Mapped[date | None]
    decision: Mapped[str | None] = mapped_column(Text)
    decided_on: Mapped[date | None]
    former_decisions: Mapped[str] = mapped_column(Text, default="")
    ending: Mapped[str | None] = mapped_column(Text)
    ended_on: Mapped[date | None]
    recurred_on: Mapped[date | None]

    federation: Mapped[Federation] = relationship()
    let_go: Mapped[Organisation | None] = relationship(foreign_keys=[let_go_organisation_id])
    should_catch: Mapped[Organisation | None] = relationship(foreign_keys=[should_catch_organisation_id])
    theme: Mapped[Theme | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    owner_unit: Mapped[Unit | None] = relationship()


class FaultCase(Model):
    """That a case shows a fault: who said so, when and why; taken apart again it stays to be read."""

    __tablename__ = "fault_case"
    __table_args__ = (
        Index(
            "uq_fault_case_once",
            "fault_id",
            "case_id",
            unique=True,
            sqlite_where=text("unlinked_at IS NULL"),
            postgresql_where=text("unlinked_at IS NULL"),
        ),
        Index("ix_fault_case_case", "case_id"),
        CheckConstraint("(unlinked_at IS NULL) = (unlink_why IS NULL)", name="unlinked_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    fault_id: Mapped[int] = mapped_column(ForeignKey("fault.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    linked_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    why: Mapped[str] = mapped_column(String(300))
    unlinked_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    unlinked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    unlink_why: Mapped[str | None] = mapped_column(String(300))

    fault: Mapped[Fault] = relationship()
    case: Mapped[Case] = relationship()


class FaultNews(Model):
    """What the office told one case's reporter about a fault; shown on the receipt page, once for each telling."""

    __tablename__ = "fault_news"
    __table_args__ = (Index("ix_fault_news_case", "case_id"), UniqueConstraint("fault_id", "case_id", "occasion"))

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    fault_id: Mapped[int] = mapped_column(ForeignKey("fault.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    occasion: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    told_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    case_closed: Mapped[bool] = mapped_column(default=False)

    fault: Mapped[Fault] = relationship()
    case: Mapped[Case] = relationship()


class Pattern(Model):
    """A combination of structured fields in which reports gather, found by the nightly job and proposed to the office.

    `pattern_key` names the combination: what has been settled is not proposed again. `trend`: rising or recurring.
    """

    __tablename__ = "fault_pattern"
    __table_args__ = (
        UniqueConstraint("federation_id", "pattern_key"),
        Index("ix_fault_pattern_status", "federation_id", "status", "id"),
        CheckConstraint("status IN ('open', 'taken', 'put_aside', 'merged')", name="status_known"),
        CheckConstraint("trend IN ('rising', 'recurring')", name="trend_known"),
        CheckConstraint("(status = 'open') = (settled_at IS NULL)", name="settled_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    pattern_key: Mapped[str] = mapped_column(String(80))
    reporting_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    concerned_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    trend: Mapped[str] = mapped_column(String(10))
    case_count: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    found_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(10), default="open")
    fault_id: Mapped[int | None] = mapped_column(ForeignKey("fault.id"))
    settled_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settle_why: Mapped[str | None] = mapped_column(String(300))

    reporting_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[reporting_organisation_id])
    concerned_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[concerned_organisation_id])
    theme: Mapped[Theme | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    fault: Mapped[Fault | None] = relationship()
