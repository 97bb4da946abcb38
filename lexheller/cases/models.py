"""The record: what a reporter sent in (`Report`), its handling (`Case`), a unit's task in it (`Duty`), its answer.

A report's texts are never altered. The reporter's address stands apart, in `ReporterContact`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model, UTCDateTime
from lexheller.organisations.models import Federation, Municipality, Organisation, Theme, Unit


class Report(Model):
    """`as_given` keeps, by field, words of an import that no list knew. `fingerprint` is set on imports alone."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("federation_id", "submission_id"),
        Index("ix_report_fingerprint", "federation_id", "fingerprint"),
        CheckConstraint("source IN ('form', 'import')", name="source_known"),
        CheckConstraint("length(what_happened) > 0", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    submission_id: Mapped[str] = mapped_column(String(36))
    receipt_code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(String(10))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    what_happened: Mapped[str] = mapped_column(Text)
    consequence: Mapped[str | None] = mapped_column(Text)
    done_at_once: Mapped[str | None] = mapped_column(Text)
    proposal: Mapped[str | None] = mapped_column(Text)
    reporting_unit: Mapped[str | None] = mapped_column(String(200))
    concerned_unit: Mapped[str | None] = mapped_column(String(200))
    as_given: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    locale: Mapped[str] = mapped_column(String(5), default="sv")


class ReporterContact(Model):
    """Where the reporter hears what came of it. Raising `link_version` revokes every mailed link."""

    __tablename__ = "reporter_contact"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True, autoincrement=False)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    email: Mapped[str] = mapped_column(String(254))
    link_version: Mapped[int] = mapped_column(default=1)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    report: Mapped[Report] = relationship()


class Case(Model):
    """`version` is raised by every step; an edit made on an older one meets a conflict (P13).

    `received_on` is the calendar day in Sweden: the clock of the yearly report. `doubts` lists codes of what an
    import could not place.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("federation_id", "number"),
        Index("ix_case_queue", "federation_id", "received_at", "id"),
        Index("ix_case_status", "federation_id", "status", "received_at", "id"),
        Index("ix_case_received_on", "federation_id", "received_on"),
        CheckConstraint(
            "status IN ('received', 'unrouted', 'assigned', 'accepted', 'answered', 'closed')",
            name="status_known",
        ),
        CheckConstraint("(status = 'closed') = (closed_on IS NOT NULL)", name="closed_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    number: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_on: Mapped[date]
    reporting_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    concerned_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    doubts: Mapped[list[str]] = mapped_column(JSON, default=list)
    in_doubt: Mapped[bool] = mapped_column(default=False)
    answered_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    conclusion: Mapped[str | None] = mapped_column(Text)

    federation: Mapped[Federation] = relationship()
    report: Mapped[Report] = relationship()
    reporting_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[reporting_organisation_id])
    concerned_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[concerned_organisation_id])
    municipality: Mapped[Municipality | None] = relationship()
    theme: Mapped[Theme | None] = relationship()


class Duty(Model):
    """One unit's task to answer. `why` says how it came here: rule, rule-set version, facts matched, fallback."""

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("case_id", "round", "unit_id"),
        Index("ix_duty_unit", "unit_id", "status", "due_on"),
        Index(
            "uq_duty_one_open",
            "case_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        CheckConstraint("status IN ('open', 'answered', 'returned', 'withdrawn')", name="status_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    round: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date]
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    return_reason: Mapped[str | None] = mapped_column(Text)

    case: Mapped[Case] = relationship()
    unit: Mapped[Unit] = relationship()


class Answer(Model):
    """The responsible manager's reply. A draft until `given_at`; imported answers have no duty."""

    __tablename__ = "answer"
    __table_args__ = (
        Index("ix_answer_case", "case_id"),
        CheckConstraint("given_at IS NULL OR length(steps_taken) > 0", name="given_says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"), unique=True)
    cause: Mapped[str] = mapped_column(Text, default="")
    steps_taken: Mapped[str] = mapped_column(Text, default="")
    consequence: Mapped[str] = mapped_column(Text, default="")
    follow_up: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    duty: Mapped[Duty | None] = relationship()


class CaseTerm(Model):
    """A word stem that a case can be found by: an inverted index that works alike on both databases.

    Collated by bytes, whatever the server's locale, so that the beginning of a word is a range of the index.
    """

    __tablename__ = "case_term"
    __table_args__ = (Index("ix_case_term_lookup", "federation_id", "term", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    term: Mapped[str] = mapped_column(
        String(60).with_variant(String(60, collation="C"), "postgresql"), primary_key=True
    )
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
