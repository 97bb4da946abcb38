"""Deleting what the logs of readings and of sign-ins hold beyond the days that the plan says, every night.

No two persons decide each time: that the plan was adopted, and stood for its waiting time, is enough. Each federation
by itself (P33), in portions, with one event for each that says how many and up to when. The database itself refuses to
delete a reading that the plan in force does not let go of (migration 0031).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, delete, func, or_, select

from lexheller.accounts.models import RefusedSignIn, RoleAssignment, SignIn, User
from lexheller.accounts.rights import SYSTEM
from lexheller.audit.reading_log import Reading
from lexheller.audit.service import record
from lexheller.core import clock, tenancy
from lexheller.core.db import db, reading
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.organisations.queries import federations
from lexheller.records.disposal_queries import days_kept, plan_in_force
from lexheller.records.disposal_rules import DocumentKind
from lexheller.records.disposal_service import PLAN

log = structlog.get_logger(__name__)

BATCH = 1000
SLACK = timedelta(hours=1)
"""The database looks at its own clock before it lets a reading go."""
NOBODY = 0
"""Stands for the passwords that were tried with an address that nobody has."""


@dataclass(frozen=True, slots=True)
class People:
    """Whose sign-ins a federation's plan lets go of, by how many days: the longest of all where they work."""

    by_days: Mapping[int, frozenset[int]]


def dispose_of_logs() -> int:
    """In every federation; how many rows. One that fails is logged, and tried again the next night."""
    with tenancy.everybody(), reading(), nothing_kept():
        ids = [federation.id for federation in federations()]
    gone = 0
    for federation_id in ids:
        for some_of in (dispose_of_readings, dispose_of_sign_ins):
            try:
                gone += _all(federation_id, some_of)
            except Exception:
                log.exception("log_not_disposed_of", federation_id=federation_id, log=some_of.__name__)
    return gone


def _all(federation_id: int, some_of: Callable[[int], int]) -> int:
    gone, some = 0, BATCH
    while some >= BATCH:
        with tenancy.within(federation_id), transaction():
            some = some_of(federation_id)
        gone += some
    return gone


def dispose_of_readings(federation_id: int) -> int:
    """A portion of the federation's readings that are too old; how many."""
    days = days_kept(federation_id, DocumentKind.READING)
    if days is None:
        return 0
    before = clock.now() - timedelta(days=days) - SLACK
    old = select(Reading.id).where(Reading.federation_id == federation_id, Reading.at < before)
    ids = list(db.session.scalars(old.order_by(Reading.id).limit(BATCH)))
    if ids:
        db.session.execute(delete(Reading).where(Reading.federation_id == federation_id, Reading.id.in_(ids)))
        _tell("disposal.readings_deleted", federation_id, days, before, len(ids))
    return len(ids)


def dispose_of_sign_ins(federation_id: int) -> int:
    """A portion of the sign-ins that ended too long ago, and of the refused ones; how many.

    Of those whose sign-ins this federation sees to: of the federations where somebody works the first one. Somebody
    who works nowhere, and tries with an address that nobody has, count as working everywhere.
    """
    gone = 0
    for days, user_ids in sorted(_people(federation_id).by_days.items()):
        before, wanted = clock.now() - timedelta(days=days), BATCH - gone
        ended = _deleted(SignIn, _ended_sign_ins(user_ids, before, wanted))
        refused = _deleted(RefusedSignIn, _refused(user_ids, before, wanted - ended))
        if ended or refused:
            _tell("disposal.sign_ins_deleted", federation_id, days, before, ended + refused)
        gone += ended + refused
    return gone


def _people(federation_id: int) -> People:
    """A federation that keeps sign-ins for good keeps those of all who work there."""
    with tenancy.looking_up():
        days = {each.id: days_kept(each.id, DocumentKind.SIGN_IN) for each in federations()}
        roles = db.session.execute(select(RoleAssignment.user_id, RoleAssignment.federation_id)).all()
        works: dict[int, set[int]] = {user_id: set() for user_id in (NOBODY, *db.session.scalars(select(User.id)))}
    for user_id, at in roles:
        works[user_id].add(at)
    found: dict[int, set[int]] = {}
    for user_id, places in works.items():
        longest = [days[at] for at in places or days]
        if min(places or days) == federation_id and None not in longest:
            found.setdefault(max(one for one in longest if one is not None), set()).add(user_id)
    return People({one: frozenset(user_ids) for one, user_ids in found.items()})


def _ended_sign_ins(user_ids: Iterable[int], before: datetime, most: int) -> Select[int]:
    """The newest row stays, so that its number is not given to another: readings name it."""
    newest = select(func.max(SignIn.id)).scalar_subquery()
    over = func.coalesce(SignIn.ended_at, SignIn.expires_at) < before
    old = select(SignIn.id).where(SignIn.user_id.in_(user_ids), over, SignIn.id != newest)
    return old.order_by(SignIn.id).limit(most)


def _refused(user_ids: frozenset[int], before: datetime, most: int) -> Select[int]:
    nobodys = RefusedSignIn.user_id.is_(None) & (NOBODY in user_ids)
    whose = or_(RefusedSignIn.user_id.in_(user_ids), nobodys)
    return select(RefusedSignIn.id).where(whose, RefusedSignIn.at < before).order_by(RefusedSignIn.id).limit(most)


def _deleted(model: type[SignIn] | type[RefusedSignIn], query: Select[int]) -> int:
    ids = list(db.session.scalars(query))
    if ids:
        db.session.execute(delete(model).where(model.id.in_(ids)))
    return len(ids)


def _tell(kind: str, federation_id: int, days: int, before: datetime, count: int) -> None:
    plan = plan_in_force(federation_id)
    assert plan is not None, "without a plan nothing is deleted"
    record(
        SYSTEM,
        kind,
        federation_id=federation_id,
        subject_type=PLAN,
        subject_id=plan.id,
        data={"days": days, "before": before.isoformat(), "count": count},
    )
