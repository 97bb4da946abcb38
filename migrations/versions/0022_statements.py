"""what each federation tells in its open statements of accessibility and personal data

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statement_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("contact_phone", sa.String(length=80), nullable=True),
        sa.Column("contact_address", sa.String(length=300), nullable=True),
        sa.Column("conformity", sa.String(length=10), nullable=False),
        sa.Column("shortcomings", sa.Text(), nullable=True),
        sa.Column("tested_on", sa.Date(), nullable=True),
        sa.Column("tested_by", sa.String(length=10), nullable=False),
        sa.Column("officer_name", sa.String(length=200), nullable=True),
        sa.Column("officer_email", sa.String(length=254), nullable=True),
        sa.Column("officer_phone", sa.String(length=80), nullable=True),
        sa.Column("operated_by", sa.String(length=200), nullable=True),
        sa.Column("reporter_days", sa.Integer(), nullable=True),
        sa.Column("updated_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "conformity IN ('full', 'partial', 'none')", name=op.f("ck_statement_settings_conformity_known")
        ),
        sa.CheckConstraint("tested_by IN ('self', 'other')", name=op.f("ck_statement_settings_tested_by_known")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_statement_settings_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_settings")),
        sa.UniqueConstraint("federation_id", name=op.f("uq_statement_settings_federation_id")),
    )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
