"""deadline settings, due steps, digests

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _settings()
    _due_step()
    _digest()


def _settings() -> None:
    """What stood with the federation moves here; the other terms begin at their defaults."""
    settings = op.create_table(
        'deadline_settings',
        sa.Column('federation_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('acknowledge_days', sa.Integer(), nullable=False),
        sa.Column('answer_days', sa.Integer(), nullable=False),
        sa.Column('extension_days', sa.Integer(), nullable=False),
        sa.Column('most_extensions', sa.Integer(), nullable=False),
        sa.Column('remind_before_days', sa.Integer(), nullable=False),
        sa.Column('escalate_after_days', sa.JSON(), nullable=False),
        sa.Column('quiet_from', sa.String(length=5), nullable=False),
        sa.Column('quiet_to', sa.String(length=5), nullable=False),
        sa.Column('digest_at', sa.String(length=5), nullable=False),
        sa.Column('not_solved_days', sa.Integer(), nullable=False),
        sa.Column('follow_up_weeks', sa.Integer(), nullable=False),
        sa.Column('link_days', sa.Integer(), nullable=False),
        sa.CheckConstraint('answer_days BETWEEN 1 AND 250', name=op.f('ck_deadline_settings_answer_days_sensible')),
        sa.ForeignKeyConstraint(
            ['federation_id'], ['federation.id'], name=op.f('fk_deadline_settings_federation_id_federation')
        ),
        sa.PrimaryKeyConstraint('federation_id', name=op.f('pk_deadline_settings')),
    )
    connection = op.get_bind()
    federation = sa.table('federation', sa.column('id', sa.Integer), sa.column('answer_days', sa.Integer))
    rows = connection.execute(sa.select(federation.c.id, federation.c.answer_days)).all()
    if rows:
        defaults = {
            'acknowledge_days': 3,
            'extension_days': 10,
            'most_extensions': 1,
            'remind_before_days': 3,
            'escalate_after_days': [5, 10, 15],
            'quiet_from': '18:00',
            'quiet_to': '07:00',
            'digest_at': '08:00',
            'not_solved_days': 30,
            'follow_up_weeks': 8,
            'link_days': 60,
        }
        op.bulk_insert(
            settings, [{'federation_id': row.id, 'answer_days': row.answer_days, **defaults} for row in rows]
        )
    with op.batch_alter_table('federation') as batch_op:
        batch_op.drop_constraint(op.f('ck_federation_answer_days_sensible'), type_='check')
        batch_op.drop_column('answer_days')


def _due_step() -> None:
    """Duties that run already get their steps from the first tick: the calendar is not known here."""
    op.create_table(
        'due_step',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('federation_id', sa.Integer(), nullable=False),
        sa.Column('duty_id', sa.Integer(), nullable=False),
        sa.Column('step', sa.String(length=12), nullable=False),
        sa.Column('clock_round', sa.Integer(), nullable=False),
        sa.Column('days', sa.Integer(), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('fired_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('rung', sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "step IN ('acknowledge', 'remind', 'overdue', 'escalate_1', 'escalate_2', 'escalate_3')",
            name=op.f('ck_due_step_step_known'),
        ),
        sa.CheckConstraint('fired_at IS NULL OR cancelled_at IS NULL', name=op.f('ck_due_step_fired_or_cancelled')),
        sa.CheckConstraint('fired_at IS NULL OR fired_at >= due_at', name=op.f('ck_due_step_never_early')),
        sa.ForeignKeyConstraint(['duty_id'], ['duty.id'], name=op.f('fk_due_step_duty_id_duty')),
        sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_due_step_federation_id_federation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_due_step')),
        sa.UniqueConstraint('duty_id', 'step', 'clock_round', name=op.f('uq_due_step_duty_id_step_clock_round')),
    )
    waiting = sa.text('fired_at IS NULL AND cancelled_at IS NULL')
    op.create_index(
        'ix_due_step_waiting',
        'due_step',
        ['federation_id', 'due_at'],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _digest() -> None:
    op.create_table(
        'digest',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('federation_id', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('rung', sa.String(length=12), nullable=False),
        sa.Column('recipient_type', sa.String(length=20), nullable=False),
        sa.Column('recipient_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_digest_federation_id_federation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_digest')),
    )
    op.create_index(op.f('ix_digest_federation_id'), 'digest', ['federation_id'])
    op.create_table(
        'digest_line',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('federation_id', sa.Integer(), nullable=False),
        sa.Column('digest_id', sa.Integer(), nullable=False),
        sa.Column('duty_id', sa.Integer(), nullable=False),
        sa.Column('due_step_id', sa.Integer(), nullable=True),
        sa.Column('recipient_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['digest_id'], ['digest.id'], name=op.f('fk_digest_line_digest_id_digest')),
        sa.ForeignKeyConstraint(['due_step_id'], ['due_step.id'], name=op.f('fk_digest_line_due_step_id_due_step')),
        sa.ForeignKeyConstraint(['duty_id'], ['duty.id'], name=op.f('fk_digest_line_duty_id_duty')),
        sa.ForeignKeyConstraint(
            ['federation_id'], ['federation.id'], name=op.f('fk_digest_line_federation_id_federation')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_line')),
        sa.UniqueConstraint(
            'digest_id', 'duty_id', 'due_step_id', name=op.f('uq_digest_line_digest_id_duty_id_due_step_id')
        ),
    )
    op.create_index(op.f('ix_digest_line_duty_id'), 'digest_line', ['duty_id'])


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
