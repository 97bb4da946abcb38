"""Which function does which job, and which mail has which words: the only place where names meet code."""

from __future__ import annotations

from flask import Flask

from lexheller.accounts import resets, single_sign_on_models  # noqa: F401 - its tables
from lexheller.accounts.service import when_role_ends
from lexheller.action_reports import disposal_years, published_pairs, releasing
from lexheller.action_reports import masking as report_masking
from lexheller.action_reports import service as action_reports
from lexheller.action_reports import waiting as report_waiting
from lexheller.actions import messages as action_messages
from lexheller.administration import account_messages, confirming, shut_out
from lexheller.administration import messages as administration_messages
from lexheller.casework import asking, closing, handing_over, quarantine, sending
from lexheller.casework import messages as casework_messages
from lexheller.check import heads
from lexheller.core import jobs
from lexheller.deadlines import messages as deadline_messages
from lexheller.deadlines import service as deadlines
from lexheller.faults import notices as fault_notices
from lexheller.improvement import published_pairs as shown_to_others
from lexheller.intake import messages as intake_messages
from lexheller.meetings import groups as meeting_groups
from lexheller.meetings import reminders as meeting_reminders
from lexheller.meetings import sending_out as meeting_material
from lexheller.messaging import service as messaging
from lexheller.organisations.known_names import known_names_here
from lexheller.organisations.service import TELL_RESPONSIBLE_JOB
from lexheller.records import batch as release_batch
from lexheller.records import (
    diary,
    disposal_carrying_out,
    disposal_finders,
    disposal_hindrances,
    disposal_messages,
    disposal_proof,
    release_documents,
)
from lexheller.records import waiting as records_waiting
from lexheller.records.disposal_rules import DocumentKind as Disposed
from lexheller.records.disposal_rules import Hindrance
from lexheller.records.disposal_service import CARRY_OUT_JOB
from lexheller.records.release_states import DocumentKind
from lexheller.statistics import facts, standing
from lexheller.web import looking


def install(app: Flask) -> None:
    looking.install(app, known_names_here)
    jobs.register(app, sending.ROUTE_JOB, sending.route)
    jobs.register(app, TELL_RESPONSIBLE_JOB, sending.tell_responsible)
    jobs.register(app, closing.FOLLOW_UP_JOB, closing.ask_how_it_went)
    jobs.register(app, asking.QUESTION_JOB, asking.look_after_question)
    jobs.register(app, handing_over.OFFER_JOB, handing_over.look_after_offer)
    jobs.register(app, quarantine.HELD_JOB, quarantine.look_after_held)
    jobs.register(app, messaging.SEND_JOB, messaging.send)
    jobs.register(app, action_reports.REFRESH_JOB, action_reports.refresh_draft)
    jobs.register(app, deadlines.RECALCULATE_JOB, deadlines.recalculate_now)
    jobs.register(app, deadlines.PORTION_JOB, deadlines.recalculate_portion)
    jobs.register(app, confirming.ASK_JOB, confirming.ask)
    jobs.register(app, heads.MAIL_JOB, heads.mail_head)
    jobs.register(app, resets.RESET_JOB, resets.tell)
    jobs.register(app, CARRY_OUT_JOB, disposal_carrying_out.carry_out)
    when_role_ends(app, meeting_groups.end_memberships)
    when_role_ends(app, shut_out.end_responsibility)
    action_messages.install(app)
    account_messages.install(app)
    administration_messages.install(app)
    casework_messages.install(app)
    deadline_messages.install(app)
    fault_notices.install(app)
    intake_messages.install(app)
    meeting_reminders.install(app)
    meeting_material.install(app)
    report_masking.install(app)
    report_waiting.install(app)
    records_waiting.install(app)
    disposal_messages.install(app)
    disposal_finders.install(app)
    disposal_hindrances.register(app, Hindrance.FACTS, standing.cases_without_equal_fact)
    disposal_hindrances.register(app, Hindrance.FACTS, standing.faults_without_equal_fact, Disposed.FAULT)
    disposal_hindrances.register(app, Hindrance.FACTS, standing.actions_without_equal_fact, Disposed.ACTION)
    disposal_hindrances.register(app, Hindrance.YEAR, disposal_years.cases_of_unfrozen_years)
    disposal_hindrances.register(app, Hindrance.YEAR, disposal_years.faults_of_unfrozen_years, Disposed.FAULT)
    disposal_hindrances.register(app, Hindrance.YEAR, disposal_years.actions_of_unfrozen_years, Disposed.ACTION)
    disposal_proof.register(app, disposal_years.figures_of_every_year)
    shown_to_others.register(app, published_pairs.published_pairs)
    facts.install(app)
    diary.install(app)
    release_batch.install(app)
    release_documents.offer(app, DocumentKind.EDITION, releasing.documents_of_editions)
