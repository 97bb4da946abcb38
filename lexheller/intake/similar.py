"""What the federation has shared about earlier cases that resembles a report that is about to be sent.

Only the office's de-identified words are read and shown, never a report: summaries, and what it has published. Only
this federation's, the newest ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from lexheller.cases.models import Case
from lexheller.cases.published import PublishedCase
from lexheller.cases.queries import case_of_id
from lexheller.cases.search import terms_of
from lexheller.cases.states import CloseReason
from lexheller.cases.telling import telling
from lexheller.core.db import db
from lexheller.intake.resemblance import Sketch, most_alike
from lexheller.intake.service import Submission

MOST_COMPARED = 500
LONGEST_COMPARED = 2000  # characters of a text
_FACTS = (Case.concerned_organisation_id, Case.municipality_id, Case.theme_id)


@dataclass(frozen=True, slots=True)
class SharedCase:
    """What a reporter may know of another's case before sending their own: a summary with the case's number, or what is
    published, which has a heading and stands by itself (`number` is then empty).
    """

    case_id: int
    number: str
    heading: str
    summary: str


@dataclass(frozen=True, slots=True)
class _Compared:
    shared: SharedCase
    organisation_id: int | None
    municipality_id: int | None
    theme_id: int | None

    @property
    def sketch(self) -> Sketch:
        text = f"{self.shared.heading}\n{self.shared.summary}"
        return Sketch(stems_of(text), self.organisation_id, self.municipality_id, self.theme_id)


def resembling(federation_id: int, submission: Submission) -> list[SharedCase]:
    """At most three shared cases that resemble what was written, best first; none when nothing does."""
    summaries = _summaries(federation_id)
    summarised = {row.shared.case_id for row in summaries}
    rows = summaries + [row for row in _published(federation_id) if row.shared.case_id not in summarised]
    if not rows:
        return []
    found = most_alike(_sketch(submission), [row.sketch for row in rows])
    return [rows[place].shared for place in found]


def shared_case(federation_id: int, case_id: int) -> Case | None:
    """The case that is counted on when this one was chosen: itself, or the one that it was merged into. None for one
    that nothing is shared of, or that went to another federation.
    """
    published = exists().where(PublishedCase.case_id == Case.id, _stands())
    query = select(Case).where(Case.id == case_id, or_(Case.shared_on.is_not(None), published), *_here(federation_id))
    case = db.session.scalar(query)
    return case if case is None or case.merged_into_id is None else case_of_id(case.merged_into_id)


def shared_of(case: Case) -> SharedCase | None:
    """What a reporter may know of the case; None when nothing of it is shared."""
    if case.shared_on is not None and case.shared_summary:
        return SharedCase(case.id, case.number, "", case.shared_summary)
    published = db.session.scalar(select(PublishedCase).where(PublishedCase.case_id == case.id, _stands()))
    return None if published is None else SharedCase(case.id, "", published.heading, published.happened)


def _summaries(federation_id: int) -> list[_Compared]:
    query = (
        select(Case.id, Case.number, Case.shared_summary, *_FACTS)
        .where(Case.shared_on.is_not(None), *_here(federation_id))
        .order_by(Case.shared_on.desc(), Case.id.desc())
        .limit(MOST_COMPARED)
    )
    return [
        _Compared(SharedCase(case_id, number, "", summary), *facts)
        for case_id, number, summary, *facts in db.session.execute(query)
        if summary
    ]


def _published(federation_id: int) -> list[_Compared]:
    query = (
        select(Case.id, PublishedCase.heading, PublishedCase.happened, *_FACTS)
        .join(Case, Case.id == PublishedCase.case_id)
        .where(PublishedCase.federation_id == federation_id, _stands(), *_here(federation_id))
        .order_by(PublishedCase.id.desc())
        .limit(MOST_COMPARED)
    )
    return [
        _Compared(SharedCase(case_id, "", heading, happened), *facts)
        for case_id, heading, happened, *facts in db.session.execute(query)
    ]


def _here(federation_id: int) -> tuple[ColumnElement[bool], ...]:
    """The federation's own cases that did not go to another, by themselves or with the one they were merged into."""
    goes_on = aliased(Case)
    elsewhere = exists().where(goes_on.id == Case.merged_into_id, goes_on.close_reason == CloseReason.HANDED_OVER)
    handed_over = func.coalesce(Case.close_reason, "") == CloseReason.HANDED_OVER
    return (Case.federation_id == federation_id, ~handed_over, ~elsewhere)


def _stands() -> ColumnElement[bool]:
    return PublishedCase.withdrawn_at.is_(None)


@lru_cache(maxsize=4 * MOST_COMPARED)
def stems_of(summary: str) -> frozenset[str]:
    """The stems that say something. What is shared seldom changes, so they are kept; those of a report are not."""
    return _telling(summary)


def _sketch(submission: Submission) -> Sketch:
    texts = [submission.what_happened, submission.consequence, submission.done_at_once, submission.proposal]
    written = "\n".join(text for text in texts if text)
    return Sketch(_telling(written), submission.concerned_organisation_id, submission.municipality_id)


def _telling(text: str) -> frozenset[str]:
    return telling(terms_of(text[:LONGEST_COMPARED]))
