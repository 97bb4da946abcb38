"""on which day the list of themes became another, so that a series over the years shows where it breaks

What the register's history knows of themes that were added, renamed or taken in and out of use comes along.

Revision ID: 0018
Revises: 0017
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = {
    "theme_added": "added",
    "theme_taken_back": "added",
    "theme_renamed": "renamed",
    "theme_retired": "retired",
}


def upgrade() -> None:
    op.create_table(
        "theme_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("from_keys", sa.JSON(), nullable=False),
        sa.Column("from_labels", sa.JSON(), nullable=False),
        sa.Column("to_keys", sa.JSON(), nullable=False),
        sa.Column("to_labels", sa.JSON(), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('renamed', 'split', 'merged', 'added', 'retired')", name=op.f("ck_theme_change_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_theme_change_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_change")),
    )
    op.create_index("ix_theme_change_on_day", "theme_change", ["federation_id", "on_day"])
    _take_over_history()


def _take_over_history() -> None:
    bind = op.get_bind()
    theme = sa.table("theme", *map(sa.column, ("id", "key")))
    line = sa.table(
        "register_change",
        *map(sa.column, ("id", "federation_id", "subject_type", "subject_id", "what", "actor_user_id")),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("before", sa.JSON()),
        sa.column("after", sa.JSON()),
    )
    known = (
        sa.select(line, theme.c.key)
        .join(theme, theme.c.id == line.c.subject_id)
        .where(line.c.subject_type == "theme", line.c.what.in_(KINDS))
        .order_by(line.c.id)
    )
    changes = [_change(row) for row in bind.execute(known)]
    if changes:
        table = sa.table(
            "theme_change",
            *map(sa.column, ("federation_id", "kind", "by_user_id")),
            sa.column("on_day", sa.Date()),
            *(sa.column(name, sa.JSON()) for name in ("from_keys", "from_labels", "to_keys", "to_labels")),
        )
        op.bulk_insert(table, changes)


def _change(row: sa.Row) -> dict[str, object]:
    kind = KINDS[row.what]
    before = [row.before.get("label", "")] if kind == "renamed" else [row.after["label"]] if kind == "retired" else []
    after = [] if kind == "retired" else [row.after["label"]]
    return {
        "federation_id": row.federation_id,
        "on_day": _day(row.at),
        "kind": kind,
        "from_keys": [row.key for _label in before],
        "from_labels": before,
        "to_keys": [row.key for _label in after],
        "to_labels": after,
        "by_user_id": row.actor_user_id,
    }


def _day(at: datetime) -> date:
    """In Sweden. SQLite gives UTC without saying so."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo("Europe/Stockholm")).date()


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
