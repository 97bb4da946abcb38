"""who read or downloaded what, in rows that the database itself refuses to alter, delete or empty; refused sign-ins

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ONCE = ("federation_id", "reader_kind", "reader_id", "thing", "subject_id", "form", "slot")


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader_kind", sa.String(length=20), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), nullable=True),
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint(*ONCE, name="uq_reading_once"),
    )
    op.create_index("ix_reading_subject", "reading", ["federation_id", "thing", "subject_id", "id"])
    op.create_index("ix_reading_newest", "reading", ["federation_id", "id"])
    _refuse_changes()
    op.create_table(
        "refused_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_sign_in")),
    )
    op.create_index(op.f("ix_refused_sign_in_at"), "refused_sign_in", ["at"])


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_reading_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'readings are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER reading_append_only BEFORE UPDATE OR DELETE ON reading "
            "FOR EACH ROW EXECUTE FUNCTION refuse_reading_change()"
        )
        op.execute(
            "CREATE TRIGGER reading_not_emptied BEFORE TRUNCATE ON reading "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_reading_change()"
        )
    else:
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER reading_no_{change} BEFORE {change.upper()} ON reading "
                "BEGIN SELECT RAISE(ABORT, 'readings are append-only'); END"
            )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
