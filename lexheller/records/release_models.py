"""What somebody asked to have out, what was decided about each document, and the copies that were made. Tables only.

No hidden word is stored: `hidden` says where in a text it stands, and `text_hash` which text that was said of.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model, UTCDateTime


class ReleaseRequest(Model):
    """Nobody has to say who they are or what for: name and address stand only where they were given.

    `version` is raised by every step on the request itself (P13).
    """

    __tablename__ = "release_request"
    __table_args__ = (
        UniqueConstraint("federation_id", "number"),
        Index("ix_release_request_list", "federation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    number: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    asked_on: Mapped[date]
    asked_for: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str | None] = mapped_column(String(200))
    answer_to: Mapped[str | None] = mapped_column(String(254))
    registered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ReleaseDocument(Model):
    """One document in a request, its decision, and whether a letter has told of it (`told_at`).

    `case_id`: the case whose file it lay in; no foreign key, since what was released outlives the case.
    `doubts`: how many places look like a person; None until they are counted. `version` is raised by every decision
    (P13), so that two can look through a request at once.
    """

    __tablename__ = "release_document"
    __table_args__ = (
        UniqueConstraint("request_id", "kind", "subject_id"),
        Index("ix_release_document_order", "federation_id", "request_id", "position"),
        Index("ix_release_document_case", "federation_id", "case_id"),
        CheckConstraint(
            "decision IS NULL OR decision IN ('whole', 'masked', 'refused', 'left_out')", name="decision_known"
        ),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("release_request.id"))
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    case_id: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(200))
    on_day: Mapped[date]
    doubts: Mapped[int | None]
    decision: Mapped[str | None] = mapped_column(String(10))
    paragraphs: Mapped[list[str]] = mapped_column(JSON, default=list)
    own_words: Mapped[str] = mapped_column(Text, default="")
    hidden: Mapped[dict[str, list[list[int]]]] = mapped_column(JSON, default=dict)
    text_hash: Mapped[str | None] = mapped_column(String(64))
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    request: Mapped[ReleaseRequest] = relationship()


class ReleaseCopy(Model):
    """A file as it was handed out, to the byte. A letter is of the whole request and has a number of its own.

    `masked_at`: since when words of its text have been masked, so that nobody fetches it; `maskings`: which maskings.
    `content` goes when the words are destroyed; the row stays and tells what was handed out, when and by whom.
    """

    __tablename__ = "release_copy"
    __table_args__ = (
        Index("ix_release_copy_request", "federation_id", "request_id", "id"),
        Index(
            "uq_release_copy_once",
            "document_id",
            "form",
            unique=True,
            sqlite_where=text("masked_at IS NULL"),
            postgresql_where=text("masked_at IS NULL"),
        ),
        CheckConstraint("content IS NOT NULL OR masked_at IS NOT NULL", name="only_masked_goes"),
        CheckConstraint("form IN ('pdf', 'text', 'letter')", name="form_known"),
        CheckConstraint("(form = 'letter') = (number IS NOT NULL)", name="letter_has_number"),
        CheckConstraint("(form = 'letter') = (document_id IS NULL)", name="letter_of_request"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("release_request.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("release_document.id"))
    form: Mapped[str] = mapped_column(String(8))
    number: Mapped[str | None] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    masked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    maskings: Mapped[list[int]] = mapped_column(JSON, default=list)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class ReleasePackage(Model):
    """All copies of a request in one file. `content` goes on `delete_on`, or as soon as words in it are masked; made
    again of the same copies it has the same `sha256`. `done` of `total` copies are made.
    """

    __tablename__ = "release_package"
    __table_args__ = (
        Index("ix_release_package_request", "federation_id", "request_id", "id"),
        CheckConstraint("status IN ('making', 'ready', 'deleted')", name="status_known"),
        CheckConstraint("(status = 'ready') = (content IS NOT NULL)", name="ready_has_content"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("release_request.id"))
    status: Mapped[str] = mapped_column(String(8))
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    asked_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delete_on: Mapped[date | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
