"""Reading the reading log: newest first, of one federation. Who may is the access mark's; words are the page's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from lexheller.audit.reading_log import Reading, Thing
from lexheller.cases.dialogue import Handover
from lexheller.core.db import db
from lexheller.web.pagination import Page, decode, page_of

PAGE_SIZE = 50
OF_A_CASE = {Thing.CASE, Thing.CONTACT, Thing.RECEIPT}
USER = "user"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`case_id` 0: of a case that is not there, which nobody has read. Moments are from (incl.) and before."""

    user_id: int | None = None
    case_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None


def newest(federation_id: int, wanted: Wanted, after: str | None) -> Page[Reading]:
    """A page of them; `after` is the cursor of the page before."""
    query, cursor = _of(federation_id, wanted), decode(after, int)
    if cursor is not None:
        query = query.where(Reading.id < cursor[0])
    rows = list(db.session.scalars(query.limit(PAGE_SIZE + 1)))
    return page_of(rows, PAGE_SIZE, lambda row: [row.id])


def newest_of_all(federation_id: int, wanted: Wanted, most: int) -> list[Reading]:
    return list(db.session.scalars(_of(federation_id, wanted).limit(most)))


def readers(federation_id: int) -> set[int]:
    """Ids of the users who stand in the log."""
    query = select(Reading.reader_id).where(Reading.federation_id == federation_id, Reading.reader_kind == USER)
    return set(db.session.scalars(query.distinct()))


def _of(federation_id: int, wanted: Wanted) -> Select[Reading]:
    query = select(Reading).where(Reading.federation_id == federation_id)
    if wanted.user_id is not None:
        query = query.where(Reading.reader_kind == USER, Reading.reader_id == wanted.user_id)
    if wanted.case_id is not None:
        query = query.where(_of_case(wanted.case_id) if wanted.case_id else false())
    if wanted.since is not None:
        query = query.where(Reading.at >= wanted.since)
    if wanted.before is not None:
        query = query.where(Reading.at < wanted.before)
    return query.order_by(Reading.id.desc())


def _of_case(case_id: int) -> ColumnElement[bool]:
    """What is kept of the case itself, and of the offers by which it went to another federation or came from one."""
    offers = select(Handover.id).where(or_(Handover.case_id == case_id, Handover.new_case_id == case_id))
    return or_(
        and_(Reading.thing.in_(sorted(OF_A_CASE)), Reading.subject_id == case_id),
        and_(Reading.thing == Thing.HANDOVER, Reading.subject_id.in_(offers)),
    )
