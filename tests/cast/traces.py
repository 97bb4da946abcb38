"""What a database holds, seen from outside the application: every row of every table, and how many there are."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import MetaData, func, select

from lexheller.core.db import db, reading


def counts(app: Flask) -> dict[str, int]:
    """Rows by table."""
    with app.app_context(), reading(), db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in _reflected().sorted_tables
        }


def everything(app: Flask) -> str:
    """All that is stored, as one text to search in."""
    with app.app_context(), reading(), db.engine.connect() as connection:
        return "\n".join(
            f"{table.name}: {dict(row)!r}"
            for table in _reflected().sorted_tables
            for row in connection.execute(select(table)).mappings()
        )


def _reflected() -> MetaData:
    found = MetaData()
    found.reflect(bind=db.engine)
    return found
