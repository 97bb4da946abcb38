"""The outbox: every message is a row before it is a mail. No words are stored; they are made when it is sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model, UTCDateTime


class MessageStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"


class RecipientType(StrEnum):
    """Whose id `recipient_id` is: a user's, a responsible manager's (SUPERIOR: their own manager is meant), an answer
    link's, or the report's whose reporter it is.
    """

    USER = "user"
    RESPONSIBLE_MANAGER = "responsible_manager"
    SUPERIOR = "superior"
    LINK = "link"
    REPORTER = "reporter"


class Message(Model):
    """`key` names the effect once and for all (P5). `attempts` counts deliveries begun and not surely refused:
    above one on a sent row, a double is possible.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'sent', 'cancelled')", name="status_known"),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    subject_id: Mapped[int] = mapped_column(index=True)
    recipient_type: Mapped[str] = mapped_column(String(20))
    recipient_id: Mapped[int]
    status: Mapped[str] = mapped_column(String(10), default=MessageStatus.WAITING)
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
