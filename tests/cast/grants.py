"""The role that the application signs in to PostgreSQL as in tests, with just what `lexheller init --grant-to` gives.

It owns nothing and is no superuser, so every flow of every test meets grants and row-level security as in production.
A test that tampers with the database behind the application's back becomes the owner first.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session, scoped_session

from tests.services.postgres import OWNER


def become_owner(database: Connection | Session | scoped_session[Session]) -> None:
    """Until the transaction ends, who owns the tables and is a superuser too. On SQLite everybody is."""
    connection = database if isinstance(database, Connection) else database.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL ROLE {OWNER}"))
