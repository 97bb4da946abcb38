"""reports, and what reporters write later, that wait because somebody may be named in them

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

HELD = "held_at IS NOT NULL"
INDEXED = {
    "case_file": ("ix_case_held", "id"),
    "question": ("ix_question_held", "case_id"),
    "feedback": ("ix_feedback_held", "case_id"),
    "occurrence": ("ix_occurrence_held", "case_id"),
}


def upgrade() -> None:
    for table, (index, column) in INDEXED.items():
        op.add_column(table, sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        where = sa.text(HELD)
        op.create_index(index, table, ["federation_id", column], sqlite_where=where, postgresql_where=where)
    op.add_column("case_file", sa.Column("let_through_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
