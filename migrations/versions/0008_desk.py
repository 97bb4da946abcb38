"""saved filters, and the indexes that the desk reads by

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

QUEUE = ('received_at', 'id')
INDEXES = (
    ('ix_case_theme', 'case_file', ('federation_id', 'theme_id', *QUEUE)),
    ('ix_case_municipality', 'case_file', ('federation_id', 'municipality_id', *QUEUE)),
    ('ix_case_organisation', 'case_file', ('federation_id', 'concerned_organisation_id', *QUEUE)),
    ('ix_case_answered_on', 'case_file', ('federation_id', 'answered_on', 'received_on')),
    ('ix_duty_unit_case', 'duty', ('unit_id', 'case_id')),
    ('ix_question_replied', 'question', ('federation_id', 'replied_at')),
)
LIVE = "status IN ('open', 'accepted')"
PARTIAL = (
    ('ix_case_running', 'case_file', ('federation_id', *QUEUE), "status != 'closed'"),
    ('ix_case_no_clock', 'case_file', ('federation_id', *QUEUE), "status NOT IN ('assigned', 'accepted')"),
    ('ix_duty_live_due', 'duty', ('federation_id', 'due_on', 'id'), LIVE),
    ('ix_duty_live_unit', 'duty', ('unit_id', 'due_on', 'id'), LIVE),
    ('ix_duty_paused', 'duty', ('federation_id', 'case_id'), 'paused_on IS NOT NULL'),
    ('ix_duty_answered', 'duty', ('unit_id', 'ended_at', 'id'), "status = 'answered'"),
    ('ix_duty_returned', 'duty', ('federation_id', 'ended_at'), "status = 'returned'"),
    ('ix_proposal_waiting', 'proposal', ('federation_id', 'case_id'), 'settled_at IS NULL'),
    ('ix_handover_waiting', 'handover', ('federation_id', 'case_id'), 'decision IS NULL'),
    ('ix_job_parked', 'job', ('federation_id', 'id'), "status = 'parked'"),
)


def upgrade() -> None:
    op.create_table(
        'saved_filter',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('federation_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('query', sa.Text(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['federation_id'], ['federation.id'], name=op.f('fk_saved_filter_federation_id_federation')
        ),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_saved_filter_user_id_user_account')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filter')),
        sa.UniqueConstraint('user_id', 'federation_id', 'name', name=op.f('uq_saved_filter_user_id_federation_id_name')),
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, list(columns))
    for name, table, columns, where in PARTIAL:
        op.create_index(name, table, list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index(
        'ix_case_in_doubt',
        'case_file',
        ['federation_id', *QUEUE],
        sqlite_where=sa.text('in_doubt IS 1'),
        postgresql_where=sa.text('in_doubt IS true'),
    )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
