"""an index for the queue by who reported

Revision ID: 0013
Revises: 0012
"""

from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_case_reporting', 'case_file', ['federation_id', 'reporting_organisation_id', 'received_at', 'id']
    )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
