"""What the tests read in the database while the processes work, each time in a fresh session."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy import func, select, update

from lexheller.cases.models import Case
from lexheller.check.promises import Finding, broken_promises, totals
from lexheller.core import clock
from lexheller.core.db import db, one_moment, reading
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.messaging.models import Message, MessageStatus

SEND_JOB = "messaging.send_message"


def _scalar(app: Flask, query: object) -> int:
    with app.app_context(), reading(), nothing_kept():
        return db.session.scalar(query) or 0


def waiting_jobs(app: Flask) -> int:
    return _scalar(app, select(func.count(Job.id)).where(Job.status == JobStatus.WAITING))


def begun_jobs(app: Flask, name: str) -> int:
    """Jobs of that name that somebody has claimed and not finished."""
    return _scalar(
        app,
        select(func.count(Job.id)).where(Job.name == name, Job.status == JobStatus.WAITING, Job.attempts > 0),
    )


def sent_messages(app: Flask) -> int:
    return _scalar(app, select(func.count(Message.id)).where(Message.status == MessageStatus.SENT))


def cases(app: Flask) -> int:
    return _scalar(app, select(func.count(Case.id)))


def case_statuses(app: Flask) -> Counter[str]:
    with app.app_context(), reading(), nothing_kept():
        return Counter(db.session.scalars(select(Case.status)))


def numbers(app: Flask) -> list[str]:
    with app.app_context(), reading(), nothing_kept():
        return list(db.session.scalars(select(Case.number).order_by(Case.id)))


def findings(app: Flask) -> list[Finding]:
    with app.app_context(), reading(), nothing_kept():
        one_moment()
        return broken_promises()


def figures(app: Flask) -> dict[str, int]:
    with app.app_context(), reading(), nothing_kept():
        return totals()


def let_leases_run_out(app: Flask) -> None:
    """As if the time had passed for which a claimed job is left alone."""
    with app.app_context(), transaction():
        db.session.execute(update(Job).where(Job.status == JobStatus.WAITING).values(due_at=clock.now()))
