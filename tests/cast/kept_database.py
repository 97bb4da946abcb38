"""One PostgreSQL database that many tests use one after the other, each finding it as its template is.

A copy of the template costs a hundred times what a test writes: so what was written is put back instead, and the copy
is made anew when the schema was changed, or after a while. Stops at rows, sequences and schema: nothing else is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from tests.services.postgres import OWNER, PostgresClient

MOST_USES = 60
"""What is put back leaves dead rows behind; after so many tests a new copy is cheaper than walking over them."""
CATALOGUES = [
    *("pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_db_role_setting", "pg_index", "pg_namespace"),
    *("pg_proc", "pg_rewrite", "pg_sequence", "pg_trigger", "pg_type"),
]
RELATIONS = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = %s ORDER BY relname"
TABLES, SEQUENCES = "r", "S"
SEND_AWAY = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)

Connection = psycopg.Connection[Any]
Mark = tuple[int, int]
"""How many rows there are, and the latest transaction that wrote one: any later change gives another mark."""


@dataclass
class _Held:
    """What the copy held when it was new, and the marks since it was last put back."""

    rows: dict[str, bytes]
    sequences: dict[str, tuple[int, bool]]
    schema: dict[str, Mark]
    marks: dict[str, Mark] = field(default_factory=dict)
    uses: int = 1


class KeptDatabase:
    """`fresh()` before each use; `drop()` in the end."""

    def __init__(self, server: PostgresClient, name: str, template: str, role: str = OWNER) -> None:
        """`role`: whose address it gives out; it is looked at and put back by the owner."""
        self.server, self.name, self.template, self.role = server, name, template, role
        self._held: _Held | None = None

    def fresh(self) -> str:
        """The address of the database, which holds what the template holds; whoever is still connected is sent away."""
        if self._held is None or not self._put_back(self._held):
            self.drop()
            self.server.create(self.name, template=self.template)
            with self._connect() as connection:
                self._held = _look(connection)
        return self.server.url(self.name, self.role)

    def drop(self) -> None:
        self._held = None
        self.server.drop(self.name)

    def _put_back(self, held: _Held) -> bool:
        """Whether it could be done: a changed schema cannot be put back."""
        held.uses += 1
        if held.uses > MOST_USES:
            return False
        with self._connect() as connection:
            connection.execute(SEND_AWAY)
            if _marks(connection, CATALOGUES) != held.schema:
                return False
            seen = _marks(connection, list(held.rows))
            written = [name for name in held.rows if seen[name] != held.marks[name]]
            connection.execute("SET LOCAL session_replication_role = replica")
            for name in written:
                _restore(connection, name, held.rows[name])
            for name, state in _states(connection, list(held.sequences)).items():
                if state != held.sequences[name]:
                    connection.execute("SELECT setval(%s::regclass, %s, %s)", (f'"{name}"', *held.sequences[name]))
            held.marks = {**seen, **_marks(connection, written)}
        return True

    def _connect(self) -> Connection:
        url = self.server.url(self.name).replace("postgresql+psycopg://", "postgresql://", 1)
        return psycopg.connect(url)


def _look(connection: Connection) -> _Held:
    tables, sequences = _names(connection, TABLES), _names(connection, SEQUENCES)
    return _Held(
        {name: _read(connection, name) for name in tables},
        _states(connection, sequences),
        _marks(connection, CATALOGUES),
        _marks(connection, tables),
    )


def _names(connection: Connection, kind: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(RELATIONS, (kind,))]


def _read(connection: Connection, table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as rows:
        return b"".join(bytes(piece) for piece in rows)


def _restore(connection: Connection, table: str, rows: bytes) -> None:
    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    if rows:
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as target:
            target.write(rows)


def _marks(connection: Connection, tables: list[str]) -> dict[str, Mark]:
    return _ask(connection, "SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {}", tables)


def _states(connection: Connection, sequences: list[str]) -> dict[str, tuple[int, bool]]:
    return _ask(connection, "SELECT {}, last_value, is_called FROM {}", sequences)


def _ask(connection: Connection, question: str, relations: list[str]) -> dict[str, Any]:
    """The same question to many relations at once."""
    asked = [sql.SQL(question).format(sql.Literal(name), sql.Identifier(name)) for name in relations]
    if not asked:
        return {}
    return {
        str(name): (first, second) for name, first, second in connection.execute(sql.SQL(" UNION ALL ").join(asked))
    }
