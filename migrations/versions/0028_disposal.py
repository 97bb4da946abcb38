"""plans for disposal, decisions and what remains

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disposal_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("adopted_by", sa.String(length=200), nullable=False),
        sa.Column("wait_days", sa.Integer(), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("wait_days >= 1", name=op.f("ck_disposal_plan_waits_a_day")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_disposal_plan_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_user_id"], ["user_account.id"], name=op.f("fk_disposal_plan_written_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_plan")),
        sa.UniqueConstraint("federation_id", "version", name=op.f("uq_disposal_plan_federation_id_version")),
    )
    op.create_table(
        "disposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_by_user_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_by_user_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('done', 'called_off')) = (ended_at IS NOT NULL)", name=op.f("ck_disposal_ended_has_time")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'decided', 'done', 'called_off')", name=op.f("ck_disposal_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('decided', 'done') OR "
            "(decided_by_user_id IS NOT NULL AND decided_at IS NOT NULL AND not_before IS NOT NULL)",
            name=op.f("ck_disposal_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "decided_by_user_id IS NULL OR decided_by_user_id != proposed_by_user_id",
            name=op.f("ck_disposal_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["called_off_by_user_id"], ["user_account.id"], name=op.f("fk_disposal_called_off_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"], ["user_account.id"], name=op.f("fk_disposal_decided_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_disposal_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["disposal_plan.id"], name=op.f("fk_disposal_plan_id_disposal_plan")),
        sa.ForeignKeyConstraint(
            ["proposed_by_user_id"], ["user_account.id"], name=op.f("fk_disposal_proposed_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal")),
    )
    with op.batch_alter_table("disposal", schema=None) as batch_op:
        batch_op.create_index(
            "uq_disposal_one_under_way",
            ["federation_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'decided')"),
            postgresql_where=sa.text("status IN ('proposed', 'decided')"),
        )

    op.create_table(
        "disposal_rule",
        sa.Column("plan_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=300), nullable=False),
        sa.CheckConstraint("after IN ('closed', 'year_end')", name=op.f("ck_disposal_rule_after_known")),
        sa.CheckConstraint("kind IN ('case', 'reporter')", name=op.f("ck_disposal_rule_kind_known")),
        sa.CheckConstraint("kept >= 1", name=op.f("ck_disposal_rule_kept_a_while")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_disposal_rule_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["disposal_plan.id"], name=op.f("fk_disposal_rule_plan_id_disposal_plan")),
        sa.PrimaryKeyConstraint("plan_id", "kind", name=op.f("pk_disposal_rule")),
    )
    op.create_table(
        "disposal_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("disposal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("received_year", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_why", sa.String(length=12), nullable=True),
        sa.CheckConstraint("kind IN ('case')", name=op.f("ck_disposal_item_kind_known")),
        sa.CheckConstraint("disposed_at IS NULL OR left_why IS NULL", name=op.f("ck_disposal_item_gone_or_left")),
        sa.ForeignKeyConstraint(["disposal_id"], ["disposal.id"], name=op.f("fk_disposal_item_disposal_id_disposal")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_disposal_item_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_item")),
        sa.UniqueConstraint("disposal_id", "case_id", name=op.f("uq_disposal_item_disposal_id_case_id")),
    )
    with op.batch_alter_table("disposal_item", schema=None) as batch_op:
        batch_op.create_index(
            "uq_disposal_item_gone_once",
            ["federation_id", "case_id"],
            unique=True,
            sqlite_where=sa.text("disposed_at IS NOT NULL"),
            postgresql_where=sa.text("disposed_at IS NOT NULL"),
        )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
