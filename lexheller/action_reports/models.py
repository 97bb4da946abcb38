"""Compilations of the yearly report, kept as they were made. Never altered; a later one is a new row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model, UTCDateTime


class Compilation(Model):
    """`hash` covers `figures` alone, so that two compilations of unchanged data have the same."""

    __tablename__ = "compilation"
    __table_args__ = (Index("ix_compilation_year", "federation_id", "year", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    year: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    hash: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
