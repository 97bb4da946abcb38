"""actions and their effect

Planned actions had the day they were planned for in `action_on`, which now is the day an action was done. What older
versions wrote becomes searchable; actions from before get their clocks with the first tick (`step_round` 0).

Revision ID: 0011
Revises: 0010
"""

import re
import unicodedata

import snowballstemmer
import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WAITS = sa.text('fired_at IS NULL AND cancelled_at IS NULL')
BATCH = 500
WORD = re.compile(r'\w+(?:[:/-]\w+)*', re.UNICODE)
CHECKS = {
    'status_known': "status IN ('planned', 'under_way', 'done', 'cancelled')",
    'done_has_day': "(status = 'done') = (action_on IS NOT NULL)",
    'cancelled_for_a_reason': "(status = 'cancelled') = (cancel_why IS NOT NULL)",
    'one_owner': 'owner_unit_id IS NULL OR who IS NULL',
    'reached_is_a_count': 'number_reached IS NULL OR number_reached >= 0',
}
ACTION = sa.table(
    'action',
    sa.column('id', sa.Integer),
    sa.column('federation_id', sa.Integer),
    sa.column('description', sa.Text),
    sa.column('status', sa.String),
    sa.column('action_on', sa.Date),
    sa.column('due_on', sa.Date),
)
TERM = sa.table(
    'action_term',
    sa.column('action_id', sa.Integer),
    sa.column('term', sa.String),
    sa.column('federation_id', sa.Integer),
)


def upgrade() -> None:
    _action()
    _links_and_terms()
    _follow_ups()
    _due_steps()
    _make_searchable()


def _action() -> None:
    with op.batch_alter_table('action') as batch_op:
        for name in ('status_known', 'done_has_day'):
            batch_op.drop_constraint(op.f(f'ck_action_{name}'), type_='check')
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('owner_unit_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('who', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('done_what', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('number_reached', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('cancel_why', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('reopen_why', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('step_round', sa.Integer(), nullable=False, server_default='0'))
    op.execute(
        sa.update(ACTION).where(ACTION.c.status == 'planned').values(due_on=ACTION.c.action_on, action_on=sa.null())
    )
    with op.batch_alter_table('action') as batch_op:
        for name in ('version', 'done_what', 'step_round'):
            batch_op.alter_column(name, server_default=None)
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_action_{name}'), condition)
        batch_op.create_index('ix_action_live', ['federation_id', 'status', 'due_on'])
        batch_op.create_index(op.f('ix_action_owner_unit_id'), ['owner_unit_id'])
        batch_op.create_foreign_key(op.f('fk_action_owner_unit_id_unit'), 'unit', ['owner_unit_id'], ['id'])


def _links_and_terms() -> None:
    op.create_table(
        'action_fault',
        sa.Column('action_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('fault_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('federation_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_fault_action_id_action')),
        sa.ForeignKeyConstraint(['fault_id'], ['fault.id'], name=op.f('fk_action_fault_fault_id_fault')),
        sa.ForeignKeyConstraint(
            ['federation_id'], ['federation.id'], name=op.f('fk_action_fault_federation_id_federation')
        ),
        sa.PrimaryKeyConstraint('action_id', 'fault_id', name=op.f('pk_action_fault')),
    )
    op.create_index(op.f('ix_action_fault_fault_id'), 'action_fault', ['fault_id'])
    op.create_table(
        'action_term',
        sa.Column('action_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            'term',
            sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'),
            nullable=False,
        ),
        sa.Column('federation_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_term_action_id_action')),
        sa.ForeignKeyConstraint(
            ['federation_id'], ['federation.id'], name=op.f('fk_action_term_federation_id_federation')
        ),
        sa.PrimaryKeyConstraint('action_id', 'term', name=op.f('pk_action_term')),
    )
    op.create_index('ix_action_term_lookup', 'action_term', ['federation_id', 'term', 'action_id'])


def _follow_ups() -> None:
    op.create_table(
        'action_follow_up',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('federation_id', sa.Integer(), nullable=False),
        sa.Column('action_id', sa.Integer(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('status', sa.String(length=10), nullable=False),
        sa.Column('step_round', sa.Integer(), nullable=False),
        sa.Column('judgement', sa.String(length=10), nullable=True),
        sa.Column('why', sa.Text(), nullable=True),
        sa.Column('judged_by_user_id', sa.Integer(), nullable=True),
        sa.Column('judged_at', MOMENT, nullable=True),
        sa.Column('measure', sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'judged', 'called_off')", name=op.f('ck_action_follow_up_status_known')
        ),
        sa.CheckConstraint(
            "judgement IS NULL OR judgement IN ('worked', 'partly', 'did_not', 'too_early')",
            name=op.f('ck_action_follow_up_judgement_known'),
        ),
        sa.CheckConstraint(
            "(status = 'judged') = (judgement IS NOT NULL AND why IS NOT NULL AND judged_at IS NOT NULL)",
            name=op.f('ck_action_follow_up_judged_says_why'),
        ),
        sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_follow_up_action_id_action')),
        sa.ForeignKeyConstraint(
            ['federation_id'], ['federation.id'], name=op.f('fk_action_follow_up_federation_id_federation')
        ),
        sa.ForeignKeyConstraint(
            ['judged_by_user_id'],
            ['user_account.id'],
            name=op.f('fk_action_follow_up_judged_by_user_id_user_account'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_action_follow_up')),
    )
    op.create_index('ix_action_follow_up_action', 'action_follow_up', ['action_id'])
    op.create_index('ix_action_follow_up_waiting', 'action_follow_up', ['federation_id', 'status', 'due_on'])


def _due_steps() -> None:
    op.create_table(
        'action_due_step',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('federation_id', sa.Integer(), nullable=False),
        sa.Column('action_id', sa.Integer(), nullable=False),
        sa.Column('follow_up_id', sa.Integer(), nullable=True),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('round', sa.Integer(), nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.Column('fired_at', MOMENT, nullable=True),
        sa.Column('cancelled_at', MOMENT, nullable=True),
        sa.Column('rung', sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "kind IN ('remind', 'overdue', 'escalate_1', 'escalate_2', 'escalate_3', 'follow_up')",
            name=op.f('ck_action_due_step_kind_known'),
        ),
        sa.CheckConstraint(
            'fired_at IS NULL OR cancelled_at IS NULL', name=op.f('ck_action_due_step_fired_or_cancelled')
        ),
        sa.CheckConstraint('fired_at IS NULL OR fired_at >= due_at', name=op.f('ck_action_due_step_never_early')),
        sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_due_step_action_id_action')),
        sa.ForeignKeyConstraint(
            ['federation_id'], ['federation.id'], name=op.f('fk_action_due_step_federation_id_federation')
        ),
        sa.ForeignKeyConstraint(
            ['follow_up_id'], ['action_follow_up.id'], name=op.f('fk_action_due_step_follow_up_id_action_follow_up')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_action_due_step')),
    )
    for name, columns, where, unique in (
        ('uq_action_due_step_action', ['action_id', 'kind', 'round'], sa.text('follow_up_id IS NULL'), True),
        ('uq_action_due_step_follow_up', ['follow_up_id', 'kind', 'round'], sa.text('follow_up_id IS NOT NULL'), True),
        ('ix_action_due_step_waiting', ['federation_id', 'due_at'], WAITS, False),
    ):
        op.create_index(name, 'action_due_step', columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _make_searchable() -> None:
    """The stems of each description, as they were written when this was made (`cases.search.terms_of`)."""
    connection, stemmer, last = op.get_bind(), snowballstemmer.stemmer('swedish'), 0
    query = sa.select(ACTION.c.id, ACTION.c.federation_id, ACTION.c.description).order_by(ACTION.c.id).limit(BATCH)
    while rows := connection.execute(query.where(ACTION.c.id > last)).all():
        terms = [
            {'action_id': row.id, 'term': term, 'federation_id': row.federation_id}
            for row in rows
            for term in _terms_of(row.description, stemmer)
        ]
        if terms:
            connection.execute(sa.insert(TERM), terms)
        last = rows[-1].id


def _terms_of(text: str, stemmer) -> list[str]:
    words = WORD.findall(unicodedata.normalize('NFKC', text).casefold())
    pieces = [piece for word in words for piece in [word, *re.split(r'[:/-]', word)] if piece]
    return list(dict.fromkeys(stemmer.stemWord(piece)[:60] for piece in pieces))


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
