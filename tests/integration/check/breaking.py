"""Breaking a promise in the database itself, and what `lexheller check` then finds."""

from __future__ import annotations

from sqlalchemy import text

from lexheller.check.finding import Finding
from lexheller.check.promises import broken_promises
from lexheller.core.db import db
from tests.cast.grants import become_owner


def breaking(*statements: str) -> set[str]:
    """The promises that are found broken by the statements."""
    return {finding.promise for finding in found_by(*statements)}


def found_by(*statements: str, checks: tuple[str, ...] = ()) -> list[Finding]:
    """What is found once the statements have been run where no verb looks; foreign keys and triggers held off.

    `checks` are constraints to hold off too, as `table.constraint`.
    """
    sqlite = db.engine.dialect.name == "sqlite"
    db.session.commit()
    with db.engine.connect() as connection:
        become_owner(connection)
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica")
        connection.commit()
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        else:
            become_owner(connection)
            for table, _dot, constraint in (name.partition(".") for name in checks):
                connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
    db.engine.dispose()
    db.session.expire_all()
    return broken_promises()
