"""The queue: visible cases, narrowed by the viewer's filter, in keyset pages, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import visible
from lexheller.cases.search import matching
from lexheller.cases.states import CaseStatus, DutyStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.web.pagination import Page, decode, page_of

PAGE_SIZE = 25
UNKNOWN = 0
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """None means any; UNKNOWN (0) means those without one."""

    status: CaseStatus | None = None
    organisation_id: int | None = None
    municipality_id: int | None = None
    theme_id: int | None = None
    overdue: bool = False
    in_doubt: bool = False
    words: str = ""

    @property
    def narrows(self) -> bool:
        return self != QueueFilter()


@dataclass(frozen=True, slots=True)
class QueueRow:
    case: Case
    duty: Duty | None

    @property
    def overdue(self) -> bool:
        return self.duty is not None and self.duty.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Attention:
    """How many cases ask for something now."""

    unrouted: int
    overdue: int
    answered: int
    in_doubt: int


def queue(actor: Actor, federation_id: int, wanted: QueueFilter, cursor: str | None) -> Page[QueueRow]:
    """Newest first; equal times by id, so that the order never changes between two looks."""
    query = _narrowed(visible(actor, federation_id), federation_id, wanted)
    query = query.outerjoin(Duty, and_(Duty.case_id == Case.id, Duty.status == DutyStatus.OPEN))
    after = _after(cursor)
    if after is not None:
        query = query.where(tuple_(Case.received_at, Case.id) < after)
    rows = db.session.execute(
        query.add_columns(Duty)
        .options(
            joinedload(Case.concerned_organisation),
            joinedload(Case.municipality),
            joinedload(Case.theme),
            joinedload(Case.report),
            joinedload(Duty.unit),
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(PAGE_SIZE + 1)
    ).all()
    found = [QueueRow(case, duty) for case, duty in rows]
    return page_of(found, PAGE_SIZE, lambda row: [row.case.received_at.isoformat(), row.case.id])


def attention(actor: Actor, federation_id: int) -> Attention:
    """Counts for the tiles above the queue, each over an index that holds running cases alone."""

    def count(wanted: QueueFilter) -> int:
        narrowed = _narrowed(visible(actor, federation_id), federation_id, wanted)
        return db.session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0

    return Attention(
        unrouted=count(QueueFilter(status=CaseStatus.UNROUTED)),
        overdue=count(QueueFilter(overdue=True)),
        answered=count(QueueFilter(status=CaseStatus.ANSWERED)),
        in_doubt=count(QueueFilter(in_doubt=True)),
    )


def waiting_for(actor: Actor, federation_id: int) -> int:
    """Open duties at the actor's own units."""
    query = select(func.count(Duty.id)).where(
        Duty.federation_id == federation_id,
        Duty.status == DutyStatus.OPEN,
        Duty.unit_id.in_(actor.unit_ids),
    )
    return db.session.scalar(query) or 0


def _narrowed(query: Select[Case], federation_id: int, wanted: QueueFilter) -> Select[Case]:
    if wanted.status is not None:
        query = query.where(Case.status == wanted.status)
    for column, value in (
        (Case.concerned_organisation_id, wanted.organisation_id),
        (Case.municipality_id, wanted.municipality_id),
        (Case.theme_id, wanted.theme_id),
    ):
        if value is not None:
            query = query.where(column.is_(None) if value == UNKNOWN else column == value)
    if wanted.overdue:
        late = aliased(Duty)
        query = query.where(
            Case.id.in_(
                select(late.case_id).where(
                    late.federation_id == federation_id,
                    late.status == DutyStatus.OPEN,
                    late.due_on < clock.today(),
                )
            )
        )
    if wanted.in_doubt:
        query = query.where(Case.in_doubt.is_(True))
    if wanted.words:
        query = matching(query, federation_id, wanted.words)
    return query


def _after(cursor: str | None) -> tuple[datetime, int] | None:
    """The key that the cursor holds; None for one that no page of ours ever gave (P22)."""
    values = decode(cursor, str, int)
    if values is None:
        return None
    try:
        moment = datetime.fromisoformat(str(values[0]))
    except ValueError:
        return None
    case_id = int(values[1])
    return (moment, case_id) if moment.utcoffset() == timedelta(0) and 0 < case_id <= LARGEST_ID else None
