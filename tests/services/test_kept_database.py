"""The database that tests share is, for each of them, as the template is: whatever the one before did to it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import psycopg
import pytest

from tests.cast import kept_database
from tests.cast.kept_database import KeptDatabase

HELD_OFF = "SET session_replication_role = replica"
DEEDS = {
    "changed": ("UPDATE federation SET name = 'Annat'",),
    "changed and back": ("UPDATE federation SET name = name",),
    "deleted": (HELD_OFF, "DELETE FROM theme"),
    "one deleted": (HELD_OFF, "DELETE FROM theme WHERE id = (SELECT min(id) FROM theme)"),
    "added": ("INSERT INTO heartbeat (name, at) VALUES ('spår', now())",),
    "counted": ("SELECT nextval('theme_id_seq')",),
    "trigger": ("DROP TRIGGER event_append_only ON event",),
    "column": ("ALTER TABLE theme ADD COLUMN more int",),
    "constraint": ("ALTER TABLE theme ADD CONSTRAINT odd CHECK (id > -1)",),
    "emptied": ("TRUNCATE theme CASCADE",),
    "function": ("CREATE FUNCTION odd() RETURNS int LANGUAGE sql AS 'SELECT 1'",),
}
CATALOGUE = (
    "SELECT string_agg(tgname, ',' ORDER BY tgname) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT string_agg(conname, ',' ORDER BY conname) FROM pg_constraint",
    "SELECT string_agg(attname, ',' ORDER BY attrelid::regclass::text, attnum) FROM pg_attribute WHERE attnum > 0",
    "SELECT string_agg(proname, ',' ORDER BY proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


@pytest.fixture
def kept(postgres_server, postgres_template, worker_id) -> Iterator[KeptDatabase]:
    made = KeptDatabase(postgres_server, f"kept_{worker_id}", postgres_template)
    yield made
    made.drop()


def connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), autocommit=True)


def contents(url: str) -> list[object]:
    """Every row of every table, where every series stands, and the schema."""
    with connected(url) as connection:
        tables = [row[0] for row in connection.execute("SELECT relname FROM pg_class WHERE relkind = 'r' ORDER BY 1")]
        ours = [name for name in tables if not name.startswith(("pg_", "sql_"))]
        series = connection.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1").fetchall()
        rows = [sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in ours]
        return [ours, rows, series, *(connection.execute(query).fetchone() for query in CATALOGUE)]


def test_whatever_was_done_it_is_as_it_was(kept: KeptDatabase) -> None:
    before = contents(kept.fresh())
    assert any(before[1])
    for name, statements in DEEDS.items():
        with connected(kept.fresh()) as connection:
            for statement in statements:
                connection.execute(statement)
        assert contents(kept.fresh()) == before, name


def test_rows_are_put_back_without_a_new_copy(kept: KeptDatabase, monkeypatch) -> None:
    """It would be slow, and nobody would see why."""
    url = kept.fresh()
    monkeypatch.setattr(kept.server, "create", None)
    for name in ("changed", "deleted", "added", "counted"):
        with connected(url) as connection:
            for statement in DEEDS[name]:
                connection.execute(statement)
        kept.fresh()


def test_after_a_while_it_is_copied_anew(kept: KeptDatabase, monkeypatch) -> None:
    monkeypatch.setattr(kept_database, "MOST_USES", 2)
    number = "SELECT oid FROM pg_database WHERE datname = current_database()"
    seen = []
    for _ in range(5):
        with connected(kept.fresh()) as connection:
            seen.append(connection.execute(number).fetchone())
    assert [one == after for one, after in pairwise(seen)] == [True, False, True, False]


def test_who_is_still_connected_is_sent_away_with_what_was_not_kept(kept: KeptDatabase) -> None:
    before = contents(kept.fresh())
    left = connected(kept.fresh())
    left.execute("BEGIN")
    left.execute("UPDATE federation SET name = 'Annat'")
    assert contents(kept.fresh()) == before
    with pytest.raises(psycopg.OperationalError):
        left.execute("COMMIT")
