"""Rows out of the database and into it, the same way on SQLite and PostgreSQL, in a transaction of the caller's.

PostgreSQL takes a table in one COPY, so that rows which point at later rows of their own table are in order; SQLite
looks at what points where when the transaction ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from psycopg import Connection as Psycopg
from psycopg import sql
from sqlalchemy import JSON, Column, Table, column, delete, func, insert, inspect, literal, select, table, text
from sqlalchemy.types import NullType

from lexheller.backup.rows import columns_of, lines, query, values
from lexheller.core import tenancy
from lexheller.core.db import Base, db
from lexheller.core.heartbeat import Heartbeat

PORTION = 1000
VERSION_TABLE = "alembic_version"


def all_tables() -> list[Table]:
    """Every table of the program, none before one that it points at."""
    return list(Base.metadata.sorted_tables)


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def revision() -> str | None:
    """The migration that the database stands at; None where there is none."""
    if VERSION_TABLE not in inspect(db.session.connection()).get_table_names():
        return None
    found: str | None = db.session.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - our name
    return found


def unknown_tables() -> list[str]:
    """Tables in the database that are not the program's."""
    known = {found.name for found in all_tables()} | {VERSION_TABLE}
    return sorted(set(inspect(db.session.connection()).get_table_names()) - known)


def filtered_tables() -> list[str]:
    """Tables of which this role is not shown every row: by a policy that is not ours, or since the work is not done for
    every federation.
    """
    if tenancy.present() is not None:
        return _bound()
    policies = "ARRAY(SELECT polname FROM pg_policy WHERE polrelid = pg_class.oid)"
    return _bound(f"AND {policies} <> ARRAY[CAST(:own AS name)]", own=tenancy.POLICY)


def lift_row_security() -> list[str]:
    """Until `bind_again` the owner may put rows in by COPY, which PostgreSQL refuses where row-level security binds."""
    names = _bound()
    for name in names:
        db.session.execute(text(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY'))
    return names


def bind_again(names: Iterable[str]) -> None:
    """In the same transaction as `lift_row_security`: nobody ever sees the tables without their guard."""
    for name in names:
        db.session.execute(text(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY'))


def _bound(condition: str = "", **values: str) -> list[str]:
    """Our tables whose row-level security binds this role."""
    if not is_postgresql():
        return []
    names = [found.name for found in all_tables()]
    asked = "SELECT relname FROM pg_class WHERE oid = ANY(CAST(:names AS regclass[])) AND row_security_active(oid)"
    return sorted(db.session.scalars(text(f"{asked} {condition}"), {"names": names, **values}))


def exported(source: Table, names: Iterable[str] | None = None) -> Iterator[bytes]:
    """All rows of a table as lines, a portion at a time."""
    columns = columns_of(source, names)
    line = lines(columns)
    found = db.session.execute(query(columns, postgresql=is_postgresql()), execution_options={"yield_per": PORTION})
    for rows in found.partitions(PORTION):
        yield line(rows)


def last_id(source: Table) -> int | None:
    """The last number that PostgreSQL gave out for the table's id; None where nothing counts or nothing is counted."""
    name = _sequence(source)
    if name is None:
        return None
    row = db.session.execute(text(f"SELECT last_value, is_called FROM {name}")).one()  # noqa: S608 - by the database
    return int(row.last_value) if row.is_called else None


def hold_all() -> None:
    """Nobody else writes to any table until the transaction ends. SQLite has seen to it already."""
    if is_postgresql():
        names = ", ".join(f'"{found.name}"' for found in all_tables())
        db.session.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def with_rows() -> list[str]:
    """Tables that are not empty. When periodic jobs ran says nothing of anybody, so that one is not asked."""
    asked = [found for found in all_tables() if found is not Heartbeat.__table__]
    return [found.name for found in asked if db.session.scalar(select(literal(1)).select_from(found).limit(1))]


def prepare_load() -> None:
    """Before the first `load` of a transaction."""
    db.session.execute(delete(Heartbeat))
    if not is_postgresql():
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))


def load(target: Table, names: Sequence[str], written: Iterable[bytes]) -> None:
    """Put lines into an empty table. Raises ValueError, TypeError, LookupError, and what the database says."""
    columns = columns_of(target, names)
    read = values(columns)
    rows = (read(line) for line in written)
    if is_postgresql():
        _copy(target, names, rows)
    else:
        _insert(target, columns, rows)


def go_on_counting(target: Table, after: int | None) -> None:
    """The next id is none that has ever been given out: neither one of the rows nor `after`."""
    name = _sequence(target)
    newest = db.session.scalar(select(func.max(target.c.id))) if name is not None else None
    last = max(after or 0, newest or 0)
    if name is not None and last:
        db.session.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": name, "last": last})


def _sequence(source: Table) -> str | None:
    if not is_postgresql() or "id" not in source.columns:
        return None
    name: str | None = db.session.scalar(
        text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": f'"{source.name}"'}
    )
    return name


def _copy(target: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    copying = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(target.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with _driver().cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row(row)


def _insert(target: Table, columns: Sequence[Column[Any]], rows: Iterable[Sequence[Any]]) -> None:
    """A JSON column takes its text as it is: the column's own type would write it as a JSON string."""
    plain = [column(one.name, NullType() if isinstance(one.type, JSON) else one.type) for one in columns]
    statement = insert(table(target.name, *plain))
    names = [one.name for one in columns]
    waiting = iter(rows)
    while portion := list(islice(waiting, PORTION)):
        db.session.connection().execute(statement, [dict(zip(names, row, strict=True)) for row in portion])


def _driver() -> Psycopg[Any]:
    driver: Any = db.session.connection().connection.driver_connection
    connection: Psycopg[Any] = driver
    return connection
