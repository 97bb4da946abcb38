"""Work that must happen later, as rows: asked for in the transaction that causes it, run until it is done.

A job names a handler and one subject. Doorbell, sweep and worker only say *when* to look at the row; whether there is
anything to do is decided by the row itself, so that a call too many changes nothing. Knows no handler: `app` registers.

Two things keep two processes from one job. While the database is at work it is the row's lock, which a killed process
gives up at once: so the wait before the next attempt can be short. While something outside the database happens no lock
is held, and the row is not due again before the task that does it must have ended (EFFECT_LEASE).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from flask import Flask, current_app
from sqlalchemy import CheckConstraint, Index, String, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core import clock, tenancy
from lexheller.core.db import Model, UTCDateTime, db
from lexheller.core.doorbell import EXTENSION, Doorbell, remember_doorbell
from lexheller.core.transaction import transaction

log = structlog.get_logger(__name__)

REGISTRY = "lexheller_job_handlers"
LONGEST_TASK_SECONDS = 30
EFFECT_LEASE = timedelta(seconds=LONGEST_TASK_SECONDS + 10)
FIRST_WAIT = timedelta(seconds=3)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 24
SWEEP_GRACE = timedelta(seconds=5)
RING_AGAIN_AFTER = timedelta(seconds=30)
SWEEP_BATCH = 500


class JobStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class Job(Model):
    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'done', 'parked')", name="status_known"),
        Index("ix_job_due", "status", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    subject_id: Mapped[int]
    status: Mapped[str] = mapped_column(String(10), default=JobStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rung_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(String(120))


@dataclass(frozen=True, slots=True)
class Effect:
    """Something outside the database. The handler's transaction is committed before `happen` is called, and none is
    open while it lasts; `settle`, or `failed` with the problem, is called in a transaction of its own afterwards.
    """

    happen: Callable[[], None]
    settle: Callable[[], None]
    failed: Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now, but from this moment on: the job waits without having failed."""

    until: datetime


Handler = Callable[[int], Effect | Postponed | None]


def register(app: Flask, name: str, handler: Handler) -> None:
    """`handler(subject_id)` does the work called `name`, all but the effect it answers; done work is not done twice."""
    app.extensions.setdefault(REGISTRY, {})[name] = handler


def names(app: Flask) -> list[str]:
    return sorted(app.extensions.get(REGISTRY, {}))


def ask_for(name: str, *, federation_id: int, subject_id: int, key: str, due_at: datetime | None = None) -> Job:
    """Write the row that promises the work. `key` is unique: asking twice for the same effect is one job.

    `due_at` in the future: the sweep finds the row when its time has come.
    """
    existing = db.session.scalar(select(Job).where(Job.key == key))
    if existing is not None:
        return existing
    job = Job(
        name=name,
        key=key,
        federation_id=federation_id,
        subject_id=subject_id,
        requested_at=clock.now(),
        due_at=due_at or clock.now(),
    )
    db.session.add(job)
    db.session.flush()
    if job.due_at <= clock.now():
        remember_doorbell(name, job.id)
    return job


def run(job_id: int) -> bool:
    """Claim the job, do its work, mark it done; True if this call did it. Errors are recorded, not raised.

    The claim is a transaction of its own, so that a process that dies half-way has still counted an attempt. From then
    on the work sees its federation's rows alone (P15).
    """
    claimed = _claim(job_id)
    if claimed is None:
        return False
    attempt, federation_id = claimed
    with tenancy.within(federation_id):
        return _attempt(job_id, attempt)


def _attempt(job_id: int, attempt: int) -> bool:
    effect: Effect | None = None
    try:
        with transaction():
            job = _locked(job_id)
            if job is None or job.attempts != attempt:
                return False
            effect = _work(job)
        if effect is not None:
            effect.happen()
            with transaction():
                _settle(effect, job_id)
    except Exception as problem:
        log.exception("job_failed", job_id=job_id)
        _record_failure(job_id, attempt, effect, problem)
        return False
    return True


def run_waiting_now() -> None:
    """Do all waiting work, and what it asks for, in the caller's transaction: for commands that have no worker."""
    while (due := _first_due()) is not None:
        job_id, federation_id = due
        with tenancy.within(federation_id):
            job = _locked(job_id)
            effect = _work(job) if job is not None else None
            if effect is not None:
                effect.happen()
                _settle(effect, job_id)


def _first_due() -> tuple[int, int] | None:
    """Its id and federation. Asked anew each time: what a job has just asked for is due later than the look before."""
    due = select(Job.id, Job.federation_id).where(Job.status == JobStatus.WAITING, Job.due_at <= clock.now())
    with tenancy.everybody():
        found = db.session.execute(due.order_by(Job.id).limit(1)).one_or_none()
    return (found.id, found.federation_id) if found is not None else None


def sweep() -> int:
    """Ring again for jobs whose bell was not heard; returns how many. Bounded, oldest first (P31, P33)."""
    now = clock.now()
    with tenancy.everybody(), transaction():
        rows = db.session.execute(
            select(Job.id, Job.name)
            .where(Job.status == JobStatus.WAITING, Job.due_at <= now - SWEEP_GRACE)
            .where(or_(Job.rung_at.is_(None), Job.rung_at <= now - RING_AGAIN_AFTER))
            .order_by(Job.due_at, Job.id)
            .limit(SWEEP_BATCH)
        ).all()
        if rows:
            ids = [row.id for row in rows]
            db.session.execute(update(Job).where(Job.id.in_(ids)).values(rung_at=now))
    bell: Doorbell | None = current_app.extensions.get(EXTENSION)
    if bell is not None:
        for row in rows:
            bell.ring(row.name, row.id)
    return len(rows)


def try_again(job: Job) -> None:
    """Take a parked job up once more, from its first attempt."""
    job.status, job.attempts, job.problem = JobStatus.WAITING, 0, None
    job.due_at, job.rung_at = clock.now(), None
    db.session.flush()
    remember_doorbell(job.name, job.id)


def _claim(job_id: int) -> tuple[int, int] | None:
    """The number of this attempt, and the job's federation; or None: not due, done, or with somebody else."""
    now = clock.now()
    with tenancy.everybody(), transaction():
        job = db.session.scalar(
            select(Job)
            .where(Job.id == job_id, Job.status == JobStatus.WAITING, Job.due_at <= now)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:  # the last one ended its process before it could be recorded
            _park(job)
            return None
        job.attempts += 1
        job.due_at, job.rung_at = now + _wait(job.attempts), None
        return job.attempts, job.federation_id


def _locked(job_id: int) -> Job | None:
    """The job, if it still waits, held until the transaction ends."""
    query = select(Job).where(Job.id == job_id, Job.status == JobStatus.WAITING)
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _work(job: Job) -> Effect | None:
    handler: Handler = current_app.extensions[REGISTRY][job.name]
    effect = handler(job.subject_id)
    if isinstance(effect, Postponed):
        job.due_at, job.attempts, job.rung_at = effect.until, 0, None
        db.session.flush()
        return None
    if effect is None:
        _finish(job)
    else:
        job.due_at = clock.now() + EFFECT_LEASE
    db.session.flush()
    return effect


def _settle(effect: Effect, job_id: int) -> None:
    effect.settle()
    job = _locked(job_id)
    if job is not None:
        _finish(job)
        db.session.flush()


def _finish(job: Job) -> None:
    job.status, job.finished_at, job.problem = JobStatus.DONE, clock.now(), None


def _record_failure(job_id: int, attempt: int, effect: Effect | None, problem: Exception) -> None:
    with transaction():
        if effect is not None:
            effect.failed(problem)
        job = _locked(job_id)
        if job is None or job.attempts != attempt:
            return
        job.problem = type(problem).__name__
        job.due_at = clock.now() + _wait(attempt)
        if attempt >= MOST_ATTEMPTS:
            _park(job)


def _park(job: Job) -> None:
    job.status = JobStatus.PARKED
    log.error("job_parked", job_id=job.id, name=job.name)


def _wait(attempt: int) -> timedelta:
    """Until the next attempt, after this one (counted from 1)."""
    doublings: int = 2 ** min(attempt - 1, 12)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
