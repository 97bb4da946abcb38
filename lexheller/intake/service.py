"""Receiving a report: one submission is stored once, registered at once, and work on it is promised (P1, P2)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lexheller.accounts.rights import REPORTER
from lexheller.audit.service import next_diary_number
from lexheller.cases import door, search
from lexheller.cases.models import Case, Report, ReporterContact
from lexheller.cases.queries import case_of_report
from lexheller.cases.states import CaseStatus
from lexheller.cases.texts import refuse_identity_numbers
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.intake.codes import code_for, code_hash, normal
from lexheller.messaging.models import RecipientType
from lexheller.messaging.service import ask_for
from lexheller.organisations.models import Federation

ROUTE_JOB = "casework.route_case"
RECEIVED = "intake.report_received"


@dataclass(frozen=True, slots=True)
class Submission:
    """What a reporter sends. Ids are of this federation's own lists; None means not known or not said."""

    submission_id: str
    what_happened: str
    reporting_organisation_id: int | None = None
    concerned_organisation_id: int | None = None
    municipality_id: int | None = None
    consequence: str | None = None
    done_at_once: str | None = None
    proposal: str | None = None
    reporter_email: str | None = None
    locale: str = "sv"


def submit(federation: Federation, submission: Submission) -> Case:
    """The case of this submission, new or, for a resend, the one it already has. Raises InvalidInput (P23)."""
    refuse_identity_numbers(
        what_happened=submission.what_happened,
        consequence=submission.consequence,
        done_at_once=submission.done_at_once,
        proposal=submission.proposal,
        reporter_email=submission.reporter_email,
    )
    existing = _existing(federation.id, submission.submission_id)
    if existing is not None:
        return case_of_report(existing.id)
    try:
        with db.session.begin_nested():
            report = _stored_report(federation, submission)
    except IntegrityError:
        twin = _existing(federation.id, submission.submission_id)
        if twin is None:
            raise
        return case_of_report(twin.id)
    case = _registered_case(federation, report, submission)
    _tell_reporter(case, submission)
    jobs.ask_for(ROUTE_JOB, federation_id=federation.id, subject_id=case.id, key=f"route:{case.id}")
    return case


def receipt_code(federation_id: int, submission_id: str) -> str:
    """The code of a submission; only its hash is stored."""
    return code_for(current_app.config["SECRET_KEY"], federation_id, submission_id)


def case_by_code(written: str) -> Case | None:
    """The case whose receipt code somebody typed."""
    code = normal(written)
    if code is None:
        return None
    report_id = db.session.scalar(select(Report.id).where(Report.receipt_code_hash == code_hash(code)))
    return case_of_report(report_id) if report_id is not None else None


def _existing(federation_id: int, submission_id: str) -> Report | None:
    query = select(Report).where(Report.federation_id == federation_id, Report.submission_id == submission_id)
    return db.session.scalar(query)


def _stored_report(federation: Federation, submission: Submission) -> Report:
    report = Report(
        federation_id=federation.id,
        submission_id=submission.submission_id,
        receipt_code_hash=code_hash(receipt_code(federation.id, submission.submission_id)),
        source="form",
        what_happened=submission.what_happened,
        consequence=submission.consequence or None,
        done_at_once=submission.done_at_once or None,
        proposal=submission.proposal or None,
        locale=submission.locale,
    )
    db.session.add(report)
    db.session.flush()
    return report


def _registered_case(federation: Federation, report: Report, submission: Submission) -> Case:
    received_at = clock.now()  # one moment: number, day and year must not part at midnight
    received_on = clock.day_of(received_at)
    number = next_diary_number(federation.id, received_on.year, file_number=federation.diary_file_number)
    case = Case(
        federation_id=federation.id,
        report_id=report.id,
        number=number,
        status=CaseStatus.RECEIVED,
        received_at=received_at,
        received_on=received_on,
        reporting_organisation_id=submission.reporting_organisation_id,
        concerned_organisation_id=submission.concerned_organisation_id,
        municipality_id=submission.municipality_id,
    )
    door.begin(REPORTER, case, "case.received", {"number": number})
    search.index(case, report, [])
    return case


def _tell_reporter(case: Case, submission: Submission) -> None:
    if not submission.reporter_email:
        return
    db.session.add(
        ReporterContact(report_id=case.report_id, federation_id=case.federation_id, email=submission.reporter_email)
    )
    db.session.flush()
    ask_for(
        RECEIVED,
        key=f"received:{case.report_id}",
        federation_id=case.federation_id,
        subject_id=case.id,
        recipient_type=RecipientType.REPORTER,
        recipient_id=case.report_id,
    )
