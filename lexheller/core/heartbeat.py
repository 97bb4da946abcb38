"""When each periodic job last finished, for /readyz and `lexheller check`. Holds times, never results."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core import clock
from lexheller.core.db import Model, UTCDateTime, db


class Heartbeat(Model):
    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


def beat(name: str) -> None:
    """Note that the periodic job `name` has finished now."""
    row = db.session.get(Heartbeat, name)
    if row is None:
        db.session.add(Heartbeat(name=name, at=clock.now()))
    else:
        row.at = clock.now()
    db.session.flush()


def last(name: str) -> datetime | None:
    return db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
