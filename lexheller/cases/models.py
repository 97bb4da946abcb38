"""The record: what a reporter sent in (`Report`), its handling (`Case`), a unit's task in it (`Duty`), its answer.

A report's texts are never altered. The reporter's address stands apart, in `ReporterContact`. What people say to each
other while the case is handled stands in `dialogue`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model, UTCDateTime
from lexheller.organisations.models import Federation, Municipality, Organisation, Theme, Unit

HELD = "held_at IS NOT NULL"
"""What waits for the office to look: the partial indexes that find it say the same words."""


class Report(Model):
    """`as_given` keeps, by field, words of an import, or of another federation's lists, that no list here knew.
    `fingerprint` is set on imports alone.

    `channel` tells how somebody who did not use the form told the office, which then registered the report.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("federation_id", "submission_id"),
        Index("ix_report_fingerprint", "federation_id", "fingerprint"),
        CheckConstraint("source IN ('form', 'import', 'office', 'handover')", name="source_known"),
        CheckConstraint("(source = 'office') = (channel IS NOT NULL)", name="office_has_channel"),
        CheckConstraint("length(what_happened) > 0", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    submission_id: Mapped[str] = mapped_column(String(36))
    receipt_code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str | None] = mapped_column(String(20))
    registered_by_user_id: Mapped[int | None]
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
    """Where the reporter hears what came of it. Raising `link_version` revokes every mailed link.

    `stay_unknown`: the reporter asked that even the office opens the address only with a reason, which is kept.
    """

    __tablename__ = "reporter_contact"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True, autoincrement=False)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    email: Mapped[str] = mapped_column(String(254))
    stay_unknown: Mapped[bool] = mapped_column(default=False)
    link_version: Mapped[int] = mapped_column(default=1)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    report: Mapped[Report] = relationship()


class Case(Model):
    """`version` is raised by every step; an edit made on an older one meets a conflict (P13).

    `received_on` is the calendar day in Sweden: the clock of the yearly report. `doubts` lists codes of what an
    import could not place. `merged_into_id` is the case of the same event that goes on. `shared_summary` is what
    people who are about to report something similar are shown of it: de-identified, written by the office.

    `held_at`: since when the report waits for the office to look, because somebody may be named in it (P24); until then
    nobody else sees it. `let_through_at` is when it had been looked at.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("federation_id", "number"),
        Index("ix_case_queue", "federation_id", "received_at", "id"),
        Index("ix_case_status", "federation_id", "status", "received_at", "id"),
        Index("ix_case_received_on", "federation_id", "received_on"),
        CheckConstraint(
            "status IN ('received', 'unrouted', 'assigned', 'accepted', 'collected', 'answered', 'closed')",
            name="status_known",
        ),
        CheckConstraint("(status = 'closed') = (closed_on IS NOT NULL)", name="closed_has_day"),
        CheckConstraint("merged_into_id IS NULL OR status = 'closed'", name="merged_is_closed"),
        Index("ix_case_merged", "merged_into_id"),
        Index("ix_case_shared", "federation_id", "shared_on"),
        Index("ix_case_held", "federation_id", "id", sqlite_where=text(HELD), postgresql_where=text(HELD)),
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
    concerned_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    doubts: Mapped[list[str]] = mapped_column(JSON, default=list)
    in_doubt: Mapped[bool] = mapped_column(default=False)
    answered_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    conclusion: Mapped[str | None] = mapped_column(Text)
    close_reason: Mapped[str | None] = mapped_column(String(20))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    shared_summary: Mapped[str | None] = mapped_column(Text)
    shared_on: Mapped[date | None]
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    let_through_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    federation: Mapped[Federation] = relationship()
    report: Mapped[Report] = relationship()
    reporting_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[reporting_organisation_id])
    concerned_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[concerned_organisation_id])
    municipality: Mapped[Municipality | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    concerned_unit: Mapped[Unit | None] = relationship()


class Duty(Model):
    """One unit's task to answer. `why` says how it came here: rule, rule-set version, facts matched, fallback.

    `answer_days` are the working days given, extensions included; `due_on` follows from them and the calendar.
    `paused_on`: the reporter was asked that day and the clock stands still. `late_on` is the first day it was overdue
    and is never taken back. `clock_round` counts clocks: each deadline step fires once in each. `version` is raised by
    every step on the duty, so that two parties can answer at the same time (P13).
    """

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("case_id", "round", "unit_id"),
        Index("ix_duty_unit", "unit_id", "status", "due_on"),
        Index("ix_duty_due", "federation_id", "status", "due_on"),
        Index(
            "uq_duty_one_live_per_unit",
            "case_id",
            "unit_id",
            unique=True,
            sqlite_where=text("status IN ('open', 'accepted')"),
            postgresql_where=text("status IN ('open', 'accepted')"),
        ),
        CheckConstraint("status IN ('open', 'accepted', 'answered', 'returned', 'withdrawn')", name="status_known"),
        CheckConstraint("(status IN ('open', 'accepted')) = (ended_at IS NULL)", name="ended_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    round: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_on: Mapped[date]
    answer_days: Mapped[int]
    extended_days: Mapped[int] = mapped_column(default=0)
    extension_reason: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date]
    paused_on: Mapped[date | None]
    late_on: Mapped[date | None]
    clock_round: Mapped[int] = mapped_column(default=1)
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    return_reason: Mapped[str | None] = mapped_column(Text)
    proposed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    case: Mapped[Case] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    proposed_unit: Mapped[Unit | None] = relationship(foreign_keys=[proposed_unit_id])


class Answer(Model):
    """A unit's reply to its duty; a draft until `given_at`. Without a duty: an imported answer, or, when `joint`, the
    one that the office wrote from several parties' answers. From `shared_at` on the reporter reads it.
    """

    __tablename__ = "answer"
    __table_args__ = (
        Index("ix_answer_case", "case_id"),
        CheckConstraint("given_at IS NULL OR length(steps_taken) > 0", name="given_says_something"),
        CheckConstraint("shared_at IS NULL OR given_at IS NOT NULL", name="shared_is_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"), unique=True)
    cause: Mapped[str] = mapped_column(Text, default="")
    steps_taken: Mapped[str] = mapped_column(Text, default="")
    consequence: Mapped[str] = mapped_column(Text, default="")
    follow_up: Mapped[str] = mapped_column(Text, default="")
    joint: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    shared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

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
