"""The half-yearly question to each responsible manager: is it still you? One mail a person, however many units.

Asked on a working day's morning, answered through a signed link without an account: for 60 days, and only while the
person still is responsible for something under the address that was written to.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import structlog
from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import SYSTEM, Actor, ActorKind
from lexheller.administration import notices
from lexheller.audit.service import record
from lexheller.core import clock, jobs, tenancy
from lexheller.core.db import db, reading
from lexheller.core.errors import NotAllowedToSee
from lexheller.core.jobs import Postponed
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.schedule import local_moment, next_open
from lexheller.deadlines.settings import at_clock
from lexheller.organisations import service as register
from lexheller.organisations.models import Federation, ResponsibleManager, Unit
from lexheller.organisations.queries import federations
from lexheller.organisations.rules import confirmation_due, half_year
from lexheller.privacy.refusal import refuse_identity_numbers

log = structlog.get_logger(__name__)

ASK_JOB = "administration.ask_confirmation"
SALT = "still-you"
LINK_DAYS = 60


def ask_for_confirmations() -> int:
    """Ask for the question to everybody for whom half a year has passed; returns how many. Daily: a missed day or a
    second call does no harm, since a person is asked once in a half-year.

    Each federation is a transaction of its own; one that fails is logged, and asked for the next day (P33).
    """
    with reading(), nothing_kept():
        federation_ids = [federation.id for federation in federations()]
    asked = 0
    for federation_id in federation_ids:
        try:
            with tenancy.within(federation_id), transaction():
                asked += _ask_in(federation_id)
        except Exception:
            log.exception("confirmations_not_asked_for", federation_id=federation_id)
    return asked


def _ask_in(federation_id: int) -> int:
    today = clock.today()
    asked: set[str] = set()
    for manager in db.session.scalars(_valid(federation_id, today)).all():
        if manager.email in asked or not _due(manager, today):
            continue
        asked.add(manager.email)
        jobs.ask_for(
            ASK_JOB,
            federation_id=federation_id,
            subject_id=manager.id,
            key=f"still-you:{federation_id}:{_mark(manager)}:{half_year(today)}",
            due_at=_next_morning(federation_id),
        )
    return len(asked)


def ask(manager_id: int) -> Postponed | None:
    """The job: one mail to the person, if it still is due. Not outside of a working day's hours (P9)."""
    manager = db.session.get(ResponsibleManager, manager_id)
    if manager is None:
        return None
    theirs = units_of(manager)
    today = clock.today()
    if not theirs or not any(_due(row, today) for row in theirs):
        return None
    later = _next_morning(manager.federation_id)
    if later > clock.now():
        return Postponed(later)
    for row in theirs:
        row.confirmation_asked_on = today
    db.session.flush()
    record(
        SYSTEM,
        "register.confirmation_asked",
        federation_id=manager.federation_id,
        subject_type="responsible_manager",
        subject_id=manager.id,
        data={"managers": [row.id for row in theirs]},
    )
    notices.ask_still_you(theirs[0])
    return None


def token_for(manager: ResponsibleManager) -> str:
    return _serializer().dumps([manager.id, _mark(manager)])


def asked_by(token: str) -> list[ResponsibleManager]:
    """What the person behind a living link is responsible for today. Raises NotAllowedToSee for any other link."""
    try:
        values = _serializer().loads(token, max_age=LINK_DAYS * 24 * 3600)
        manager_id, mark = int(values[0]), str(values[1])
    except (BadData, TypeError, ValueError, IndexError):
        raise NotAllowedToSee("confirmation") from None
    owner = select(ResponsibleManager.federation_id).where(ResponsibleManager.id == manager_id)
    tenancy.work_for_owner(lambda: db.session.scalar(owner))
    manager = db.session.get(ResponsibleManager, manager_id)
    if manager is None or _mark(manager) != mark:
        raise NotAllowedToSee("confirmation")
    theirs = units_of(manager)
    if not theirs:
        raise NotAllowedToSee("confirmation")
    return theirs


def confirm(token: str) -> None:
    """It is still the same person, for every unit."""
    for manager in asked_by(token):
        register.confirm_manager(_holder(manager), manager)


def deny(token: str, manager_ids: set[int], who_now: str | None) -> None:
    """It is somebody else for these; the others are confirmed. The office hears of it, once for each.

    Raises InvalidInput on `who_now` for an identity number, before anything is changed.
    """
    refuse_identity_numbers(who_now=who_now)
    theirs = asked_by(token)
    if not manager_ids <= {row.id for row in theirs}:
        raise NotAllowedToSee("responsible_manager")
    for manager in theirs:
        if manager.id not in manager_ids:
            register.confirm_manager(_holder(manager), manager)
            continue
        change = register.doubt_manager(_holder(manager), manager, note=who_now)
        if change is not None:
            notices.tell_office_doubted(manager, change)


def units_of(manager: ResponsibleManager) -> list[ResponsibleManager]:
    """All that the person answers for today in the federation, in the order it was written down."""
    query = _valid(manager.federation_id, clock.today()).where(ResponsibleManager.email == manager.email)
    return list(db.session.scalars(query))


def _valid(federation_id: int, on: date) -> Select[ResponsibleManager]:
    return (
        select(ResponsibleManager)
        .join(Unit, Unit.id == ResponsibleManager.unit_id)
        .join(Federation, Federation.id == ResponsibleManager.federation_id)
        .where(
            ResponsibleManager.federation_id == federation_id,
            Unit.active.is_(True),
            Federation.active.is_(True),
            ResponsibleManager.valid_from <= on,
            (ResponsibleManager.valid_to.is_(None)) | (ResponsibleManager.valid_to >= on),
        )
        .options(joinedload(ResponsibleManager.unit))
        .order_by(ResponsibleManager.id)
    )


def _due(manager: ResponsibleManager, today: date) -> bool:
    return confirmation_due(manager.valid_from, manager.confirmed_on, manager.confirmation_asked_on, today)


def _next_morning(federation_id: int) -> datetime:
    """When mails of the day go out: today's time if it has not been, else the next moment that disturbs nobody."""
    frame = frame_of(federation_id)
    morning = local_moment(clock.today(), at_clock(frame.settings.digest_at))
    return next_open(max(clock.now(), morning), frame.calendar, frame.settings)


def _holder(manager: ResponsibleManager) -> Actor:
    return Actor(ActorKind.LINK, None, manager.name, manager.email)


def _mark(manager: ResponsibleManager) -> str:
    """Another address, another mark: a link does not follow the row to somebody else."""
    return hashlib.sha256(f"still-you:{manager.federation_id}:{manager.email}".encode()).hexdigest()[:16]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
