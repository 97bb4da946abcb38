"""Who opened or downloaded what: rows that are only ever added, until the plan for disposal lets them go.

Ids and codes; no text, no address of any machine. Stops at rows: what a view shows is said beside its access mark
(`accounts.readings`); lists are made where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.audit.service import insert_unless_there
from lexheller.core import clock
from lexheller.core.db import BUSY_TIMEOUT_MS, Model, UTCDateTime, db, reading

PAGE = "page"
ONCE = ("federation_id", "reader_kind", "reader_id", "thing", "subject_id", "form", "slot")
ONCE_WITHIN = timedelta(minutes=10)
PAGE_WAITS_MS, FILE_WAITS_MS = 1_000, 5_000


class Thing(StrEnum):
    """What was shown. `subject_id` is the id of the thing itself, except as said here.

    CONTACT, RECEIPT: of the case. MATERIAL, MINUTES: of the meeting. REPORT, DRAFT: the year. EDITION: year times
    1000 plus the edition's number. SEALED: of the masking. READINGS: 0. DIARY: of the entry, or 0 for the list.
    REPORT_TEXTS, SETTINGS: of the draft and the federation, where their texts are masked.
    """

    CASE = "case"
    CONTACT = "contact"
    HANDOVER = "handover"
    UNIT_HISTORY = "unit_history"
    FAULT = "fault"
    PATTERN = "pattern"
    ACTION = "action"
    MEETING = "meeting"
    MATERIAL = "material"
    MINUTES = "minutes"
    REPORT = "report"
    DRAFT = "draft"
    EDITION = "edition"
    RECEIPT = "receipt"
    MASKING = "masking"
    SEALED = "sealed"
    READINGS = "readings"
    DIARY = "diary"
    RELEASE = "release"
    DISPOSAL = "disposal"
    REPORT_TEXTS = "report_texts"
    SETTINGS = "settings"


class Reading(Model):
    """Somebody was shown something. `reader_id`: the user, the mailed link, or 0 for a reporter.

    `form` is `page` or a file's form. `slot` counts stretches of ten minutes, for pages alone: a page that is looked
    at again and again is one row. `sign_in_id` says in which browser, where there was a sign-in.
    """

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint(*ONCE, name="uq_reading_once"),
        Index("ix_reading_subject", "federation_id", "thing", "subject_id", "id"),
        Index("ix_reading_newest", "federation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    reader_kind: Mapped[str] = mapped_column(String(20))
    reader_id: Mapped[int]
    sign_in_id: Mapped[int | None]
    thing: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    form: Mapped[str] = mapped_column(String(20))
    slot: Mapped[int | None]


@dataclass(frozen=True, slots=True)
class Noted:
    """What is to be kept of one answer. `sign_in_id` is None without a sign-in."""

    federation_id: int
    reader_kind: str
    reader_id: int
    sign_in_id: int | None
    thing: Thing
    subject_id: int
    form: str = PAGE

    @property
    def is_file(self) -> bool:
        """Files, and what is opened one time by a button, are kept each time."""
        return self.form != PAGE or self.thing in {Thing.CONTACT, Thing.SEALED}


def is_new(noted: Noted) -> bool:
    """Whether there is anything to keep: always for files, once in ten minutes for a page. Reads only."""
    if noted.is_file:
        return True
    now = clock.now()
    same = select(Reading.id).where(
        Reading.federation_id == noted.federation_id,
        Reading.reader_kind == noted.reader_kind,
        Reading.reader_id == noted.reader_id,
        Reading.thing == noted.thing,
        Reading.subject_id == noted.subject_id,
        Reading.form == noted.form,
        Reading.slot >= _slot(now) - 1,
        Reading.at > now - ONCE_WITHIN,
    )
    return db.session.scalar(same.limit(1)) is None


def keep(readings: Iterable[Noted]) -> None:
    """Add the rows in the caller's transaction, which must be a new one. Of two at once for a page, one is kept."""
    wanted = list(readings)
    slow = not any(noted.is_file for noted in wanted)
    connection = _begin()
    on_sqlite = connection.dialect.name == "sqlite"
    try:
        if on_sqlite:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={PAGE_WAITS_MS if slow else FILE_WAITS_MS}")
        for noted in wanted:
            insert_unless_there(Reading, **_row(noted))
    finally:
        if on_sqlite:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _begin() -> Connection:
    """SQLite takes its write lock when the row is written, so that a reader waits for a writer no longer than told."""
    with reading():
        return db.session.connection()


def _row(noted: Noted) -> dict[str, object]:
    now = clock.now()
    return {
        "federation_id": noted.federation_id,
        "at": now,
        "reader_kind": noted.reader_kind,
        "reader_id": noted.reader_id,
        "sign_in_id": noted.sign_in_id,
        "thing": str(noted.thing),
        "subject_id": noted.subject_id,
        "form": noted.form,
        "slot": None if noted.is_file else _slot(now),
    }


def _slot(moment: datetime) -> int:
    return int(moment.timestamp() // ONCE_WITHIN.total_seconds())
