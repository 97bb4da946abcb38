"""Receiving a report: one submission is stored once, registered at once, and work on it is promised (P1, P2).

The reporter's own, or one that somebody told the office, which then registers it. What else a submission can become is
`occurrences`; what the reporter does afterwards is `reporter_steps`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from flask import current_app
from sqlalchemy import select

from lexheller.accounts.rights import REPORTER, Actor, Right
from lexheller.audit.service import next_diary_number
from lexheller.cases import door, search
from lexheller.cases.models import Case, Report, ReporterContact
from lexheller.cases.queries import case_of_report
from lexheller.cases.states import CaseStatus
from lexheller.core import clock, jobs, tenancy
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.intake import notices
from lexheller.intake.codes import code_for, code_hash, normal
from lexheller.intake.doubtful import doubts_of
from lexheller.intake.once import SentAsOccurrence, one_at_a_time, sent_occurrence, sent_report
from lexheller.messaging.models import RecipientType
from lexheller.messaging.service import ask_for
from lexheller.organisations.models import Federation
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.web.doubts import refuse_unlooked

ROUTE_JOB = "casework.route_case"
RECEIVED = "intake.report_received"
LONGEST_AGO = timedelta(days=366)
NOON = time(12)


class Channel(StrEnum):
    """How somebody who did not use the form told the office."""

    PHONE = "phone"
    MEETING = "meeting"
    LETTER = "letter"
    MAIL = "mail"
    OTHER = "other"


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
    concerned_unit_id: int | None = None
    stay_unknown: bool = False
    looked: bool = False
    """The writer has looked at what looks like a name, a number or an address, and lets it stand (P24)."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How and when a report came: through the form, now; or told to a user of the office on a day."""

    actor: Actor
    received_at: datetime
    channel: Channel | None = None


def submit(federation: Federation, submission: Submission) -> Case:
    """The case of this submission, new or, for a resend, the one it already has.

    What the writer lets stand though it may name somebody waits for the office to look before anybody else sees it,
    and before it is routed (P24). Raises InvalidInput (P23; on `looked`, `doubtful`), SentAsOccurrence for one that was
    counted on another case instead.
    """
    return _received(federation, submission, _Way(REPORTER, clock.now()))


def register_on_behalf(
    actor: Actor, federation: Federation, submission: Submission, channel: Channel, told_on: date
) -> Case:
    """What somebody told the office on that day, registered by it; received on the day it was told. The office has
    looked when it says so: nothing waits for it to look again.

    Raises NotAllowedToSee, and InvalidInput also for a day that has not come (`told_on`, `in_the_future`) or is more
    than a year ago (`too_long_ago`).
    """
    if not actor.may(Right.HANDLE_CASES, federation.id):
        raise NotAllowedToSee(f"registering in federation {federation.id}")
    today = clock.today()
    if told_on > today:
        raise InvalidInput("told_on", "in_the_future")
    if told_on < today - LONGEST_AGO:
        raise InvalidInput("told_on", "too_long_ago")
    at = clock.now() if told_on == today else datetime.combine(told_on, NOON, tzinfo=SWEDEN).astimezone(UTC)
    return _received(federation, submission, _Way(actor, at, channel))


def receipt_code(federation_id: int, submission_id: str) -> str:
    """The code of a submission; only its hash is stored."""
    return code_for(current_app.config["SECRET_KEY"], federation_id, submission_id)


def case_by_code(written: str) -> Case | None:
    """The case whose receipt code somebody typed."""
    code = normal(written)
    if code is None:
        return None
    coded = Report.receipt_code_hash == code_hash(code)
    if not tenancy.work_for_owner(lambda: db.session.scalar(select(Report.federation_id).where(coded))):
        return None
    return case_of_report(db.session.scalars(select(Report.id).where(coded)).one())


def _received(federation: Federation, submission: Submission, way: _Way) -> Case:
    refuse_identity_numbers(
        what_happened=submission.what_happened,
        consequence=submission.consequence,
        done_at_once=submission.done_at_once,
        proposal=submission.proposal,
        reporter_email=submission.reporter_email,
    )
    one_at_a_time(federation.id)
    existing = sent_report(federation.id, submission.submission_id)
    if existing is not None:
        return existing
    counted = sent_occurrence(federation.id, submission.submission_id)
    if counted is not None:
        raise SentAsOccurrence(counted)
    doubtful = doubts_of(federation.id, submission)
    refuse_unlooked(doubtful, looked=submission.looked)
    report = _stored_report(federation, submission, way)
    case = _registered_case(federation, report, submission, way, held=bool(doubtful) and way.channel is None)
    _tell_reporter(case, submission)
    if case.held_at is not None:
        notices.tell_held(case, "report")
        return case
    jobs.ask_for(ROUTE_JOB, federation_id=federation.id, subject_id=case.id, key=f"route:{case.id}")
    return case


def _stored_report(federation: Federation, submission: Submission, way: _Way) -> Report:
    report = Report(
        federation_id=federation.id,
        submission_id=submission.submission_id,
        receipt_code_hash=code_hash(receipt_code(federation.id, submission.submission_id)),
        source="form" if way.channel is None else "office",
        channel=way.channel,
        registered_by_user_id=way.actor.user_id,
        what_happened=submission.what_happened,
        consequence=submission.consequence or None,
        done_at_once=submission.done_at_once or None,
        proposal=submission.proposal or None,
        locale=submission.locale,
    )
    db.session.add(report)
    db.session.flush()
    return report


def _registered_case(federation: Federation, report: Report, submission: Submission, way: _Way, *, held: bool) -> Case:
    received_on = clock.day_of(way.received_at)  # one moment: number, day and year must not part at midnight
    number = next_diary_number(federation.id, received_on.year, file_number=federation.diary_file_number)
    case = Case(
        federation_id=federation.id,
        report_id=report.id,
        number=number,
        status=CaseStatus.RECEIVED,
        received_at=way.received_at,
        received_on=received_on,
        reporting_organisation_id=submission.reporting_organisation_id,
        concerned_organisation_id=submission.concerned_organisation_id,
        municipality_id=submission.municipality_id,
        concerned_unit_id=submission.concerned_unit_id,
        held_at=clock.now() if held else None,
    )
    data = {"number": number} if way.channel is None else {"number": number, "channel": str(way.channel)}
    door.begin(way.actor, case, "case.received", {**data, "held": True} if held else data)
    search.index(case, report, [])
    return case


def _tell_reporter(case: Case, submission: Submission) -> None:
    if not submission.reporter_email:
        return
    db.session.add(
        ReporterContact(
            report_id=case.report_id,
            federation_id=case.federation_id,
            email=submission.reporter_email,
            stay_unknown=submission.stay_unknown,
        )
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
