"""copies in which words were masked afterwards; why an original was destroyed; no themes in the open register

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CURRENT = "masked_at IS NULL"


def upgrade() -> None:
    op.drop_index("uq_release_copy_once", "release_copy")
    with op.batch_alter_table("release_copy") as table:
        table.add_column(sa.Column("masked_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("maskings", sa.JSON(), nullable=False, server_default="[]"))
        table.alter_column("content", existing_type=sa.LargeBinary(), nullable=True)
        table.create_check_constraint(
            op.f("ck_release_copy_only_masked_goes"), sa.text("content IS NOT NULL OR masked_at IS NOT NULL")
        )
    with op.batch_alter_table("release_copy") as table:
        table.alter_column("maskings", existing_type=sa.JSON(), server_default=None)
    op.create_index(
        "uq_release_copy_once",
        "release_copy",
        ["document_id", "form"],
        unique=True,
        sqlite_where=sa.text(CURRENT),
        postgresql_where=sa.text(CURRENT),
    )
    with op.batch_alter_table("masking") as table:
        table.add_column(sa.Column("destroyed_why", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("masking") as table:
        table.alter_column("destroyed_why", existing_type=sa.Text(), server_default=None)
    with op.batch_alter_table("sealed_original") as table:
        table.add_column(sa.Column("places", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("sealed_original") as table:
        table.alter_column("places", existing_type=sa.JSON(), server_default=None)
    op.drop_table("diary_settings")


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
