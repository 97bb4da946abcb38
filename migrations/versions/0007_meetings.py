"""preparatory group meetings and their agendas

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('starts_at', sa.String(length=5), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=True),
    sa.Column('note', sa.String(length=1000), nullable=True),
    sa.Column('material_due_on', sa.Date(), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('material_due_on <= held_on', name=op.f('ck_meeting_material_before_meeting')),
    sa.CheckConstraint('starts_at IS NULL OR length(starts_at) = 5', name=op.f('ck_meeting_starts_at_a_clock_time')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_meeting_federation_id_federation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_days', ['federation_id', 'held_on', 'id'], unique=False)
        batch_op.create_index('uq_meeting_one_a_day', ['federation_id', 'held_on'], unique=True, sqlite_where=sa.text('cancelled_at IS NULL'), postgresql_where=sa.text('cancelled_at IS NULL'))

    op.create_table('agenda_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('moved_from_id', sa.Integer(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('put_by_user_id', sa.Integer(), nullable=False),
    sa.Column('put_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('case_id IS NOT NULL', name=op.f('ck_agenda_item_has_subject')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_agenda_item_case_id_case_file')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_agenda_item_federation_id_federation')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agenda_item_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['moved_from_id'], ['meeting.id'], name=op.f('fk_agenda_item_moved_from_id_meeting')),
    sa.ForeignKeyConstraint(['put_by_user_id'], ['user_account.id'], name=op.f('fk_agenda_item_put_by_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index('ix_agenda_item_case', ['case_id'], unique=False)
        batch_op.create_index('ix_agenda_item_order', ['federation_id', 'meeting_id', 'position', 'id'], unique=False)
        batch_op.create_index('uq_agenda_item_case_once', ['meeting_id', 'case_id'], unique=True, sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
