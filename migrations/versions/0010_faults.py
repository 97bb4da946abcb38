"""system faults, the cases that show them, and proposed patterns

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fault',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_by_user_id', sa.Integer(), nullable=True),
    sa.Column('what_happens', sa.Text(), nullable=False),
    sa.Column('let_go_organisation_id', sa.Integer(), nullable=True),
    sa.Column('should_catch_organisation_id', sa.Integer(), nullable=True),
    sa.Column('broken', sa.String(length=10), nullable=True),
    sa.Column('broken_what', sa.Text(), nullable=False),
    sa.Column('who_is_hit', sa.Text(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('way_round', sa.Text(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('municipality_id', sa.Integer(), nullable=True),
    sa.Column('owner_unit_id', sa.Integer(), nullable=True),
    sa.Column('owner_since', sa.Date(), nullable=True),
    sa.Column('decision', sa.Text(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('ending', sa.Text(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('recurred_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(status IN ('closed', 'accepted')) = (ended_on IS NOT NULL)", name=op.f('ck_fault_over_has_day')),
    sa.CheckConstraint("broken IS NULL OR broken IN ('agreement', 'rule', 'routine', 'other')", name=op.f('ck_fault_broken_known')),
    sa.CheckConstraint("status IN ('suspected', 'confirmed', 'lifted', 'decided', 'being_mended', 'followed_up', 'closed', 'accepted')", name=op.f('ck_fault_status_known')),
    sa.CheckConstraint('length(title) > 0', name=op.f('ck_fault_has_title')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_fault_federation_id_federation')),
    sa.ForeignKeyConstraint(['let_go_organisation_id'], ['organisation.id'], name=op.f('fk_fault_let_go_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_fault_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['opened_by_user_id'], ['user_account.id'], name=op.f('fk_fault_opened_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['owner_unit_id'], ['unit.id'], name=op.f('fk_fault_owner_unit_id_unit')),
    sa.ForeignKeyConstraint(['should_catch_organisation_id'], ['organisation.id'], name=op.f('fk_fault_should_catch_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_fault_theme_id_theme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fault')),
    sa.UniqueConstraint('federation_id', 'number', name=op.f('uq_fault_federation_id_number'))
    )
    with op.batch_alter_table('fault', schema=None) as batch_op:
        batch_op.create_index('ix_fault_list', ['federation_id', 'status', 'opened_on', 'id'], unique=False)

    op.create_table('fault_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('fault_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('linked_by_user_id', sa.Integer(), nullable=True),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('unlinked_by_user_id', sa.Integer(), nullable=True),
    sa.Column('unlinked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unlink_why', sa.String(length=300), nullable=True),
    sa.CheckConstraint('(unlinked_at IS NULL) = (unlink_why IS NULL)', name=op.f('ck_fault_case_unlinked_for_a_reason')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_fault_case_case_id_case_file')),
    sa.ForeignKeyConstraint(['fault_id'], ['fault.id'], name=op.f('fk_fault_case_fault_id_fault')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_fault_case_federation_id_federation')),
    sa.ForeignKeyConstraint(['linked_by_user_id'], ['user_account.id'], name=op.f('fk_fault_case_linked_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['unlinked_by_user_id'], ['user_account.id'], name=op.f('fk_fault_case_unlinked_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fault_case'))
    )
    with op.batch_alter_table('fault_case', schema=None) as batch_op:
        batch_op.create_index('ix_fault_case_case', ['case_id'], unique=False)
        batch_op.create_index('uq_fault_case_once', ['fault_id', 'case_id'], unique=True, sqlite_where=sa.text('unlinked_at IS NULL'), postgresql_where=sa.text('unlinked_at IS NULL'))

    op.create_table('fault_news',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('fault_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('told_by_user_id', sa.Integer(), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('case_closed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_fault_news_case_id_case_file')),
    sa.ForeignKeyConstraint(['fault_id'], ['fault.id'], name=op.f('fk_fault_news_fault_id_fault')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_fault_news_federation_id_federation')),
    sa.ForeignKeyConstraint(['told_by_user_id'], ['user_account.id'], name=op.f('fk_fault_news_told_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fault_news')),
    sa.UniqueConstraint('fault_id', 'case_id', 'occasion', name=op.f('uq_fault_news_fault_id_case_id_occasion'))
    )
    with op.batch_alter_table('fault_news', schema=None) as batch_op:
        batch_op.create_index('ix_fault_news_case', ['case_id'], unique=False)

    op.create_table('fault_pattern',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('pattern_key', sa.String(length=80), nullable=False),
    sa.Column('reporting_organisation_id', sa.Integer(), nullable=True),
    sa.Column('concerned_organisation_id', sa.Integer(), nullable=True),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('municipality_id', sa.Integer(), nullable=True),
    sa.Column('trend', sa.String(length=10), nullable=False),
    sa.Column('case_count', sa.Integer(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('fault_id', sa.Integer(), nullable=True),
    sa.Column('settled_by_user_id', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settle_why', sa.String(length=300), nullable=True),
    sa.CheckConstraint("(status = 'open') = (settled_at IS NULL)", name=op.f('ck_fault_pattern_settled_has_time')),
    sa.CheckConstraint("status IN ('open', 'taken', 'put_aside', 'merged')", name=op.f('ck_fault_pattern_status_known')),
    sa.CheckConstraint("trend IN ('rising', 'recurring')", name=op.f('ck_fault_pattern_trend_known')),
    sa.ForeignKeyConstraint(['concerned_organisation_id'], ['organisation.id'], name=op.f('fk_fault_pattern_concerned_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['fault_id'], ['fault.id'], name=op.f('fk_fault_pattern_fault_id_fault')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_fault_pattern_federation_id_federation')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_fault_pattern_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['reporting_organisation_id'], ['organisation.id'], name=op.f('fk_fault_pattern_reporting_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['settled_by_user_id'], ['user_account.id'], name=op.f('fk_fault_pattern_settled_by_user_id_user_account')),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_fault_pattern_theme_id_theme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fault_pattern')),
    sa.UniqueConstraint('federation_id', 'pattern_key', name=op.f('uq_fault_pattern_federation_id_pattern_key'))
    )
    with op.batch_alter_table('fault_pattern', schema=None) as batch_op:
        batch_op.create_index('ix_fault_pattern_status', ['federation_id', 'status', 'id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
