"""What the federation has shared about earlier cases that resembles a report that is about to be sent.

Only the office's de-identified summaries are read and shown, never a report; only this federation's, the newest ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from lexheller.cases.models import Case
from lexheller.cases.search import terms_of
from lexheller.cases.telling import telling
from lexheller.core.db import db
from lexheller.intake.resemblance import Sketch, most_alike
from lexheller.intake.service import Submission

MOST_COMPARED = 500
LONGEST_COMPARED = 2000  # characters of a text


@dataclass(frozen=True, slots=True)
class SharedCase:
    """What a reporter may know of another's case before sending their own."""

    case_id: int
    number: str
    summary: str


def resembling(federation_id: int, submission: Submission) -> list[SharedCase]:
    """At most three shared cases that resemble what was written, best first; none when nothing does."""
    query = (
        select(
            Case.id,
            Case.number,
            Case.shared_summary,
            Case.concerned_organisation_id,
            Case.municipality_id,
            Case.theme_id,
        )
        .where(Case.federation_id == federation_id, Case.shared_on.is_not(None))
        .order_by(Case.shared_on.desc(), Case.id.desc())
        .limit(MOST_COMPARED)
    )
    rows = [row for row in db.session.execute(query) if row.shared_summary]
    if not rows:
        return []
    known = [
        Sketch(stems_of(row.shared_summary), row.concerned_organisation_id, row.municipality_id, row.theme_id)
        for row in rows
    ]
    found = most_alike(_sketch(submission), known)
    return [SharedCase(rows[place].id, rows[place].number, rows[place].shared_summary) for place in found]


def shared_case(federation_id: int, case_id: int) -> Case | None:
    """The case if the federation has shared a summary of it: only such can be counted on."""
    query = select(Case).where(Case.id == case_id, Case.federation_id == federation_id, Case.shared_on.is_not(None))
    return db.session.scalar(query)


@lru_cache(maxsize=4 * MOST_COMPARED)
def stems_of(summary: str) -> frozenset[str]:
    """The stems that say something. Summaries seldom change, so they are remembered; what reporters write is not."""
    return _telling(summary)


def _sketch(submission: Submission) -> Sketch:
    texts = [submission.what_happened, submission.consequence, submission.done_at_once, submission.proposal]
    written = "\n".join(text for text in texts if text)
    return Sketch(_telling(written), submission.concerned_organisation_id, submission.municipality_id)


def _telling(text: str) -> frozenset[str]:
    return telling(terms_of(text[:LONGEST_COMPARED]))
