"""Filters that somebody saved under a name: a personal setting, of one user in one federation."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model


class SavedFilter(Model):
    """`query` is the queue's address after the question mark, written by us and read as any address is."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("user_id", "federation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
