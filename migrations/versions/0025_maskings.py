"""passages that were hidden after the fact

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "masking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("masked_by_user_id", sa.Integer(), nullable=False),
        sa.Column("masked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decision IN ('seal', 'destroy')", name=op.f("ck_masking_decision_known")),
        sa.CheckConstraint(
            "reason IN ('person', 'secrecy', 'not_ours', 'asked', 'other')", name=op.f("ck_masking_reason_known")
        ),
        sa.CheckConstraint("passages > 0", name=op.f("ck_masking_hides_something")),
        sa.CheckConstraint("decision = 'seal' OR destroyed_at IS NULL", name=op.f("ck_masking_only_seals_end")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_masking_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["destroyed_by_user_id"], ["user_account.id"], name=op.f("fk_masking_destroyed_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["federation_id"], ["federation.id"], name=op.f("fk_masking_federation_id_federation")),
        sa.ForeignKeyConstraint(
            ["masked_by_user_id"], ["user_account.id"], name=op.f("fk_masking_masked_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_masking")),
    )
    op.create_index("ix_masking_case_id", "masking", ["case_id"])
    op.create_index("ix_masking_subject", "masking", ["federation_id", "kind", "subject_id", "id"])
    op.create_table(
        "sealed_original",
        sa.Column("masking_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_sealed_original_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(["masking_id"], ["masking.id"], name=op.f("fk_sealed_original_masking_id_masking")),
        sa.PrimaryKeyConstraint("masking_id", name=op.f("pk_sealed_original")),
    )
    op.create_table(
        "seal_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("masking_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_user_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_seal_opening_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(["masking_id"], ["masking.id"], name=op.f("fk_seal_opening_masking_id_masking")),
        sa.ForeignKeyConstraint(
            ["opened_by_user_id"], ["user_account.id"], name=op.f("fk_seal_opening_opened_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_opening")),
    )
    op.create_index("ix_seal_opening_masking", "seal_opening", ["masking_id"])


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
