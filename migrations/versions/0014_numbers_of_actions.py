"""each federation numbers its own actions

Those that there are get their numbers in the order in which they were written in.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action_series",
        sa.Column("federation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_action_series_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("federation_id", name=op.f("pk_action_series")),
    )
    with op.batch_alter_table("action") as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE action SET number = counted.number FROM "
        "(SELECT id, row_number() OVER (PARTITION BY federation_id ORDER BY id) AS number FROM action) AS counted "
        "WHERE counted.id = action.id"
    )
    op.execute(
        "INSERT INTO action_series (federation_id, last_number) "
        "SELECT federation_id, max(number) FROM action GROUP BY federation_id"
    )
    with op.batch_alter_table("action") as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_action_federation_id_number"), ["federation_id", "number"])


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
