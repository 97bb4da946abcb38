"""The one event table, its chain heads, and the diary number series. Append-only; no free text ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model, UTCDateTime


class Event(Model):
    """One change: who did what to which thing, when. `hash` covers the row and the hash before it."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("federation_id", "sequence"),
        Index("ix_event_subject", "federation_id", "subject_type", "subject_id", "sequence"),
        CheckConstraint("sequence > 0", name="sequence_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int]
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_user_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ChainHead(Model):
    """The last event of a federation: its row is the lock under which the next one is written."""

    __tablename__ = "chain_head"

    federation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class DiarySeries(Model):
    """The running document number within a federation's Lex Heller file of one year: `2024:11 / n`."""

    __tablename__ = "diary_series"

    federation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_number: Mapped[int]
    last_document: Mapped[int] = mapped_column(default=0)
