"""The queue: visible cases in keyset pages, in a fixed number of queries however many there are.

Keys come first, over an index in the order that is wanted; the cases and their duties are then read by id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Case, Duty
from lexheller.cases.permissions import sees_everything
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job
from lexheller.desk.indexes import has_no_clock, is_live, is_parked
from lexheller.desk.narrowing import is_late, narrowed, own_duties
from lexheller.desk.rules import PAGE_SIZE, Only, QueueFilter, Sort, is_overdue
from lexheller.organisations.models import Unit
from lexheller.web.pagination import Page, decode, page_of

LARGEST_ID = 2**31 - 1
PARKED_SHOWN = 5
WITH_CLOCK, WITHOUT_CLOCK = "d", "c"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case with the live duties that the viewer is shown, the earliest due first."""

    case: Case
    duties: Sequence[Duty]

    @property
    def duty(self) -> Duty | None:
        return self.duties[0] if self.duties else None

    @property
    def others(self) -> int:
        """How many more are to answer."""
        return max(len(self.duties) - 1, 0)

    @property
    def overdue(self) -> bool:
        today = clock.today()
        return any(is_overdue(duty.due_on, duty.paused_on, today) for duty in self.duties)

    @property
    def paused(self) -> bool:
        return self.duty is not None and self.duty.paused_on is not None


@dataclass(frozen=True, slots=True)
class Key:
    """Where a case stands in the order: what a cursor holds, and the case's id."""

    values: list[str | int]
    case_id: int


def queue(
    actor: Actor, federation_id: int, wanted: QueueFilter, cursor: str | None, sort: Sort | None = None
) -> Page[QueueRow]:
    """One page. Equal moments and days are told apart by id, so that the order never changes between two looks."""
    page = page_of(
        _keys(actor, federation_id, wanted, cursor, sort or wanted.natural_sort, PAGE_SIZE + 1),
        PAGE_SIZE,
        lambda key: key.values,
    )
    return Page(rows_of(actor, federation_id, [key.case_id for key in page.rows]), page.next)


def first_rows(actor: Actor, federation_id: int, wanted: QueueFilter, count: int) -> list[QueueRow]:
    """The beginning of the queue in its natural order."""
    keys = _keys(actor, federation_id, wanted, None, wanted.natural_sort, count)
    return rows_of(actor, federation_id, [key.case_id for key in keys])


def rows_of(actor: Actor, federation_id: int, case_ids: Sequence[int]) -> list[QueueRow]:
    """These cases, which the caller has found to be visible, with what a list shows of them, in the same order.

    Read by id and nothing else, so that no index of the whole federation is tried.
    """
    if not case_ids:
        return []
    cases = select(Case).where(Case.id.in_(case_ids))
    whole = (
        joinedload(Case.concerned_organisation),
        joinedload(Case.municipality),
        joinedload(Case.theme),
        joinedload(Case.report),
    )
    found = {case.id: case for case in db.session.scalars(cases.options(*whole))}
    live = select(Duty).where(Duty.case_id.in_(case_ids), is_live()).order_by(Duty.due_on, Duty.id)
    office = sees_everything(actor, federation_id)
    of_case: dict[int, list[Duty]] = {}
    for duty in db.session.scalars(live.options(joinedload(Duty.unit).joinedload(Unit.organisation))):
        if office or duty.unit_id in actor.unit_ids:
            of_case.setdefault(duty.case_id, []).append(duty)
    return [QueueRow(found[case_id], of_case.get(case_id, [])) for case_id in case_ids]


def parked_jobs(federation_id: int) -> list[Job]:
    """The first jobs that failed too often and wait for somebody to look."""
    query = select(Job).where(Job.federation_id == federation_id, is_parked())
    return list(db.session.scalars(query.order_by(Job.id).limit(PARKED_SHOWN)))


def _keys(
    actor: Actor, federation_id: int, wanted: QueueFilter, cursor: str | None, sort: Sort, count: int
) -> list[Key]:
    query = narrowed(actor, federation_id, wanted)
    if sort is not Sort.DUE:
        return _by_day(query, _moment_after(decode(cursor, str, int)), sort is Sort.OLDEST, count)
    return _by_due_date(actor, federation_id, wanted, query, cursor, count)


def _by_day(query: Select[Case], after: tuple[datetime, int] | None, oldest_first: bool, count: int) -> list[Key]:
    place = tuple_(Case.received_at, Case.id)
    if after is not None:
        query = query.where(place > after if oldest_first else place < after)
    order = (Case.received_at, Case.id) if oldest_first else (Case.received_at.desc(), Case.id.desc())
    rows = db.session.execute(query.with_only_columns(Case.received_at, Case.id).order_by(*order).limit(count))
    return [Key([received_at.isoformat(), case_id], case_id) for received_at, case_id in rows]


def _by_due_date(
    actor: Actor, federation_id: int, wanted: QueueFilter, query: Select[Case], cursor: str | None, count: int
) -> list[Key]:
    """Those that somebody is to answer, once each by their earliest day; then, where any fit, the others."""
    values = decode(cursor, str, str, int)
    found: list[Key] = []
    if values is None or values[0] == WITH_CLOCK:
        found = _with_clock(actor, federation_id, wanted, query, _day_after(values), count)
        values = None
    if len(found) < count and wanted.only not in {Only.OVERDUE, Only.MINE, Only.PAUSED}:
        rest = query.where(_nobody_answers(actor, federation_id))
        after = _moment_after(values[1:] if values else None)
        others = _by_day(rest, after, False, count - len(found))
        found += [Key([WITHOUT_CLOCK, *key.values], key.case_id) for key in others]
    return found


def _with_clock(
    actor: Actor,
    federation_id: int,
    wanted: QueueFilter,
    query: Select[Case],
    after: tuple[date, int] | None,
    count: int,
) -> list[Key]:
    due, earlier = aliased(Duty), aliased(Duty)
    place = tuple_(due.due_on, due.id)
    before = (earlier.case_id == due.case_id) & is_live(earlier) & (tuple_(earlier.due_on, earlier.id) < place)
    if not sees_everything(actor, federation_id):
        before &= earlier.unit_id.in_(actor.unit_ids)
    first_of_case = ~exists().where(before)
    keys = select(due.due_on, due.id, due.case_id).where(
        own_duties(due, actor, federation_id), is_live(due), first_of_case, query.where(Case.id == due.case_id).exists()
    )
    if wanted.only is Only.OVERDUE:
        keys = keys.where(is_late(due))
    if after is not None:
        keys = keys.where(place > after)
    rows = db.session.execute(keys.order_by(due.due_on, due.id).limit(count))
    return [Key([WITH_CLOCK, due_on.isoformat(), duty_id], case_id) for due_on, duty_id, case_id in rows]


def _nobody_answers(actor: Actor, federation_id: int) -> ColumnElement[bool]:
    if sees_everything(actor, federation_id):
        return has_no_clock()
    own = aliased(Duty)
    return ~exists().where(own.case_id == Case.id, is_live(own), own.unit_id.in_(actor.unit_ids))


def _moment_after(values: Sequence[str | int] | None) -> tuple[datetime, int] | None:
    """The place that a cursor holds; None for one that no page of ours ever gave (P22)."""
    if values is None:
        return None
    try:
        moment = datetime.fromisoformat(str(values[0]))
    except ValueError:
        return None
    case_id = int(values[1])
    return (moment, case_id) if moment.utcoffset() == timedelta(0) and 0 < case_id <= LARGEST_ID else None


def _day_after(values: Sequence[str | int] | None) -> tuple[date, int] | None:
    if values is None:
        return None
    try:
        day = date.fromisoformat(str(values[1]))
    except ValueError:
        return None
    duty_id = int(values[2])
    return (day, duty_id) if 0 < duty_id <= LARGEST_ID else None
