"""the diary, and what was asked for and released

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diary_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=True),
        sa.Column("file_number", sa.Integer(), nullable=True),
        sa.Column("document", sa.Integer(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("correspondent", sa.String(length=12), nullable=False),
        sa.Column("correspondent_organisation_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "correspondent IN ('reporter', 'federation', 'requester', 'nobody')",
            name=op.f("ck_diary_entry_correspondent_known"),
        ),
        sa.CheckConstraint("direction IN ('in', 'out', 'made')", name=op.f("ck_diary_entry_direction_known")),
        sa.CheckConstraint(
            "kind IN ('report', 'imported', 'taken_over', 'fault', 'edition', 'release_request', 'release_decision')",
            name=op.f("ck_diary_entry_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["correspondent_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_diary_entry_correspondent_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_diary_entry_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_diary_entry_theme_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_entry")),
        sa.UniqueConstraint(
            "federation_id",
            "subject_type",
            "subject_id",
            "kind",
            name=op.f("uq_diary_entry_federation_id_subject_type_subject_id_kind"),
        ),
    )
    op.create_index("ix_diary_entry_list", "diary_entry", ["federation_id", "registered_on", "id"], unique=False)
    op.create_index("ix_diary_entry_number", "diary_entry", ["federation_id", "number"], unique=False)
    op.create_index(
        "ix_diary_entry_series",
        "diary_entry",
        ["federation_id", "series_year", "file_number", "document"],
        unique=False,
    )
    op.create_table(
        "diary_settings",
        sa.Column("federation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("show_themes", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_diary_settings_federation_id_federation")
        ),
        sa.PrimaryKeyConstraint("federation_id", name=op.f("pk_diary_settings")),
    )
    op.create_table(
        "release_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_for", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=True),
        sa.Column("answer_to", sa.String(length=254), nullable=True),
        sa.Column("registered_by_user_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_release_request_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_release_request_registered_by_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_request")),
        sa.UniqueConstraint("federation_id", "number", name=op.f("uq_release_request_federation_id_number")),
    )
    op.create_index("ix_release_request_list", "release_request", ["federation_id", "id"], unique=False)
    op.create_table(
        "release_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('whole', 'masked', 'refused', 'left_out')",
            name=op.f("ck_release_document_decision_known"),
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_release_document_decided_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_release_document_decided_by_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_release_document_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["release_request.id"], name=op.f("fk_release_document_request_id_release_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_document")),
        sa.UniqueConstraint(
            "request_id", "kind", "subject_id", name=op.f("uq_release_document_request_id_kind_subject_id")
        ),
    )
    op.create_index("ix_release_document_case", "release_document", ["federation_id", "case_id"], unique=False)
    op.create_index(
        "ix_release_document_order", "release_document", ["federation_id", "request_id", "position"], unique=False
    )
    op.create_table(
        "release_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_user_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(form = 'letter') = (document_id IS NULL)", name=op.f("ck_release_copy_letter_of_request")),
        sa.CheckConstraint("(form = 'letter') = (number IS NOT NULL)", name=op.f("ck_release_copy_letter_has_number")),
        sa.CheckConstraint("form IN ('pdf', 'text', 'letter')", name=op.f("ck_release_copy_form_known")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["release_document.id"], name=op.f("fk_release_copy_document_id_release_document")
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_release_copy_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_user_id"], ["user_account.id"], name=op.f("fk_release_copy_made_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["release_request.id"], name=op.f("fk_release_copy_request_id_release_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_copy")),
    )
    op.create_index("ix_release_copy_request", "release_copy", ["federation_id", "request_id", "id"], unique=False)
    op.create_index("uq_release_copy_once", "release_copy", ["document_id", "form"], unique=True)
    op.create_table(
        "release_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("asked_by_user_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(status = 'ready') = (content IS NOT NULL)", name=op.f("ck_release_package_ready_has_content")
        ),
        sa.CheckConstraint("status IN ('making', 'ready', 'deleted')", name=op.f("ck_release_package_status_known")),
        sa.ForeignKeyConstraint(
            ["asked_by_user_id"], ["user_account.id"], name=op.f("fk_release_package_asked_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_release_package_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["release_request.id"], name=op.f("fk_release_package_request_id_release_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_package")),
    )
    op.create_index(
        "ix_release_package_request", "release_package", ["federation_id", "request_id", "id"], unique=False
    )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
