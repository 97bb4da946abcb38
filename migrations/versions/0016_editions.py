"""drafts, goals and frozen editions of the yearly report; the newest compilation of each year becomes its draft's

An edition is append-only: the database itself refuses to alter or delete one. Of what installations kept as
compilations the newest of each year goes on in that year's draft; earlier ones were working copies of the same figures,
and the event log keeps the hash of each.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _draft()
    _goals()
    _editions()
    _settings()
    _refuse_changes()
    _take_over_compilations()


def _draft() -> None:
    op.create_table(
        "report_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("compiled", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("compiled_hash", sa.String(length=64), nullable=True),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_hash", sa.String(length=64), nullable=True),
        sa.Column("approved_by_user_id", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(approved_hash IS NULL) = (approved_at IS NULL)", name=op.f("ck_report_draft_approval_has_time")
        ),
        sa.CheckConstraint(
            "(compiled_hash IS NULL) = (compiled_at IS NULL)", name=op.f("ck_report_draft_compilation_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_report_draft_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_user_id"], ["user_account.id"], name=op.f("fk_report_draft_approved_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
        sa.UniqueConstraint("federation_id", "year", name=op.f("uq_report_draft_federation_id_year")),
    )


def _goals() -> None:
    op.create_table(
        "report_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("fulfilment", sa.String(length=14), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "fulfilment IN ('met', 'partly', 'not', 'not_assessable')", name=op.f("ck_report_goal_fulfilment_known")
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_report_goal_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_goal")),
    )
    op.create_index("ix_report_goal_order", "report_goal", ["federation_id", "year", "position", "id"])


def _editions() -> None:
    op.create_table(
        "report_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("approved_by_user_id", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diary_number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_report_edition_approved_by_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_report_edition_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_edition")),
        sa.UniqueConstraint("federation_id", "diary_number", name=op.f("uq_report_edition_federation_id_diary_number")),
        sa.UniqueConstraint(
            "federation_id", "year", "number", name=op.f("uq_report_edition_federation_id_year_number")
        ),
    )
    op.create_table(
        "report_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_user_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["report_edition.id"], name=op.f("fk_report_publication_edition_id_report_edition")
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_report_publication_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_report_publication_published_by_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_report_publication_withdrawn_by_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_publication")),
    )
    op.create_index("ix_report_publication_federation", "report_publication", ["federation_id", "published_at"])
    op.create_index(
        "uq_report_publication_live",
        "report_publication",
        ["edition_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def _settings() -> None:
    op.create_table(
        "report_settings",
        sa.Column("federation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("least_shown", sa.Integer(), nullable=False),
        sa.Column("word_template", sa.LargeBinary(), nullable=True),
        sa.Column("word_template_name", sa.String(length=200), nullable=True),
        sa.CheckConstraint("least_shown >= 3", name=op.f("ck_report_settings_least_shown_enough")),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_report_settings_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("federation_id", name=op.f("pk_report_settings")),
    )


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_edition_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'editions are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER report_edition_append_only BEFORE UPDATE OR DELETE ON report_edition "
            "FOR EACH ROW EXECUTE FUNCTION refuse_edition_change()"
        )
    else:
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER report_edition_no_{change} BEFORE {change.upper()} ON report_edition "
                "BEGIN SELECT RAISE(ABORT, 'editions are append-only'); END"
            )


def _take_over_compilations() -> None:
    old = sa.table("compilation", *map(sa.column, ("id", "federation_id", "year", "made_at", "hash", "figures")))
    new = sa.table(
        "report_draft",
        *map(sa.column, ("federation_id", "year", "version", "is_open")),
        sa.column("texts", sa.JSON()),
        *map(sa.column, ("compiled", "compiled_hash", "compiled_at")),
    )
    later = old.alias("later")
    is_newest = ~sa.exists().where(
        later.c.federation_id == old.c.federation_id,
        later.c.year == old.c.year,
        sa.or_(later.c.made_at > old.c.made_at, sa.and_(later.c.made_at == old.c.made_at, later.c.id > old.c.id)),
    )
    chosen = sa.select(
        old.c.federation_id,
        old.c.year,
        sa.literal(1),
        sa.true(),
        sa.literal({}, sa.JSON()),
        old.c.figures,
        old.c.hash,
        old.c.made_at,
    ).where(is_newest)
    op.execute(new.insert().from_select(list(new.c), chosen))
    op.drop_table("compilation")


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
