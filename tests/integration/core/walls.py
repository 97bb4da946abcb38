"""A database with rows of two federations in every table that belongs to one, made from the tables themselves.

The rows make no sense together: what stands in them is nobody's business here, only whose they are. Checks and foreign
keys are taken away to make them, so the database is one to throw away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
    create_engine,
    insert,
    text,
)

from lexheller.core.db import Base, UTCDateTime

OURS, THEIRS, THIRD = 1, 2, 3
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHECKS = (
    "SELECT conrelid::regclass, conname FROM pg_constraint "
    "WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace ORDER BY contype DESC"
)


def walled() -> list[Table]:
    """Every table whose rows belong to a federation."""
    return [table for table in Base.metadata.sorted_tables if "federation_id" in table.columns]


def fill(owner: Connection) -> None:
    """One row of each of the two federations in each table, beside what is there already, which goes."""
    for table, constraint in owner.execute(text(CHECKS)).all():
        owner.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"'))
    owner.execute(text("SET LOCAL session_replication_role = replica"))
    for table in walled():
        owner.execute(table.delete())
        for federation_id in (OURS, THEIRS):
            owner.execute(insert(table).values(row(table, federation_id)))


def row(table: Table, federation_id: int, nth: int = 0) -> dict[str, Any]:
    """Values for every column, other ones for each federation and `nth`."""
    number = federation_id * 1_000_000 + nth
    values = {column.name: _value(column, number) for column in table.columns}
    values["federation_id"] = federation_id
    if "to_federation_id" in values:
        values["to_federation_id"] = THIRD
    return values


def _value(column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, UTCDateTime):
        return NOW
    if isinstance(kind, Date):
        return date(2026, 3, 2)
    if isinstance(kind, Time):
        return time(9)
    if isinstance(kind, JSON):
        return json.loads("{}")
    if isinstance(kind, LargeBinary):
        return str(number).encode()
    assert isinstance(kind, String), f"{column}: {kind!r}"
    return str(number)[: kind.length]


@contextmanager
def connected(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
