"""P5, P6 and P8: what was promised is sent or shown, to those it may be sent to, and each effect happens once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app
from sqlalchemy import Select, func, select

from lexheller.accounts.models import User
from lexheller.cases.dialogue import AnswerLink, Handover
from lexheller.cases.models import Duty, ReporterContact
from lexheller.cases.states import LIVE
from lexheller.check.finding import Finding
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.deadlines.models import DueStep
from lexheller.messaging.kinds import kind_names, kind_of
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from lexheller.organisations.models import Federation, ResponsibleManager


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
        .where(Message.recipient_type.in_((RecipientType.RESPONSIBLE_MANAGER, RecipientType.SUPERIOR)))
        .where(func.coalesce(ResponsibleManager.federation_id, 0) != Message.federation_id)
    )
    links = (
        select(Message.id, Message.federation_id)
        .outerjoin(AnswerLink, AnswerLink.id == Message.recipient_id)
        .where(Message.recipient_type == RecipientType.LINK)
        .where(func.coalesce(AnswerLink.federation_id, 0) != Message.federation_id)
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
    for query in (managers, links, reporters, strangers, *_subjects_elsewhere()):
        for message_id, federation_id in db.session.execute(query):
            yield Finding("P6", federation_id, f"message {message_id}", "recipient or subject of another federation")


def _subjects_elsewhere() -> Iterator[Select[int, int]]:
    """By kind: messages about a row that is not of their federation. A hand-over is the receiving federation's too."""
    for name in kind_names(current_app):
        table: Any = kind_of(name).subject
        owner = table.id if table is Federation else table.federation_id
        query = select(Message.id, Message.federation_id).outerjoin(table, table.id == Message.subject_id)
        foreign = func.coalesce(owner, 0) != Message.federation_id
        if table is Handover:
            foreign = func.coalesce(Handover.to_federation_id, 0) != Message.federation_id
        yield query.where(Message.kind == name, foreign)


def fires_once() -> Iterator[Finding]:
    """P8: an effect has one message; a step of a duty's clock fires once, not early, and none is skipped."""
    query = select(Message.key, func.min(Message.federation_id)).group_by(Message.key).having(func.count() > 1)
    for key, federation_id in db.session.execute(query):
        yield Finding("P8", federation_id, f"message {key}", "more than one for one effect")
    twice = (
        select(func.min(DueStep.id), func.min(DueStep.federation_id))
        .where(DueStep.fired_at.is_not(None))
        .group_by(DueStep.duty_id, DueStep.step, DueStep.clock_round)
        .having(func.count() > 1)
    )
    for step_id, federation_id in db.session.execute(twice):
        yield Finding("P8", federation_id, f"due step {step_id}", "fired twice")
    fired = select(DueStep.id, DueStep.federation_id, DueStep.due_at, DueStep.fired_at, Duty.ended_at).join(
        Duty, Duty.id == DueStep.duty_id
    )
    for step_id, federation_id, due_at, fired_at, ended_at in db.session.execute(
        fired.where(DueStep.fired_at.is_not(None))
    ):
        if fired_at is None or due_at is None or fired_at < due_at:
            yield Finding("P8", federation_id, f"due step {step_id}", "fired before it was due")
        elif ended_at is not None and fired_at > ended_at:
            yield Finding("P8", federation_id, f"due step {step_id}", "fired after the duty had ended (P9)")
    yield from _clocks_without_steps()


def _clocks_without_steps() -> Iterator[Finding]:
    waiting = select(DueStep.duty_id).where(DueStep.clock_round == Duty.clock_round)
    query = select(Duty.id, Duty.federation_id).where(Duty.status.in_(LIVE), Duty.id.not_in(waiting))
    for duty_id, federation_id in db.session.execute(query):
        yield Finding("P8", federation_id, f"duty {duty_id}", "runs, and its clock has no steps")
