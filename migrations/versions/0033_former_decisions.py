"""what was decided about a fault before the decision that stands

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("fault") as table:
        table.add_column(sa.Column("former_decisions", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("fault") as table:
        table.alter_column("former_decisions", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
