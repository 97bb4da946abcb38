"""Alembic's environment: the application's own database and metadata, for `lexheller init` and for autogenerate."""

from alembic import context
from flask import current_app

from lexheller.core import tenancy
from lexheller.core.db import UTCDateTime, db

MIGRATING = 22_1961


def rendered(kind: str, item: object, _context: object) -> str | bool:
    """Our own column type as the plain one it is in the database, so that a migration imports nothing of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def watch_references(connection: object, on: bool) -> None:
    """SQLite changes a table by making it anew: while it does, other tables' rows point at nothing.

    Said to the driver itself, since SQLite takes it outside of a transaction alone.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def run() -> None:
    # A migration changes the rows of every federation, also as an owner who is bound by row-level security.
    with tenancy.everybody(), db.engine.connect() as connection:
        watch_references(connection, False)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=rendered,
            transaction_per_migration=True,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":  # two hosts that start at once migrate one after the other
                context.execute(f"SELECT pg_advisory_xact_lock({MIGRATING})")
            context.run_migrations()
        watch_references(connection, True)
        if connection.dialect.name == "sqlite":
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if lost:
                raise RuntimeError(f"rows point at rows that are not there: {sorted({row[0] for row in lost})}")


run()
