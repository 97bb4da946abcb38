"""What is left behind, seen from outside the application: every row of every table, and all that was printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
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


@pytest.fixture
def printed(request: pytest.FixtureRequest) -> Callable[[], str]:
    """What went to standard output and error since the last call: the log keeps the first stream it was given."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def read() -> str:
        found = capture.read_global_capture()
        return f"{found.out}{found.err}"

    return read


def _reflected() -> MetaData:
    found = MetaData()
    found.reflect(bind=db.engine)
    return found
