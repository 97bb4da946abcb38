"""Alembic's environment: the application's own database and metadata, for `lexheller init` and for autogenerate."""

from alembic import context
from flask import current_app

from lexheller.core.db import UTCDateTime, db

MIGRATING = 22_1961


def rendered(kind: str, item: object, _context: object) -> str | bool:
    """Our own column type as the plain one it is in the database, so that a migration imports nothing of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def run() -> None:
    with db.engine.connect() as connection:
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


run()
