"""What the program has left undone in one federation: jobs and messages by kind, number, age, attempts and error code.

No row is shown by itself and no text at all: whoever keeps the program running needs to know what is stuck, not about
whom. Taking parked work up again is the one verb; it leaves one event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lexheller.accounts.rights import Actor, Right
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.core.heartbeat import Heartbeat
from lexheller.core.jobs import Job, JobStatus, try_again
from lexheller.messaging.models import Message, MessageStatus

MOST_AT_ONCE = 500
TRIED_AGAIN = "federation.jobs_tried_again"


@dataclass(frozen=True, slots=True)
class Heap:
    """Rows of one kind with the same error code. `oldest`: when the first of them was asked for, UTC."""

    kind: str
    problem: str
    number: int
    oldest: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Undone:
    """`late` is waiting work whose time has come, `later` what waits for its day."""

    parked: Sequence[Heap]
    late: Sequence[Heap]
    later: Sequence[Heap]
    messages: Sequence[Heap]


def undone(actor: Actor, federation_id: int) -> Undone:
    """Raises NotAllowedToSee."""
    _demand(actor, federation_id)
    now = clock.now()
    return Undone(
        parked=_jobs(federation_id, Job.status == JobStatus.PARKED),
        late=_jobs(federation_id, Job.status == JobStatus.WAITING, Job.due_at <= now),
        later=_jobs(federation_id, Job.status == JobStatus.WAITING, Job.due_at > now),
        messages=_messages(federation_id),
    )


def parked_count(federation_id: int) -> int:
    query = select(func.count(Job.id)).where(Job.federation_id == federation_id, Job.status == JobStatus.PARKED)
    return db.session.scalar(query) or 0


def late_count(federation_id: int) -> int:
    """Work whose time has come and that nobody has done yet."""
    query = select(func.count(Job.id)).where(Job.federation_id == federation_id, Job.status == JobStatus.WAITING)
    return db.session.scalar(query.where(Job.due_at <= clock.now())) or 0


def heartbeats() -> list[Heartbeat]:
    """When each periodic job last finished; they are the whole installation's."""
    return list(db.session.scalars(select(Heartbeat).order_by(Heartbeat.name)))


def take_up(actor: Actor, federation_id: int, kind: str, problem: str) -> int:
    """Try parked jobs of a kind and error code once more, at most MOST_AT_ONCE; how many they were. None: no change.

    Raises NotAllowedToSee.
    """
    _demand(actor, federation_id)
    query = select(Job).where(
        Job.federation_id == federation_id,
        Job.status == JobStatus.PARKED,
        Job.name == kind,
        Job.problem == problem if problem else Job.problem.is_(None),
    )
    jobs = db.session.scalars(query.order_by(Job.id).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
    return _take_up(actor, federation_id, jobs)


def take_up_one(actor: Actor, job: Job) -> None:
    """The same with one that somebody has before their eyes. Raises NotAllowedToSee."""
    _demand(actor, job.federation_id)
    _take_up(actor, job.federation_id, [job])


def _take_up(actor: Actor, federation_id: int, jobs: Sequence[Job]) -> int:
    for job in jobs:
        try_again(job)
    if jobs:
        record(
            actor,
            TRIED_AGAIN,
            federation_id=federation_id,
            subject_type="federation",
            subject_id=federation_id,
            data={"job": jobs[0].name, "jobs": len(jobs)},
        )
    return len(jobs)


def _demand(actor: Actor, federation_id: int) -> None:
    if not actor.may(Right.OPERATE, federation_id):
        raise NotAllowedToSee(f"what is undone in federation {federation_id}")


def _jobs(federation_id: int, *conditions: object) -> list[Heap]:
    problem = func.coalesce(Job.problem, "")
    query = (
        select(Job.name, problem, func.count(Job.id), func.min(Job.requested_at), func.max(Job.attempts))
        .where(Job.federation_id == federation_id, *conditions)  # type: ignore[arg-type]
        .group_by(Job.name, problem)
        .order_by(Job.name, problem)
    )
    return [Heap(*row) for row in db.session.execute(query)]


def _messages(federation_id: int) -> list[Heap]:
    query = (
        select(Message.kind, func.count(Message.id), func.min(Message.requested_at), func.max(Message.attempts))
        .where(Message.federation_id == federation_id, Message.status == MessageStatus.WAITING)
        .group_by(Message.kind)
        .order_by(Message.kind)
    )
    return [Heap(kind, "", number, oldest, most) for kind, number, oldest, most in db.session.execute(query)]
