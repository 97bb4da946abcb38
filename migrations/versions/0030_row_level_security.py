"""each federation's rows are shown to those who say that they work for it

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SETTING = "current_setting('lexheller.federations', true)"
# Both are asked once for each statement, not for each row, and leave the indexes to the statement's own conditions.
EVERY = f"(SELECT {SETTING} = 'all')"
OURS = f"((SELECT string_to_array(nullif(nullif({SETTING}, ''), 'all'), ','))::int[])"
TABLES = (
    "action",
    "action_case",
    "action_due_step",
    "action_fact",
    "action_fault",
    "action_follow_up",
    "action_series",
    "action_term",
    "action_type",
    "agenda_item",
    "answer",
    "answer_link",
    "case_fact",
    "case_file",
    "case_term",
    "chain_head",
    "closed_day",
    "contact_opening",
    "deadline_settings",
    "diary_entry",
    "diary_series",
    "diary_settings",
    "digest",
    "digest_line",
    "disposal",
    "disposal_item",
    "disposal_plan",
    "disposal_rule",
    "due_step",
    "duty",
    "event",
    "external_identity",
    "fault",
    "fault_case",
    "fault_fact",
    "fault_news",
    "fault_pattern",
    "feedback",
    "handover",
    "job",
    "masking",
    "meeting",
    "meeting_group",
    "meeting_group_member",
    "membership",
    "message",
    "note",
    "occurrence",
    "proposal",
    "published_case",
    "question",
    "reading",
    "register_change",
    "release_copy",
    "release_document",
    "release_package",
    "release_request",
    "report",
    "report_draft",
    "report_edition",
    "report_goal",
    "report_publication",
    "report_settings",
    "reporter_contact",
    "responsible_manager",
    "role_assignment",
    "routing_rule",
    "rule_set",
    "saved_filter",
    "seal_opening",
    "sealed_original",
    "sign_in_connection",
    "sign_in_rules",
    "standard_text",
    "statement_settings",
    "substitution",
    "theme",
    "theme_change",
    "unit",
)
# An offer of a case belongs to the federation that offers it, and is shown to the one that is asked.
ASKED = "handover"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite has no row-level security: the queries are the only wall there
    for table in TABLES:
        mine = f"{EVERY} OR federation_id = ANY ({OURS})"
        if table == ASKED:
            mine += f" OR to_federation_id = ANY ({OURS})"
        op.execute(f"CREATE POLICY federation ON {table} USING ({mine}) WITH CHECK ({mine})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
