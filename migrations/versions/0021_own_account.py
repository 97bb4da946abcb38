"""when a sign-in was seen last and from what kind of browser; codes as a second step, and who must have them

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("browser", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("system", sa.String(length=20), nullable=True))
    op.execute("UPDATE sign_in SET seen_at = started_at, browser = 'other', system = 'other'")
    with op.batch_alter_table("sign_in") as batch_op:
        for name, kind in (
            ("seen_at", sa.DateTime(timezone=True)),
            ("browser", sa.String(length=20)),
            ("system", sa.String(length=20)),
        ):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
    op.create_table(
        "second_step",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.String(length=400), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_second_step_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_step")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=1), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "mark", name=op.f("uq_recovery_code_user_id_mark")),
    )
    op.create_table(
        "sign_in_rules",
        sa.Column("federation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("second_step", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_sign_in_rules_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("federation_id", name=op.f("pk_sign_in_rules")),
    )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
