"""signing in through a member's own identity provider

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_connection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("sealed_secret", sa.String(length=1000), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("subject_claim", sa.String(length=120), nullable=False),
        sa.Column("mail_claim", sa.String(length=120), nullable=False),
        sa.Column("groups_claim", sa.String(length=120), nullable=False),
        sa.Column("mail_domains", sa.JSON(), nullable=False),
        sa.Column("strong_values", sa.JSON(), nullable=False),
        sa.Column("role_groups", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_sign_in_connection_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sign_in_connection_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_connection")),
        sa.UniqueConstraint("federation_id", "name", name=op.f("uq_sign_in_connection_federation_id_name")),
    )
    op.create_table(
        "external_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("federation_id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["federation.id"], name=op.f("fk_external_identity_federation_id_federation")
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["sign_in_connection.id"],
            name=op.f("fk_external_identity_connection_id_sign_in_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_external_identity_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
        sa.UniqueConstraint("connection_id", "mark", name=op.f("uq_external_identity_connection_id_mark")),
    )
    op.create_index(op.f("ix_external_identity_user_id"), "external_identity", ["user_id"])
    with op.batch_alter_table("role_assignment") as table:
        table.add_column(sa.Column("connection_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_role_assignment_connection_id_sign_in_connection"), "sign_in_connection", ["connection_id"], ["id"]
        )
    with op.batch_alter_table("sign_in") as table:
        table.add_column(sa.Column("connection_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("strong", sa.Boolean(), nullable=True))
        table.create_foreign_key(
            op.f("fk_sign_in_connection_id_sign_in_connection"), "sign_in_connection", ["connection_id"], ["id"]
        )
        table.create_index(op.f("ix_sign_in_connection_id"), ["connection_id"])
    op.execute("UPDATE sign_in SET strong = false")
    with op.batch_alter_table("sign_in") as table:
        table.alter_column("strong", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
