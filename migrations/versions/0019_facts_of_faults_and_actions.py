"""facts of faults and of actions, so that what was done stays counted when a case, a link or a fault is disposed of

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fault_fact",
        sa.Column("fault_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("milestones", sa.JSON(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_fault_fact_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("fault_id", name=op.f("pk_fault_fact")),
    )
    op.create_index("ix_fault_fact_federation", "fault_fact", ["federation_id", "opened_on", "fault_id"])
    op.create_table(
        "action_fact",
        sa.Column("action_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type_key", sa.String(length=80), nullable=True),
        sa.Column("milestones", sa.JSON(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_action_fact_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_action_fact")),
    )
    op.create_index("ix_action_fact_federation", "action_fact", ["federation_id", "action_id"])


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
