"""What is said around a case: questions to the reporter, notes, proposals, the reporter's own words afterwards.

Also who opened the reporter's address, the hand-over to another federation, links for managers, and more of the same
that happened to others. Tables only. What a reporter wrote and has `held_at` waits for the office to look, because
somebody may be named in it: nobody else is shown it (P24).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.cases.models import HELD, Case, Duty
from lexheller.core.db import Model, UTCDateTime
from lexheller.organisations.models import Federation, Municipality, Organisation, Theme


class ProposalKind(StrEnum):
    THEME = "theme"
    SYSTEM_FAULT = "system_fault"


class FeedbackKind(StrEnum):
    NOT_SOLVED = "not_solved"
    FOLLOW_UP = "follow_up"


class Worked(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class HandoverDecision(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CALLED_OFF = "called_off"


class Question(Model):
    """Asked of the reporter, who is told by mail that it waits; the text stands on the receipt page.

    A case has one open question at a time: while it waits, the clocks of the live duties stand still. When nobody has
    replied for long they go on (`stopped_waiting_at`); a reply is welcome even then.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_case", "case_id"),
        Index("ix_question_held", "federation_id", "case_id", sqlite_where=text(HELD), postgresql_where=text(HELD)),
        Index(
            "uq_question_one_open",
            "case_id",
            unique=True,
            sqlite_where=text("replied_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("replied_at IS NULL AND withdrawn_at IS NULL"),
        ),
        CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="reply_has_time"),
        CheckConstraint("replied_at IS NULL OR withdrawn_at IS NULL", name="replied_or_withdrawn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"))
    asked_by_user_id: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stopped_waiting_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    duty: Mapped[Duty | None] = relationship()


class Note(Model):
    """Internal, never shown to the reporter. Without a unit: the office's; with one: theirs and its."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    author_user_id: Mapped[int | None]
    author_name: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column(Text)


class Proposal(Model):
    """A manager's proposal of a theme, or that the case shows a system fault. `taken` is the office's decision."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_case", "case_id"),
        CheckConstraint("kind IN ('theme', 'system_fault')", name="kind_known"),
        CheckConstraint("(kind = 'theme') = (theme_id IS NOT NULL)", name="theme_named"),
        CheckConstraint("(taken IS NULL) = (settled_at IS NULL)", name="settled_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"))
    kind: Mapped[str] = mapped_column(String(20))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    why: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken: Mapped[bool | None]
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    duty: Mapped[Duty] = relationship()
    theme: Mapped[Theme | None] = relationship()


class Feedback(Model):
    """The reporter's word on what came of it. The one about how it worked out is for the office's eyes alone."""

    __tablename__ = "feedback"
    __table_args__ = (
        Index("ix_feedback_case", "case_id"),
        Index("ix_feedback_held", "federation_id", "case_id", sqlite_where=text(HELD), postgresql_where=text(HELD)),
        Index(
            "uq_feedback_one_follow_up",
            "case_id",
            unique=True,
            sqlite_where=text("kind = 'follow_up'"),
            postgresql_where=text("kind = 'follow_up'"),
        ),
        CheckConstraint("kind IN ('not_solved', 'follow_up')", name="kind_known"),
        CheckConstraint("worked IS NULL OR worked IN ('yes', 'partly', 'no')", name="worked_known"),
        CheckConstraint("(kind = 'follow_up') = (worked IS NOT NULL)", name="follow_up_says_how"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(12))
    worked: Mapped[str | None] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ContactOpening(Model):
    """Who of the office opened the address of a reporter who asked to stay unknown, and why."""

    __tablename__ = "contact_opening"
    __table_args__ = (Index("ix_contact_opening_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    user_id: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)


class Handover(Model):
    """An offer of a case to another federation. Only what stands here is shown there before it consents."""

    __tablename__ = "handover"
    __table_args__ = (
        Index("ix_handover_to", "to_federation_id", "decided_at"),
        Index(
            "uq_handover_one_open",
            "case_id",
            unique=True,
            sqlite_where=text("decision IS NULL"),
            postgresql_where=text("decision IS NULL"),
        ),
        CheckConstraint(
            "decision IS NULL OR decision IN ('accepted', 'declined', 'called_off')", name="decision_known"
        ),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(new_case_id IS NOT NULL) = (coalesce(decision, '') = 'accepted')", name="accepted_has_case"),
        CheckConstraint("federation_id != to_federation_id", name="to_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    to_federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    reason: Mapped[str] = mapped_column(Text)
    text_to_reporter: Mapped[str] = mapped_column(Text)
    trail: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decision: Mapped[str | None] = mapped_column(String(12))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision_reason: Mapped[str | None] = mapped_column(Text)
    new_case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), unique=True)

    case: Mapped[Case] = relationship(foreign_keys=[case_id])
    new_case: Mapped[Case | None] = relationship(foreign_keys=[new_case_id])
    federation: Mapped[Federation] = relationship(foreign_keys=[federation_id])
    to_federation: Mapped[Federation] = relationship(foreign_keys=[to_federation_id])


class Occurrence(Model):
    """`This happened to us too`: counted on a case, no report of its own. One submission, one row (P1)."""

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("federation_id", "submission_id"),
        Index("ix_occurrence_case", "case_id"),
        Index("ix_occurrence_held", "federation_id", "case_id", sqlite_where=text(HELD), postgresql_where=text(HELD)),
        Index("ix_occurrence_received_on", "federation_id", "received_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    submission_id: Mapped[str] = mapped_column(String(36))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_on: Mapped[date]
    reporting_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    what_happened: Mapped[str] = mapped_column(Text)
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    reporting_organisation: Mapped[Organisation | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()


class AnswerLink(Model):
    """A mailed link that is good for one duty (signed, timed, revocable). Whoever is to hear about the duty has one:
    the manager, a substitute, or a colleague in the unit that the manager asked (`delegate`). Raising `version` revokes
    what was mailed.
    """

    __tablename__ = "answer_link"
    __table_args__ = (
        Index("ix_answer_link_duty", "duty_id"),
        UniqueConstraint("duty_id", "email"),
        CheckConstraint("expires_at > made_at", name="times_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    delegate: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    duty: Mapped[Duty] = relationship()
