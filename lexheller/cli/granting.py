"""What the role that web, worker and beat sign in to PostgreSQL as may do: rows, but not the tables and not the past.

It owns nothing, so neither triggers nor row-level security can be taken away by it (P14, P16). Stops at rights: the
role itself, with its password, is the operator's to make.
"""

from __future__ import annotations

from sqlalchemy import quoted_name, text
from sqlalchemy.dialects import postgresql

from lexheller.core.db import db

KEPT = ("event", "report_edition")
"""Tables whose rows are added and read, and nothing else."""
LET_GO = ("reading",)
"""Tables whose rows are never changed; the database itself says which may be deleted, by the plan for disposal."""
GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    f"REVOKE UPDATE, DELETE ON {', '.join(KEPT)} FROM {{role}}",
    f"REVOKE UPDATE ON {', '.join(LET_GO)} FROM {{role}}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
)


def statements(role: str) -> list[str]:
    """As SQL; the same again changes nothing."""
    quoted = postgresql.dialect().identifier_preparer.quote(quoted_name(role, quote=None))  # type: ignore[no-untyped-call]
    return [each.format(role=quoted) for each in GRANTS]


def grant(role: str) -> None:
    """Signed in as the owner of the tables, after each migration: a new table has given nothing to anybody."""
    for statement in statements(role):
        db.session.execute(text(statement))
