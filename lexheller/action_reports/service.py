"""Compiling outside a request: last year's report from the first working day of January, every night what is being
written, and at once what somebody asks for.

Each draft is a job of its own (P33): one that fails does not stop the others, is tried again, and is parked and shown
when it goes on failing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.action_reports.drafting import compile_draft, draft_of, drafts_open, hold_draft
from lexheller.action_reports.models import ReportDraft
from lexheller.action_reports.permissions import demand_compiling
from lexheller.core import clock, jobs, tenancy
from lexheller.core.db import db, reading
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federation_of, federations

log = structlog.get_logger(__name__)

REFRESH_JOB = "action_reports.refresh_draft"
FIRST_YEAR, LAST_YEAR = 2000, 2100
QUEUE_LATE_AFTER = timedelta(minutes=2)
"""Far longer than one compiling takes, and than the sweep waits before it rings again."""


def ask_for_last_year() -> int:
    """Every night: a job for each open draft of the present year and the one before it. Last year's is made once
    January's first working day has come.

    A job names its draft, so that one which is tried again much later still compiles the year that it was asked for.
    Asking again on the same day adds nothing, and a missed night is made up for by the next. Older drafts that were
    never frozen are left as they are: their pages count by themselves, and the office can have them compiled.

    Each federation is a transaction of its own; one that fails is logged, and asked for the next night.

    Returns for how many federations last year was due.
    """
    with reading(), nothing_kept():
        federation_ids = [federation.id for federation in federations()]
    due = 0
    for federation_id in federation_ids:
        try:
            with tenancy.within(federation_id), transaction():
                due += _ask_for_year_before(federation_id, clock.local_year())
        except Exception:
            log.exception("reports_not_asked_for", federation_id=federation_id)
    return due


def _ask_for_year_before(federation_id: int, year: int) -> bool:
    """And for `year` itself, where it is being written. Whether the year before it was due."""
    is_due = clock.today() >= first_working_day(federation_id, year)
    if is_due and draft_of(federation_id, year - 1) is None:
        hold_draft(federation_id, year - 1)
    for draft in drafts_open(federation_id):
        if draft.year in {year - 1, year}:
            _ask_for_refresh(draft)
    return is_due


def first_working_day(federation_id: int, year: int) -> date:
    """Of January, by the federation's own calendar."""
    return add_working_days(date(year, 1, 1) - timedelta(days=1), 1, frame_of(federation_id).calendar)


def ask_now(actor: Actor, federation: Federation, year: int) -> Job:
    """Have the year compiled outside the request. What waits already is not asked for twice; what has failed is tried
    at once. Raises NotAllowedToSee.
    """
    demand_compiling(actor, federation.id)
    draft = hold_draft(federation.id, year)
    newest = _newest_job(draft)
    if newest is None or newest.status == JobStatus.DONE:
        key = f"refresh:{draft.id}:after:{newest.id if newest else 0}"
        return jobs.ask_for(REFRESH_JOB, federation_id=federation.id, subject_id=draft.id, key=key)
    if newest.problem is not None:
        jobs.try_again(newest)
    return newest


def refresh_draft(draft_id: int) -> None:
    """The job: one draft's figures. Frozen since it was asked for, its editions stay what they are."""
    draft = db.session.get_one(ReportDraft, draft_id)
    compile_draft(SYSTEM, federation_of(draft.federation_id), draft.year)


@dataclass(frozen=True, slots=True)
class Counting:
    """A compiling of a draft that is not done. `next_at`: when it is taken up, or was to be."""

    asked_at: datetime
    next_at: datetime
    attempts: int
    problem: str | None
    has_given_up: bool

    @property
    def is_under_way(self) -> bool:
        return self.attempts > 0 and self.problem is None

    @property
    def queue_stands_still(self) -> bool:
        """Nobody has taken it up though it was due a while ago."""
        return not self.has_given_up and clock.now() - self.next_at > QUEUE_LATE_AFTER


def counting(federation: Federation, year: int) -> Counting | None:
    """The newest compiling of the year, unless it is done: it waits, is under way, waits for another attempt or is
    parked.
    """
    draft = draft_of(federation.id, year)
    job = _newest_job(draft) if draft is not None else None
    if job is None or job.status == JobStatus.DONE:
        return None
    return Counting(job.requested_at, job.due_at, job.attempts, job.problem, job.status == JobStatus.PARKED)


def _newest_job(draft: ReportDraft) -> Job | None:
    query = select(Job).where(
        Job.federation_id == draft.federation_id, Job.name == REFRESH_JOB, Job.subject_id == draft.id
    )
    return db.session.scalar(query.order_by(Job.requested_at.desc(), Job.id.desc()).limit(1))


def _ask_for_refresh(draft: ReportDraft) -> None:
    jobs.ask_for(
        REFRESH_JOB,
        federation_id=draft.federation_id,
        subject_id=draft.id,
        key=f"refresh:{draft.id}:{clock.today().isoformat()}",
    )
