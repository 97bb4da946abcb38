"""units and managers with history, substitutes, standard texts

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("responsible_manager") as batch:
        batch.add_column(sa.Column("superior_name", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("superior_email", sa.String(length=254), nullable=True))
        batch.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("confirmation_asked_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("doubted_on", sa.Date(), nullable=True))
    op.execute("UPDATE responsible_manager SET email = lower(email) WHERE email <> lower(email)")
    with op.batch_alter_table("user_account") as batch:
        batch.add_column(sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True))
    # Everybody who has an account chose, or was given, a password when it was made.
    op.execute("UPDATE user_account SET activated_at = CURRENT_TIMESTAMP")
    with op.batch_alter_table("role_assignment") as batch:
        batch.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    _substitution()
    _standard_text()
    _register_change()


def _substitution() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("absent_email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_substitution_dates_in_order")),
        sa.CheckConstraint("absent_email <> email", name=op.f("ck_substitution_somebody_else")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_substitution_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    op.create_index("ix_substitution_absent", "substitution", ["federation_id", "absent_email"])
    op.create_index("ix_substitution_email", "substitution", ["email"])


def _standard_text() -> None:
    op.create_table(
        "standard_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "step IN ('question', 'answer', 'joint_answer', 'send_back', 'close', 'hand_over', 'note')",
            name=op.f("ck_standard_text_step_known"),
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_standard_text_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_standard_text_theme_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_text")),
    )
    op.create_index("ix_standard_text_step", "standard_text", ["federation_id", "step"])


def _register_change() -> None:
    op.create_table(
        "register_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_user_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_register_change_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_register_change_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    op.create_index("ix_register_change_subject", "register_change", ["federation_id", "subject_type", "subject_id"])
    op.create_index("ix_register_change_unit", "register_change", ["unit_id"])


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
