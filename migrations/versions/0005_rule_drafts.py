"""routing rules: more conditions, drafts

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

WAS_IN_USE = """
UPDATE rule_set SET
    published_at = made_at,
    status = CASE WHEN version = (
        SELECT MAX(other.version) FROM rule_set AS other WHERE other.federation_id = rule_set.federation_id
    ) THEN 'in_use' ELSE 'past' END
"""


def upgrade() -> None:
    # SQLite changes a table by making it anew, which it refuses while rules point at their set: they step aside.
    old = sa.Table("routing_rule", sa.MetaData(), autoload_with=op.get_bind())
    rules = [dict(row) for row in op.get_bind().execute(sa.select(old)).mappings()]
    op.get_bind().execute(sa.delete(old))
    _change_sets()
    _change_rules()
    if rules:
        op.get_bind().execute(sa.insert(old), rules)


def _change_sets() -> None:
    with op.batch_alter_table("rule_set") as batch_op:
        batch_op.add_column(sa.Column("status", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("based_on_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("published_by_user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=500), nullable=True))
    op.execute(WAS_IN_USE)
    op.execute("UPDATE rule_set SET revision = 1, note = ''")
    with op.batch_alter_table("rule_set") as batch_op:
        batch_op.alter_column("status", existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("note", existing_type=sa.String(length=500), nullable=False)
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(op.f("fk_rule_set_based_on_id_rule_set"), "rule_set", ["based_on_id"], ["id"])
        batch_op.create_foreign_key(
            op.f("fk_rule_set_published_by_user_id_user_account"), "user_account", ["published_by_user_id"], ["id"]
        )
        batch_op.create_check_constraint("status_known", "status IN ('draft', 'in_use', 'past')")
        batch_op.create_check_constraint("draft_has_no_version", "(status = 'draft') = (version IS NULL)")
        batch_op.create_check_constraint("draft_is_not_published", "(status = 'draft') = (published_at IS NULL)")
    for name, status in (("uq_rule_set_one_draft", "draft"), ("uq_rule_set_one_in_use", "in_use")):
        where = sa.text(f"status = '{status}'")
        op.create_index(
            name, "rule_set", ["federation_id"], unique=True, sqlite_where=where, postgresql_where=where
        )


def _change_rules() -> None:
    with op.batch_alter_table("routing_rule") as batch_op:
        batch_op.add_column(sa.Column("concerned_unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("activity_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_routing_rule_concerned_unit_id_unit"), "unit", ["concerned_unit_id"], ["id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_routing_rule_activity_id_organisation"), "organisation", ["activity_id"], ["id"]
        )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
