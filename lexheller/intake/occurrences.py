"""`It happened to us too`: a submission that is counted on a case that the federation has shared: no new report."""

from __future__ import annotations

from datetime import datetime

from lexheller.accounts.rights import REPORTER
from lexheller.cases import door
from lexheller.cases.dialogue import Occurrence
from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_id
from lexheller.cases.states import Step
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.intake import notices
from lexheller.intake.doubtful import held_at
from lexheller.intake.once import SentAsReport, one_at_a_time, sent_occurrence, sent_report
from lexheller.intake.service import Submission
from lexheller.intake.similar import shared_case
from lexheller.organisations.models import Federation
from lexheller.privacy.refusal import refuse_identity_numbers


def count_occurrence(federation: Federation, submission: Submission, case_id: int) -> Occurrence:
    """Count what was written on the shared case; for a resend, the occurrence there is, whatever case is named.

    All that was written is kept, as one text; an address is not, since nobody will write to it. Raises InvalidInput for
    an identity number (P23), on `looked` (`doubtful`, P24) and for a case that is not shared here, SentAsReport for a
    submission that is a report.
    """
    text = whole_text(submission)
    refuse_identity_numbers(what_happened=text)
    one_at_a_time(federation.id)
    existing = sent_occurrence(federation.id, submission.submission_id)
    if existing is not None:
        return existing
    reported = sent_report(federation.id, submission.submission_id)
    if reported is not None:
        raise SentAsReport(reported)
    case = shared_case(federation.id, case_id)
    if case is None:
        raise InvalidInput("occurrence", "not_shared")
    return _counted(case, submission, text, held_at(federation.id, text, looked=submission.looked))


def case_counted_on(occurrence: Occurrence) -> Case:
    return case_of_id(occurrence.case_id)


def whole_text(submission: Submission) -> str:
    """The answers to all four questions, a paragraph each."""
    texts = [submission.what_happened, submission.consequence, submission.done_at_once, submission.proposal]
    return "\n\n".join(text for text in texts if text)


def _counted(case: Case, submission: Submission, text: str, held: datetime | None) -> Occurrence:
    now = clock.now()
    occurrence = Occurrence(
        federation_id=case.federation_id,
        case_id=case.id,
        submission_id=submission.submission_id,
        received_at=now,
        received_on=clock.day_of(now),
        reporting_organisation_id=submission.reporting_organisation_id,
        municipality_id=submission.municipality_id,
        what_happened=text,
        held_at=held,
    )
    db.session.add(occurrence)
    db.session.flush()
    door.take(REPORTER, Step.COUNT_OCCURRENCE, case, seen=case.version, data={"occurrence_id": occurrence.id})
    notices.tell_occurrence(case, occurrence)
    return occurrence
