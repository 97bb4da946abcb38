"""duties with own status, questions, notes, hand-over, occurrences

Revision ID: 0003
Revises: 0002
"""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

CHECKS = {
    "report": {
        "source_known": "source IN ('form', 'import', 'office', 'handover')",
        "office_has_channel": "(source = 'office') = (channel IS NOT NULL)",
        "says_something": "length(what_happened) > 0",
    },
    "case_file": {
        "status_known": "status IN ('received', 'unrouted', 'assigned', 'accepted', 'collected', 'answered', 'closed')",
        "closed_has_day": "(status = 'closed') = (closed_on IS NOT NULL)",
        "merged_is_closed": "merged_into_id IS NULL OR status = 'closed'",
    },
    "duty": {
        "status_known": "status IN ('open', 'accepted', 'answered', 'returned', 'withdrawn')",
        "ended_has_time": "(status IN ('open', 'accepted')) = (ended_at IS NULL)",
    },
    "answer": {
        "given_says_something": "given_at IS NULL OR length(steps_taken) > 0",
        "shared_is_given": "shared_at IS NULL OR given_at IS NOT NULL",
    },
}
GONE = {"report": ["source_known"], "case_file": ["status_known"], "duty": ["status_known"]}
STAYS = {
    "report": ["says_something"],
    "case_file": ["closed_has_day"],
    "answer": ["given_says_something"],
}


def checked(table: str) -> None:
    """Put the table's new conditions in place of the old ones."""
    with op.batch_alter_table(table) as batch_op:
        for name in GONE.get(table, []):
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        for name, condition in CHECKS[table].items():
            if name not in STAYS.get(table, []):
                batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def upgrade() -> None:
    _report()
    _case()
    _duty()
    _answer()
    _dialogue()


def _report() -> None:
    with op.batch_alter_table('report') as batch_op:
        batch_op.add_column(sa.Column('channel', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('registered_by_user_id', sa.Integer(), nullable=True))
    checked('report')
    with op.batch_alter_table('reporter_contact') as batch_op:
        batch_op.add_column(sa.Column('stay_unknown', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('reporter_contact') as batch_op:
        batch_op.alter_column('stay_unknown', server_default=None)


def _case() -> None:
    with op.batch_alter_table('case_file') as batch_op:
        batch_op.add_column(sa.Column('concerned_unit_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('close_reason', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('shared_summary', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('shared_on', sa.Date(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_case_file_concerned_unit_id_unit'), 'unit', ['concerned_unit_id'], ['id'])
        batch_op.create_foreign_key(op.f('fk_case_file_merged_into_id_case_file'), 'case_file', ['merged_into_id'], ['id'])
    checked('case_file')
    op.create_index('ix_case_merged', 'case_file', ['merged_into_id'])
    op.create_index('ix_case_shared', 'case_file', ['federation_id', 'shared_on'])


def _duty() -> None:
    op.drop_index('uq_duty_one_open', 'duty')
    with op.batch_alter_table('duty') as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('opened_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('answer_days', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('extended_days', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('extension_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('paused_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('late_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('clock_round', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('proposed_unit_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_duty_proposed_unit_id_unit'), 'unit', ['proposed_unit_id'], ['id'])
        batch_op.drop_constraint(op.f('ck_duty_status_known'), type_='check')
    _fill_duties()
    op.execute(
        "UPDATE duty SET status = 'accepted' WHERE status = 'open' "
        "AND case_id IN (SELECT id FROM case_file WHERE status = 'accepted')"
    )
    with op.batch_alter_table('duty') as batch_op:
        for column in ('version', 'extended_days', 'clock_round'):
            batch_op.alter_column(column, server_default=None)
        batch_op.alter_column('opened_on', nullable=False)
        batch_op.alter_column('answer_days', nullable=False)
        for name, condition in CHECKS['duty'].items():
            batch_op.create_check_constraint(op.f(f"ck_duty_{name}"), condition)
    live = sa.text("status IN ('open', 'accepted')")
    op.create_index(
        'uq_duty_one_live_per_unit',
        'duty',
        ['case_id', 'unit_id'],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index('ix_duty_due', 'duty', ['federation_id', 'status', 'due_on'])


def _fill_duties() -> None:
    """The day a duty was opened is Sweden's; the days given were the federation's."""
    connection = op.get_bind()
    duty = sa.table(
        'duty',
        sa.column('id', sa.Integer),
        sa.column('opened_at', sa.DateTime(timezone=True)),
        sa.column('opened_on', sa.Date),
    )
    sweden, utc = ZoneInfo("Europe/Stockholm"), ZoneInfo("UTC")
    for row in connection.execute(sa.select(duty.c.id, duty.c.opened_at)).all():
        moment = row.opened_at if row.opened_at.tzinfo else row.opened_at.replace(tzinfo=utc)
        day = moment.astimezone(sweden).date()
        connection.execute(sa.update(duty).where(duty.c.id == row.id).values(opened_on=day))
    op.execute(
        "UPDATE duty SET answer_days = (SELECT answer_days FROM federation WHERE federation.id = duty.federation_id)"
    )


def _answer() -> None:
    with op.batch_alter_table('answer') as batch_op:
        batch_op.add_column(sa.Column('joint', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('shared_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('answer') as batch_op:
        batch_op.alter_column('joint', server_default=None)
    op.execute("UPDATE answer SET shared_at = given_at")
    checked('answer')


def _dialogue() -> None:
    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('duty_id', sa.Integer(), nullable=True),
    sa.Column('asked_by_user_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reply', sa.Text(), nullable=True),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(reply IS NULL) = (replied_at IS NULL)', name=op.f('ck_question_reply_has_time')),
    sa.CheckConstraint('replied_at IS NULL OR withdrawn_at IS NULL', name=op.f('ck_question_replied_or_withdrawn')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_question_case_id_case_file')),
    sa.ForeignKeyConstraint(['duty_id'], ['duty.id'], name=op.f('fk_question_duty_id_duty')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_question_federation_id_federation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question'))
    )
    op.create_index('ix_question_case', 'question', ['case_id'], unique=False)
    op.create_index('uq_question_one_open', 'question', ['case_id'], unique=True, sqlite_where=sa.text('replied_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('replied_at IS NULL AND withdrawn_at IS NULL'))
    op.create_table('note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('author_user_id', sa.Integer(), nullable=True),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_note_case_id_case_file')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_note_federation_id_federation')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_note_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note'))
    )
    op.create_index('ix_note_case', 'note', ['case_id'], unique=False)
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken', sa.Boolean(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'theme') = (theme_id IS NOT NULL)", name=op.f('ck_proposal_theme_named')),
    sa.CheckConstraint("kind IN ('theme', 'system_fault')", name=op.f('ck_proposal_kind_known')),
    sa.CheckConstraint('(taken IS NULL) = (settled_at IS NULL)', name=op.f('ck_proposal_settled_has_time')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_proposal_case_id_case_file')),
    sa.ForeignKeyConstraint(['duty_id'], ['duty.id'], name=op.f('fk_proposal_duty_id_duty')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_proposal_federation_id_federation')),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_proposal_theme_id_theme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    op.create_index('ix_proposal_case', 'proposal', ['case_id'], unique=False)
    op.create_table('feedback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('worked', sa.String(length=8), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'follow_up') = (worked IS NOT NULL)", name=op.f('ck_feedback_follow_up_says_how')),
    sa.CheckConstraint("kind IN ('not_solved', 'follow_up')", name=op.f('ck_feedback_kind_known')),
    sa.CheckConstraint("worked IS NULL OR worked IN ('yes', 'partly', 'no')", name=op.f('ck_feedback_worked_known')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_feedback_case_id_case_file')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_feedback_federation_id_federation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback'))
    )
    op.create_index('ix_feedback_case', 'feedback', ['case_id'], unique=False)
    op.create_index('uq_feedback_one_follow_up', 'feedback', ['case_id'], unique=True, sqlite_where=sa.text("kind = 'follow_up'"), postgresql_where=sa.text("kind = 'follow_up'"))
    op.create_table('contact_opening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_contact_opening_case_id_case_file')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_contact_opening_federation_id_federation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_opening'))
    )
    op.create_index('ix_contact_opening_case', 'contact_opening', ['case_id'], unique=False)
    op.create_table('handover',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('to_federation_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('text_to_reporter', sa.Text(), nullable=False),
    sa.Column('trail', sa.JSON(), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(length=12), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('new_case_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(new_case_id IS NOT NULL) = (coalesce(decision, '') = 'accepted')", name=op.f('ck_handover_accepted_has_case')),
    sa.CheckConstraint("decision IN ('accepted', 'declined', 'called_off')", name=op.f('ck_handover_decision_known')),
    sa.CheckConstraint('(decision IS NULL) = (decided_at IS NULL)', name=op.f('ck_handover_decided_has_time')),
    sa.CheckConstraint('federation_id != to_federation_id', name=op.f('ck_handover_to_another')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_handover_case_id_case_file')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_handover_federation_id_federation')),
    sa.ForeignKeyConstraint(['new_case_id'], ['case_file.id'], name=op.f('fk_handover_new_case_id_case_file')),
    sa.ForeignKeyConstraint(['to_federation_id'], ['federation.id'], name=op.f('fk_handover_to_federation_id_federation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
    sa.UniqueConstraint('new_case_id', name=op.f('uq_handover_new_case_id'))
    )
    op.create_index('ix_handover_to', 'handover', ['to_federation_id', 'decided_at'], unique=False)
    op.create_index('uq_handover_one_open', 'handover', ['case_id'], unique=True, sqlite_where=sa.text('decision IS NULL'), postgresql_where=sa.text('decision IS NULL'))
    op.create_table('occurrence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.String(length=36), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('reporting_organisation_id', sa.Integer(), nullable=True),
    sa.Column('municipality_id', sa.Integer(), nullable=True),
    sa.Column('what_happened', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_occurrence_case_id_case_file')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_occurrence_federation_id_federation')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_occurrence_municipality_id_municipality')),
    sa.ForeignKeyConstraint(['reporting_organisation_id'], ['organisation.id'], name=op.f('fk_occurrence_reporting_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_occurrence')),
    sa.UniqueConstraint('federation_id', 'submission_id', name=op.f('uq_occurrence_federation_id_submission_id'))
    )
    op.create_index('ix_occurrence_case', 'occurrence', ['case_id'], unique=False)
    op.create_index('ix_occurrence_received_on', 'occurrence', ['federation_id', 'received_on'], unique=False)
    op.create_table('answer_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('federation_id', sa.Integer(), nullable=False),
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('delegate', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('expires_at > made_at', name=op.f('ck_answer_link_times_in_order')),
    sa.ForeignKeyConstraint(['duty_id'], ['duty.id'], name=op.f('fk_answer_link_duty_id_duty')),
    sa.ForeignKeyConstraint(['federation_id'], ['federation.id'], name=op.f('fk_answer_link_federation_id_federation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_link')),
    sa.UniqueConstraint('duty_id', 'email', name=op.f('uq_answer_link_duty_id_email'))
    )
    op.create_index('ix_answer_link_duty', 'answer_link', ['duty_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
