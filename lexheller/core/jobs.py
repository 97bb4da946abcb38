"""Work that must happen later, as rows: asked for in the transaction that causes it, run until it is done.

A job names a handler and one subject. Doorbell, sweep and worker only say *when* to look at the row; whether there is
anything to do is decided by the row itself, so that a call too many changes nothing. Knows no handler: `app` registers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from flask import Flask, current_app
from sqlalchemy import CheckConstraint, Index, String, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core import clock
from lexheller.core.db import Model, UTCDateTime, db
from lexheller.core.doorbell import EXTENSION, Doorbell, remember_doorbell
from lexheller.core.transaction import transaction

log = structlog.get_logger(__name__)

REGISTRY = "lexheller_job_handlers"
FIRST_LEASE = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 20
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


Handler = Callable[[int], None]


def register(app: Flask, name: str, handler: Handler) -> None:
    """`handler(subject_id)` does the work called `name`; called twice it changes nothing the second time."""
    app.extensions.setdefault(REGISTRY, {})[name] = handler


def names(app: Flask) -> list[str]:
    return sorted(app.extensions.get(REGISTRY, {}))


def ask_for(name: str, *, federation_id: int, subject_id: int, key: str) -> Job:
    """Write the row that promises the work. `key` is unique: asking twice for the same effect is one job."""
    existing = db.session.scalar(select(Job).where(Job.key == key))
    if existing is not None:
        return existing
    job = Job(
        name=name,
        key=key,
        federation_id=federation_id,
        subject_id=subject_id,
        requested_at=clock.now(),
        due_at=clock.now(),
    )
    db.session.add(job)
    db.session.flush()
    remember_doorbell(name, job.id)
    return job


def run(job_id: int) -> bool:
    """Claim the job, do its work, mark it done; True if this call did it. Errors are recorded, not raised.

    The claim is a transaction of its own, so that a process that dies half-way has still counted an attempt.
    """
    if not _claim(job_id):
        return False
    try:
        with transaction():
            return _work(job_id)
    except Exception as problem:
        log.exception("job_failed", job_id=job_id)
        _record_failure(job_id, problem)
        return False


def run_waiting_now() -> None:
    """Do all waiting work, and what it asks for, in the caller's transaction: for commands that have no worker."""
    waiting = select(Job).where(Job.status == JobStatus.WAITING, Job.due_at <= clock.now()).order_by(Job.id)
    while (job := db.session.scalar(waiting.limit(1))) is not None:
        _work(job.id)


def sweep() -> int:
    """Ring again for jobs whose bell was not heard; returns how many. Bounded, oldest first (P31, P33)."""
    now = clock.now()
    with transaction():
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


def parked(federation_id: int) -> list[Job]:
    """Jobs that failed too often and wait for somebody to look."""
    query = select(Job).where(Job.federation_id == federation_id, Job.status == JobStatus.PARKED)
    return list(db.session.scalars(query.order_by(Job.id)))


def _claim(job_id: int) -> bool:
    now = clock.now()
    with transaction():
        attempts = db.session.scalar(
            select(Job.attempts).where(Job.id == job_id, Job.status == JobStatus.WAITING, Job.due_at <= now)
        )
        if attempts is None:
            return False
        result = db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.status == JobStatus.WAITING, Job.attempts == attempts)
            .values(attempts=attempts + 1, due_at=now + _wait(attempts))
        )
        return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _work(job_id: int) -> bool:
    job = db.session.scalar(
        select(Job).where(Job.id == job_id).with_for_update().execution_options(populate_existing=True)
    )
    if job is None or job.status != JobStatus.WAITING:
        return False
    handler: Handler = current_app.extensions[REGISTRY][job.name]
    handler(job.subject_id)
    job.status, job.finished_at, job.problem = JobStatus.DONE, clock.now(), None
    db.session.flush()
    return True


def _record_failure(job_id: int, problem: Exception) -> None:
    with transaction():
        job = db.session.get(Job, job_id)
        if job is None or job.status != JobStatus.WAITING:
            return
        job.problem = type(problem).__name__
        if job.attempts >= MOST_ATTEMPTS:
            job.status = JobStatus.PARKED
            log.error("job_parked", job_id=job_id, name=job.name)


def _wait(attempts: int) -> timedelta:
    doublings: int = 2 ** min(attempts, 12)
    return min(FIRST_LEASE * doublings, LONGEST_WAIT)
