"""events and editions cannot be emptied either: PostgreSQL refuses TRUNCATE of them too

SQLite has no TRUNCATE: there emptying is deleting row by row, which it has refused since 0002 and 0016.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

REFUSING = {"event": "refuse_event_change", "report_edition": "refuse_edition_change"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, refuse in REFUSING.items():
            op.execute(
                f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {refuse}()"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in REFUSING:
            op.execute(f"DROP TRIGGER {table}_not_emptied ON {table}")
