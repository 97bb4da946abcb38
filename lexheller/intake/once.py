"""One submission id is one thing: a report, or an occurrence counted on somebody else's, and never both (P1)."""

from __future__ import annotations

from sqlalchemy import select

from lexheller.cases.dialogue import Occurrence
from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_submission
from lexheller.core.db import db
from lexheller.core.errors import DomainError
from lexheller.organisations.models import Federation


class SentAsReport(DomainError):
    """The submission is stored already, as a report."""

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(f"stored as the report of case {case.id}")


class SentAsOccurrence(DomainError):
    """The submission is stored already, as an occurrence."""

    def __init__(self, occurrence: Occurrence) -> None:
        self.occurrence = occurrence
        super().__init__(f"stored as occurrence {occurrence.id}")


def one_at_a_time(federation_id: int) -> None:
    """Submissions to a federation wait for one another from here to the commit, so that each sees the one before.

    The federation's row is the lock; rows that refer to it are not held up.
    """
    db.session.scalars(
        select(Federation.id).where(Federation.id == federation_id).with_for_update(key_share=True)
    ).one()


def sent_report(federation_id: int, submission_id: str) -> Case | None:
    """The case that the submission became, if it is a report."""
    return case_of_submission(federation_id, submission_id)


def sent_occurrence(federation_id: int, submission_id: str) -> Occurrence | None:
    """The occurrence that the submission was counted as, if it was."""
    query = select(Occurrence).where(
        Occurrence.federation_id == federation_id, Occurrence.submission_id == submission_id
    )
    return db.session.scalar(query)
