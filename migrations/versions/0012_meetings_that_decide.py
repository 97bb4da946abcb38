"""meetings that decide: groups and their members, faults on the agenda, texts, decisions; the role of a group's member

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = ("preparatory", "board", "steering")
MOMENT = sa.DateTime(timezone=True)
TEXTS = ("what", "how_often", "between", "tried", "proposed", "decision")
LIVE = sa.text("removed_at IS NULL")
NOT_CANCELLED = sa.text("cancelled_at IS NULL")
ITEM_CHECKS = {
    "one_subject": "(case_id IS NULL) != (fault_id IS NULL)",
    "outcome_known": "outcome IS NULL OR outcome IN ('decided', 'postponed', 'noted')",
    "outcome_has_time": "(outcome IS NULL) = (settled_at IS NULL)",
    "decided_says_what": "outcome IS NULL OR outcome != 'decided' OR length(decision) > 0",
}
ROLES = "role IN ('manager', 'coordinator', 'director', 'member')"


def upgrade() -> None:
    _groups()
    _meeting()
    _item()
    with op.batch_alter_table("role_assignment") as batch_op:
        batch_op.drop_constraint(op.f("ck_role_assignment_role_known"), type_="check")
    with op.batch_alter_table("role_assignment") as batch_op:
        batch_op.create_check_constraint(op.f("ck_role_assignment_role_known"), ROLES)


def _groups() -> None:
    op.create_table(
        "meeting_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('preparatory', 'board', 'steering')", name=op.f("ck_meeting_group_kind_known")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_meeting_group_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_group")),
    )
    in_use = sa.text("retired_at IS NULL")
    op.create_index(
        "uq_meeting_group_kind",
        "meeting_group",
        ["federation_id", "kind"],
        unique=True,
        sqlite_where=in_use,
        postgresql_where=in_use,
    )
    for kind in KINDS:
        op.execute(f"INSERT INTO meeting_group (federation_id, kind, name) SELECT id, '{kind}', '' FROM federation")
    op.create_table(
        "meeting_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_meeting_group_member_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_meeting_group_member_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["meeting_group.id"], name=op.f("fk_meeting_group_member_group_id_meeting_group")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_meeting_group_member_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_group_member")),
    )
    today = sa.text("to_on IS NULL")
    op.create_index(
        "uq_meeting_group_member_once",
        "meeting_group_member",
        ["group_id", "user_id"],
        unique=True,
        sqlite_where=today,
        postgresql_where=today,
    )
    op.create_index("ix_meeting_group_member_user", "meeting_group_member", ["user_id", "federation_id"])


def _meeting() -> None:
    """Every meeting so far was the preparatory group's."""
    op.drop_index("uq_meeting_one_a_day", "meeting")
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("material_sent_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("ended_at", MOMENT, nullable=True))
    op.execute(
        "UPDATE meeting SET group_id = (SELECT id FROM meeting_group WHERE kind = 'preparatory' "
        "AND meeting_group.federation_id = meeting.federation_id)"
    )
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.alter_column("group_id", nullable=False)
        batch_op.create_foreign_key(op.f("fk_meeting_group_id_meeting_group"), "meeting_group", ["group_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_meeting_cancelled_or_held"), "cancelled_at IS NULL OR ended_at IS NULL"
        )
    op.create_index(
        "uq_meeting_one_a_day",
        "meeting",
        ["group_id", "held_on"],
        unique=True,
        sqlite_where=NOT_CANCELLED,
        postgresql_where=NOT_CANCELLED,
    )


def _item() -> None:
    op.drop_index("uq_agenda_item_case_once", "agenda_item")
    with op.batch_alter_table("agenda_item") as batch_op:
        batch_op.drop_constraint(op.f("ck_agenda_item_has_subject"), type_="check")
        batch_op.add_column(sa.Column("moved_count", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("title", sa.String(length=160), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("decided_who", sa.String(length=200), nullable=False, server_default=""))
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name in ("continues_id", "fault_id", "settled_by_user_id", "decided_unit_id", "action_id"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("described_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("settled_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("decided_by_on", sa.Date(), nullable=True))
    op.execute("UPDATE agenda_item SET moved_count = 1 WHERE moved_from_id IS NOT NULL")
    with op.batch_alter_table("agenda_item") as batch_op:
        for name in ("moved_count", "version", "title", "decided_who", *TEXTS):
            batch_op.alter_column(name, server_default=None)
        for column, table in (
            ("continues_id", "agenda_item"),
            ("fault_id", "fault"),
            ("settled_by_user_id", "user_account"),
            ("decided_unit_id", "unit"),
            ("action_id", "action"),
        ):
            batch_op.create_foreign_key(op.f(f"fk_agenda_item_{column}_{table}"), table, [column], ["id"])
        for name, condition in ITEM_CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_agenda_item_{name}"), condition)
    for subject in ("case", "fault"):
        op.create_index(
            f"uq_agenda_item_{subject}_once",
            "agenda_item",
            ["meeting_id", f"{subject}_id"],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )
    op.create_index("uq_agenda_item_continues", "agenda_item", ["continues_id"], unique=True)
    op.create_index("ix_agenda_item_fault", "agenda_item", ["fault_id"])


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
