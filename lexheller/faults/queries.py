"""Reading faults: the viewer comes first, and every list starts from `visible` (P15)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, select, tuple_
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lexheller.accounts.rights import Actor, Right
from lexheller.cases.models import Case
from lexheller.cases.queries import visible as visible_cases
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.faults.models import Fault, FaultCase, FaultNews
from lexheller.faults.permissions import sees_all
from lexheller.faults.states import OVER, FaultStatus
from lexheller.organisations.models import Unit
from lexheller.web.pagination import Page, decode, page_of

PAGE_SIZE = 25
MOST_CHOICES = 200
LARGEST_ID = 2**31 - 1
OPEN_STATUSES = tuple(status for status in FaultStatus if status not in OVER)


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault in a list, and how many cases show it now."""

    fault: Fault
    cases: int


def visible(actor: Actor, federation_id: int) -> Select[Fault]:
    """The federation's faults that the actor may see: all for the office, for managers those their units own."""
    query = select(Fault).where(Fault.federation_id == federation_id)
    if sees_all(actor, federation_id):
        return query
    if actor.duty_id is None and actor.unit_ids and actor.may(Right.SEE_OWN_UNITS_CASES, federation_id):
        return query.where(Fault.owner_unit_id.in_(actor.unit_ids))
    return query.where(false())


def fault_for(actor: Actor, federation_id: int, fault_id: int) -> Fault:
    """The fault, whole. Raises NotAllowedToSee: missing and forbidden look alike."""
    query = visible(actor, federation_id).where(Fault.id == fault_id).options(*whole_fault())
    fault = db.session.scalar(query)
    if fault is None:
        raise NotAllowedToSee(f"fault {fault_id}")
    return fault


def whole_fault() -> Sequence[ExecutableOption]:
    """What a fault's page shows of other tables, in one query."""
    return (
        joinedload(Fault.federation),
        joinedload(Fault.let_go),
        joinedload(Fault.should_catch),
        joinedload(Fault.theme),
        joinedload(Fault.municipality),
        joinedload(Fault.owner_unit).joinedload(Unit.organisation),
    )


def faults_page(
    actor: Actor,
    federation_id: int,
    statuses: Collection[FaultStatus],
    cursor: str | None,
    opened: tuple[date, date] | None = None,
) -> Page[FaultRow]:
    """Faults in these statuses, the newest first; equal days are told apart by id. `opened`: between these days, both
    counted.
    """
    query = visible(actor, federation_id).where(Fault.status.in_(statuses))
    if opened is not None:
        query = query.where(Fault.opened_on.between(*opened))
    after = _place_after(cursor)
    if after is not None:
        query = query.where(tuple_(Fault.opened_on, Fault.id) < after)
    query = query.options(joinedload(Fault.owner_unit).joinedload(Unit.organisation), joinedload(Fault.theme))
    ordered = query.order_by(Fault.opened_on.desc(), Fault.id.desc()).limit(PAGE_SIZE + 1)
    found = page_of(list(db.session.scalars(ordered)), PAGE_SIZE, lambda fault: [fault.opened_on.isoformat(), fault.id])
    counts = case_counts(actor, federation_id, [fault.id for fault in found.rows])
    return Page([FaultRow(fault, counts.get(fault.id, 0)) for fault in found.rows], found.next)


def own_open(actor: Actor, federation_id: int, most: int) -> Sequence[Fault]:
    """Faults that the actor's units own and that are not over, the oldest first; for those who answer for a unit."""
    if actor.duty_id is not None or not actor.unit_ids or not actor.may(Right.SEE_OWN_UNITS_CASES, federation_id):
        return []
    query = select(Fault).where(
        Fault.federation_id == federation_id,
        Fault.status.in_(OPEN_STATUSES),
        Fault.owner_unit_id.in_(actor.unit_ids),
    )
    return db.session.scalars(query.order_by(Fault.opened_on, Fault.id).limit(most)).all()


def counts_by_status(actor: Actor, federation_id: int) -> dict[FaultStatus, int]:
    """How many the actor sees in each status, in one query; statuses without any are missing."""
    query = visible(actor, federation_id).with_only_columns(Fault.status, func.count(Fault.id)).group_by(Fault.status)
    return {FaultStatus(status): count for status, count in db.session.execute(query)}


def case_counts(actor: Actor, federation_id: int, fault_ids: Collection[int]) -> dict[int, int]:
    """How many cases that the actor sees show each of the faults now, in one query; those without any are missing."""
    if not fault_ids:
        return {}
    query = select(FaultCase.fault_id, func.count(FaultCase.id).label("cases")).where(
        FaultCase.fault_id.in_(fault_ids),
        FaultCase.unlinked_at.is_(None),
        FaultCase.case_id.in_(visible_cases(actor, federation_id).with_only_columns(Case.id)),
    )
    rows = db.session.execute(query.group_by(FaultCase.fault_id))
    return {row.fault_id: row.cases for row in rows}


def links_of(fault: Fault, among: Collection[int] | None = None) -> list[FaultCase]:
    """The cases that show the fault now, or those `among` them (ids), with what a list shows of them, in the order
    they came in.
    """
    query = _links(FaultCase.fault_id == fault.id, FaultCase.unlinked_at.is_(None))
    if among is not None:
        query = query.where(FaultCase.case_id.in_(among))
    return list(db.session.scalars(query.order_by(Case.received_at, Case.id)))


def unlinked_of(fault: Fault) -> list[FaultCase]:
    """Links that were taken apart again, the latest first."""
    query = _links(FaultCase.fault_id == fault.id, FaultCase.unlinked_at.is_not(None))
    return list(db.session.scalars(query.order_by(FaultCase.unlinked_at.desc(), FaultCase.id.desc())))


def link_for(fault: Fault, link_id: int) -> FaultCase:
    """One link of a fault that the caller may see. Raises NotAllowedToSee."""
    link = db.session.scalar(_links(FaultCase.fault_id == fault.id, FaultCase.id == link_id))
    if link is None:
        raise NotAllowedToSee(f"link {link_id}")
    return link


def links_of_case(actor: Actor, case: Case) -> list[FaultCase]:
    """The faults that the case shows now, as far as the actor may see them, the oldest link first."""
    seen = visible(actor, case.federation_id).with_only_columns(Fault.id)
    query = select(FaultCase).where(
        FaultCase.federation_id == case.federation_id,
        FaultCase.case_id == case.id,
        FaultCase.unlinked_at.is_(None),
        FaultCase.fault_id.in_(seen),
    )
    return list(db.session.scalars(query.options(joinedload(FaultCase.fault)).order_by(FaultCase.id)))


def faults_to_choose(actor: Actor, federation_id: int) -> list[Fault]:
    """Faults that a case can be linked to: the open ones before those that are over, the newest first."""
    over = Fault.status.in_(OVER)
    query = visible(actor, federation_id).order_by(over, Fault.opened_on.desc(), Fault.id.desc())
    return list(db.session.scalars(query.limit(MOST_CHOICES)))


def news_of(fault: Fault) -> list[FaultNews]:
    """What reporters were told about the fault, the latest first, with their cases."""
    query = select(FaultNews).where(FaultNews.fault_id == fault.id, FaultNews.federation_id == fault.federation_id)
    return list(
        db.session.scalars(query.options(joinedload(FaultNews.case)).order_by(FaultNews.told_at.desc(), FaultNews.id))
    )


def news_of_cases(case_ids: Collection[int]) -> list[FaultNews]:
    """What the reporters of these cases were told, oldest first. For the reporter's own page."""
    query = select(FaultNews).where(FaultNews.case_id.in_(case_ids))
    return list(db.session.scalars(query.order_by(FaultNews.told_at, FaultNews.id)))


def _links(*conditions: ColumnElement[bool]) -> Select[FaultCase]:
    query = select(FaultCase).join(Case, Case.id == FaultCase.case_id).where(*conditions)
    whole = joinedload(FaultCase.case)
    return query.options(
        whole.joinedload(Case.concerned_organisation), whole.joinedload(Case.report), joinedload(FaultCase.fault)
    )


def _place_after(cursor: str | None) -> tuple[date, int] | None:
    """The place that a cursor holds; None for one that no page of ours ever gave (P22)."""
    values = decode(cursor, str, int)
    if values is None:
        return None
    try:
        day = date.fromisoformat(str(values[0]))
    except ValueError:
        return None
    fault_id = int(values[1])
    return (day, fault_id) if 0 < fault_id <= LARGEST_ID else None
