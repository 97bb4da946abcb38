"""five more roles

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known = (
        "role IN ('manager', 'coordinator', 'director', 'member', 'registrar', 'analyst', 'administrator', "
        "'operator', 'national_reader')"
    )
    with op.batch_alter_table("role_assignment") as table:
        table.drop_constraint(op.f("ck_role_assignment_role_known"), type_="check")
        table.create_check_constraint(op.f("ck_role_assignment_role_known"), sa.text(known))


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
