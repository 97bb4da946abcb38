"""What is left behind, seen from outside the application: every row of every table, and all that was printed."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from flask import Flask
from sqlalchemy import MetaData, func, inspect, select

from lexheller.core.db import db, reading

#: What is written by looking alone: the log of who read what.
BY_LOOKING = ("reading",)

_seen: dict[tuple[str, ...], MetaData] = {}


def counts(app: Flask, *, but: Collection[str] = BY_LOOKING) -> dict[str, int]:
    """Rows by table; without what looking at a page leaves, unless `but` names other tables to leave out."""
    with app.app_context(), reading(), db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in _reflected().sorted_tables
            if table.name not in but
        }


def everything(app: Flask, *, but: Collection[str] = ()) -> str:
    """All that is stored, as one text to search in; `but` names tables to leave out."""
    with app.app_context(), reading(), db.engine.connect() as connection:
        return "\n".join(
            f"{table.name}: {dict(row)!r}"
            for table in _reflected().sorted_tables
            if table.name not in but
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
    """What stands in the database; looked at closely once for every set of tables."""
    key = (db.engine.dialect.name, *sorted(inspect(db.engine).get_table_names()))
    if key not in _seen:
        _seen[key] = MetaData()
        _seen[key].reflect(bind=db.engine)
    return _seen[key]
