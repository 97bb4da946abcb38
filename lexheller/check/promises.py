"""The checker for P1–P6, P8, P12 and P14: reads a live database and names every broken promise. Changes nothing.

Each function answers findings for one promise. It may run while the system works: what is merely under way is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select

from lexheller.accounts.models import User
from lexheller.accounts.queries import users_with
from lexheller.accounts.rights import Right
from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases.models import Case, Duty, Report, ReporterContact
from lexheller.cases.states import TRANSITIONS, CaseStatus, DutyStatus, Step, path_is_along_table
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from lexheller.organisations.models import ResponsibleManager, Unit

ROUTED_WITHIN = timedelta(seconds=60)
WITH_MANAGER = (CaseStatus.ASSIGNED, CaseStatus.ACCEPTED)
SENT_TO_UNIT = (TRANSITIONS[Step.ROUTE].event, TRANSITIONS[Step.ASSIGN].event)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise: which, in which federation, about what (table and id), and how it is broken."""

    promise: str
    federation_id: int
    subject: str
    why: str


Check = Callable[[], Iterator[Finding]]


def stored_once() -> Iterator[Finding]:
    """P1: a submission id has one report, a report one case."""
    twice = (
        select(Report.federation_id, Report.submission_id)
        .group_by(Report.federation_id, Report.submission_id)
        .having(func.count() > 1)
    )
    for federation_id, submission_id in db.session.execute(twice):
        yield Finding("P1", federation_id, f"submission {submission_id}", "stored twice")
    doubled = select(Case.report_id, func.min(Case.federation_id)).group_by(Case.report_id).having(func.count() > 1)
    for report_id, federation_id in db.session.execute(doubled):
        yield Finding("P1", federation_id, f"report {report_id}", "two cases")


def never_half() -> Iterator[Finding]:
    """P2: no report without its case, of the same federation."""
    query = (
        select(Report.id, Report.federation_id, Case.federation_id)
        .outerjoin(Case, Case.report_id == Report.id)
        .where(or_(Case.id.is_(None), Case.federation_id != Report.federation_id))
    )
    for report_id, federation_id, case_federation in db.session.execute(query):
        why = "no case" if case_federation is None else "case in another federation"
        yield Finding("P2", federation_id, f"report {report_id}", why)


def routed_once() -> Iterator[Finding]:
    """P3: a received case has a job under way; each round has one duty, at a unit of the federation."""
    promised = select(Job.key).where(Job.status == JobStatus.WAITING)
    late = clock.now() - ROUTED_WITHIN
    waiting = set(db.session.scalars(promised.where(Job.name == "casework.route_case")))
    received = select(Case.id, Case.federation_id, Case.received_at).where(Case.status == CaseStatus.RECEIVED)
    for case_id, federation_id, received_at in db.session.execute(received):
        if f"route:{case_id}" not in waiting:
            yield Finding("P3", federation_id, f"case {case_id}", "received, and no job will route it")
        elif received_at < late:
            yield Finding("P3", federation_id, f"case {case_id}", "not routed within 60 s")
    yield from _one_duty_per_round()
    yield from _open_duties()


def _one_duty_per_round() -> Iterator[Finding]:
    counted = (
        select(Duty.case_id, func.count().label("duties"), func.max(Duty.round).label("rounds"))
        .group_by(Duty.case_id)
        .subquery()
    )
    query = (
        select(Case.id, Case.federation_id)
        .outerjoin(counted, counted.c.case_id == Case.id)
        .where(
            or_(
                func.coalesce(counted.c.duties, 0) != Case.round,
                func.coalesce(counted.c.rounds, 0) != Case.round,
            )
        )
    )
    for case_id, federation_id in db.session.execute(query):
        yield Finding("P3", federation_id, f"case {case_id}", "not exactly one duty per round")
    sent = (
        select(Event.subject_id, func.count().label("times"))
        .where(Event.subject_type == "case", Event.kind.in_(SENT_TO_UNIT))
        .group_by(Event.subject_id)
        .subquery()
    )
    events = (
        select(Case.id, Case.federation_id)
        .outerjoin(sent, sent.c.subject_id == Case.id)
        .where(func.coalesce(sent.c.times, 0) != Case.round)
    )
    for case_id, federation_id in db.session.execute(events):
        yield Finding("P3", federation_id, f"case {case_id}", "events and rounds differ")


def _open_duties() -> Iterator[Finding]:
    elsewhere = (
        select(Duty.id, Duty.federation_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(Case, Case.id == Duty.case_id)
        .where(or_(Unit.federation_id != Duty.federation_id, Case.federation_id != Duty.federation_id))
    )
    for duty_id, federation_id in db.session.execute(elsewhere):
        yield Finding("P3", federation_id, f"duty {duty_id}", "unit or case of another federation")
    open_ones = select(Duty.case_id).where(Duty.status == DutyStatus.OPEN)
    query = select(Case.id, Case.federation_id, Case.status).where(
        or_(
            Case.status.in_(WITH_MANAGER) & Case.id.not_in(open_ones),
            Case.status.not_in(WITH_MANAGER) & Case.id.in_(open_ones),
        )
    )
    for case_id, federation_id, status in db.session.execute(query):
        yield Finding("P3", federation_id, f"case {case_id}", f"open duty does not fit status {status}")


def never_nowhere() -> Iterator[Finding]:
    """P4: whenever nobody has a case, the office was told (where it has anybody)."""
    events = (
        select(Event.subject_id, Event.federation_id, Event.data)
        .where(Event.subject_type == "case")
        .where(Event.kind.in_((TRANSITIONS[Step.LEAVE_UNROUTED].event, TRANSITIONS[Step.SEND_BACK].event)))
    )
    keys = set(db.session.scalars(select(Message.key).where(Message.kind == "casework.case_unrouted")))
    told = {key.rpartition(":")[0] for key in keys}
    offices: dict[int, bool] = {}
    for case_id, federation_id, data in db.session.execute(events):
        if federation_id not in offices:
            offices[federation_id] = bool(users_with(Right.HANDLE_CASES, federation_id))
        if offices[federation_id] and f"unrouted:{case_id}:{data['version']}" not in told:
            yield Finding("P4", federation_id, f"case {case_id}", "unrouted, and nobody was told")


def message_has_job() -> Iterator[Finding]:
    """P5: a waiting message has a job that will send it, or one that is parked and shown."""
    query = (
        select(Message.id, Message.federation_id)
        .outerjoin(
            Job,
            (Job.subject_id == Message.id) & (Job.name == "messaging.send_message") & (Job.status != JobStatus.DONE),
        )
        .where(Message.status == MessageStatus.WAITING, Job.id.is_(None))
    )
    for message_id, federation_id in db.session.execute(query):
        yield Finding("P5", federation_id, f"message {message_id}", "waiting, and no job will send it")


def recipients_belong() -> Iterator[Finding]:
    """P6: recipients are of the message's federation, and its case is too."""
    managers = (
        select(Message.id, Message.federation_id)
        .outerjoin(ResponsibleManager, ResponsibleManager.id == Message.recipient_id)
        .where(Message.recipient_type == RecipientType.RESPONSIBLE_MANAGER)
        .where(func.coalesce(ResponsibleManager.federation_id, 0) != Message.federation_id)
    )
    reporters = (
        select(Message.id, Message.federation_id)
        .join(ReporterContact, ReporterContact.report_id == Message.recipient_id)
        .where(Message.recipient_type == RecipientType.REPORTER)
        .where(ReporterContact.federation_id != Message.federation_id)
    )
    strangers = (
        select(Message.id, Message.federation_id)
        .outerjoin(User, User.id == Message.recipient_id)
        .where(Message.recipient_type == RecipientType.USER, User.id.is_(None))
    )
    foreign_cases = (
        select(Message.id, Message.federation_id)
        .outerjoin(Case, Case.id == Message.subject_id)
        .where(func.coalesce(Case.federation_id, 0) != Message.federation_id)
    )
    for query in (managers, reporters, strangers, foreign_cases):
        for message_id, federation_id in db.session.execute(query):
            yield Finding("P6", federation_id, f"message {message_id}", "recipient or case of another federation")


def fires_once() -> Iterator[Finding]:
    """P8: an effect has one message. Deadline steps have the same keys: duty, step, round."""
    query = select(Message.key, func.min(Message.federation_id)).group_by(Message.key).having(func.count() > 1)
    for key, federation_id in db.session.execute(query):
        yield Finding("P8", federation_id, f"message {key}", "more than one for one effect")


def along_the_table() -> Iterator[Finding]:
    """P12, P14: a case's events follow the table, end in its status, and are as many as its versions."""
    paths: dict[int, list[tuple[str, str | None]]] = {}
    query = select(Event.subject_id, Event.kind, Event.data).where(Event.subject_type == "case")
    for case_id, kind, data in db.session.execute(query.order_by(Event.federation_id, Event.sequence)):
        paths.setdefault(case_id, []).append((kind, data.get("status")))
    for case_id, federation_id, status, version in db.session.execute(
        select(Case.id, Case.federation_id, Case.status, Case.version)
    ):
        path = paths.get(case_id, [])
        if not path_is_along_table(path):
            yield Finding("P12", federation_id, f"case {case_id}", "events do not follow the table")
        elif path[-1][1] != status:
            yield Finding("P12", federation_id, f"case {case_id}", "status differs from its last event")
        if len(path) != version:
            yield Finding("P14", federation_id, f"case {case_id}", f"version {version}, {len(path)} events")


def chain_holds() -> Iterator[Finding]:
    """P14: no gap and no altered event."""
    for link in broken_links():
        yield Finding("P14", link.federation_id, f"event {link.sequence}", link.why)


CHECKS: tuple[Check, ...] = (
    stored_once,
    never_half,
    routed_once,
    never_nowhere,
    message_has_job,
    recipients_belong,
    fires_once,
    along_the_table,
    chain_holds,
)
PROMISES = ("P1", "P2", "P3", "P4", "P5", "P6", "P8", "P12", "P14")


def broken_promises() -> list[Finding]:
    """Every finding of every check, in their order."""
    return [finding for check in CHECKS for finding in check()]


def totals() -> dict[str, int]:
    """What was looked at: rows by kind, messages possibly sent twice (P5), and parked jobs."""
    return {
        "reports": db.session.scalar(select(func.count(Report.id))) or 0,
        "duties": db.session.scalar(select(func.count(Duty.id))) or 0,
        "messages": db.session.scalar(select(func.count(Message.id))) or 0,
        "events": db.session.scalar(select(func.count(Event.id))) or 0,
        "possible_doubles": _possible_doubles(),
        "parked_jobs": db.session.scalar(select(func.count(Job.id)).where(Job.status == JobStatus.PARKED)) or 0,
    }


def _possible_doubles() -> int:
    """Messages whose delivery was begun more than once: the mail may have left before a crash (P5)."""
    query = select(func.count(Message.id)).where(Message.status == MessageStatus.SENT, Message.attempts > 1)
    return db.session.scalar(query) or 0
