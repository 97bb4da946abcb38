"""plans for disposal speak of every kind of document; the reading log lets go of what the plan in force lets go of

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

RULES = "kind IN ('case', 'reporter', 'fault', 'action', 'meeting', 'release', 'reading', 'sign_in')"
ITEMS = "kind IN ('case', 'fault', 'action', 'meeting', 'release')"
GONE = "disposed_at IS NOT NULL"
# The rule of the newest plan of the reading's federation.
IN_FORCE = (
    "SELECT 1 FROM disposal_rule JOIN disposal_plan ON disposal_plan.id = disposal_rule.plan_id "
    "WHERE disposal_rule.federation_id = OLD.federation_id AND disposal_rule.kind = 'reading' "
    "AND disposal_plan.version = "
    "(SELECT max(newest.version) FROM disposal_plan AS newest WHERE newest.federation_id = OLD.federation_id) "
)


def upgrade() -> None:
    with op.batch_alter_table("disposal_rule") as table:
        table.drop_constraint(op.f("ck_disposal_rule_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_disposal_rule_kind_known"), sa.text(RULES))
    op.drop_index("uq_disposal_item_gone_once", "disposal_item")
    with op.batch_alter_table("disposal_item") as table:
        table.drop_constraint(op.f("uq_disposal_item_disposal_id_case_id"), type_="unique")
        table.drop_constraint(op.f("ck_disposal_item_kind_known"), type_="check")
        table.alter_column("case_id", new_column_name="subject_id")
        table.alter_column("received_year", new_column_name="year")
        table.alter_column("closed_on", new_column_name="ended_on")
    with op.batch_alter_table("disposal_item") as table:
        table.create_check_constraint(op.f("ck_disposal_item_kind_known"), sa.text(ITEMS))
        table.create_unique_constraint(
            op.f("uq_disposal_item_disposal_id_kind_subject_id"), ["disposal_id", "kind", "subject_id"]
        )
    op.create_index(
        "uq_disposal_item_gone_once",
        "disposal_item",
        ["federation_id", "kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text(GONE),
        postgresql_where=sa.text(GONE),
    )
    _let_go_by_plan()


def _let_go_by_plan() -> None:
    """The database goes on refusing to delete any other reading, and to change or empty them at all.

    SQLite's trigger names the plan's tables: a later migration that makes one of them anew drops it first.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_reading_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN IF EXISTS ({IN_FORCE}"
            "AND OLD.at < now() - make_interval(days => disposal_rule.kept)) THEN RETURN OLD; END IF; END IF; "
            "RAISE EXCEPTION 'readings are append-only'; END $$"
        )
    else:
        op.execute("DROP TRIGGER reading_no_delete")
        op.execute(
            "CREATE TRIGGER reading_no_delete BEFORE DELETE ON reading "
            f"WHEN NOT EXISTS ({IN_FORCE}AND OLD.at < datetime('now', '-' || disposal_rule.kept || ' days')) "
            "BEGIN SELECT RAISE(ABORT, 'readings are append-only'); END"
        )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
