"""Reading cases: the viewer comes first, and every list starts from `visible`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Answer, Case, Duty, Report, ReporterContact
from lexheller.cases.permissions import sees_everything, sees_own_units
from lexheller.cases.states import DutyStatus
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.organisations.models import Unit


def visible(actor: Actor, federation_id: int) -> Select[Case]:
    """The cases of the federation that the actor may see (P15). Managers: where their unit has or had a duty."""
    query = select(Case).where(Case.federation_id == federation_id)
    if sees_everything(actor, federation_id):
        return query
    if sees_own_units(actor, federation_id) and actor.unit_ids:
        own = select(Duty.case_id).where(Duty.unit_id.in_(actor.unit_ids))
        return query.where(Case.id.in_(own))
    return query.where(false())


def case_for(actor: Actor, federation_id: int, case_id: int) -> Case:
    """The case, whole. Raises NotAllowedToSee: missing and forbidden look alike."""
    query = visible(actor, federation_id).where(Case.id == case_id).options(*whole_case())
    case = db.session.scalar(query)
    if case is None:
        raise NotAllowedToSee(f"case {case_id}")
    return case


def whole_case() -> Sequence[ExecutableOption]:
    """What a case page shows of other tables, in one query."""
    return (
        joinedload(Case.report),
        joinedload(Case.concerned_organisation),
        joinedload(Case.reporting_organisation),
        joinedload(Case.municipality),
        joinedload(Case.theme),
        joinedload(Case.federation),
    )


def case_of_report(report_id: int) -> Case:
    query = select(Case).where(Case.report_id == report_id).options(*whole_case())
    return db.session.scalars(query).one()


def case_of_submission(federation_id: int, submission_id: str) -> Case | None:
    """The case of what a browser or a mailed link says it sent; None when it is no longer there."""
    query = (
        select(Case)
        .join(Report, Report.id == Case.report_id)
        .where(Report.federation_id == federation_id, Report.submission_id == submission_id)
    )
    return db.session.scalar(query.options(*whole_case()))


def open_duty(case_id: int) -> Duty | None:
    query = select(Duty).where(Duty.case_id == case_id, Duty.status == DutyStatus.OPEN)
    return db.session.scalar(query.options(joinedload(Duty.unit).joinedload(Unit.organisation)))


def duties(case_id: int) -> list[Duty]:
    """All duties of the case, in the order they were opened."""
    query = select(Duty).where(Duty.case_id == case_id).options(joinedload(Duty.unit).joinedload(Unit.organisation))
    return list(db.session.scalars(query.order_by(Duty.id)))


def draft_of(duty_id: int) -> Answer | None:
    return db.session.scalar(select(Answer).where(Answer.duty_id == duty_id, Answer.given_at.is_(None)))


def given_answers(case_id: int) -> list[Answer]:
    """Answers that were given, oldest first. Drafts are nobody's business but the writer's."""
    query = (
        select(Answer)
        .where(Answer.case_id == case_id, Answer.given_at.is_not(None))
        .options(joinedload(Answer.duty).joinedload(Duty.unit).joinedload(Unit.organisation))
    )
    return list(db.session.scalars(query.order_by(Answer.given_at, Answer.id)))


def contact_of(report_id: int) -> ReporterContact | None:
    return db.session.get(ReporterContact, report_id)


def received_in(federation_id: int, first: date, last: date) -> list[Case]:
    """Cases received from `first` to `last`, both counted, by day and number."""
    query = (
        select(Case)
        .where(Case.federation_id == federation_id, Case.received_on.between(first, last))
        .options(
            joinedload(Case.concerned_organisation),
            joinedload(Case.municipality),
            joinedload(Case.theme),
        )
    )
    return list(db.session.scalars(query.order_by(Case.received_on, Case.id)))


def received_per_year(federation_id: int) -> dict[int, int]:
    """How many came in each calendar year; years without any are missing."""
    day = func.count(Case.id)
    query = select(Case.received_on, day).where(Case.federation_id == federation_id)
    years: dict[int, int] = {}
    for received_on, count in db.session.execute(query.group_by(Case.received_on)):
        years[received_on.year] = years.get(received_on.year, 0) + count
    return years


def numbers_of(case_ids: set[int]) -> dict[int, str]:
    """Diary numbers by case id, in one query."""
    rows = db.session.execute(select(Case.id, Case.number).where(Case.id.in_(case_ids)))
    return {row.id: row.number for row in rows}


def ids_by_number(federation_id: int, numbers: Sequence[str]) -> dict[str, int]:
    """Case ids by diary number, for links, in one query."""
    query = select(Case.number, Case.id).where(Case.federation_id == federation_id, Case.number.in_(numbers))
    return {row.number: row.id for row in db.session.execute(query)}


def numbers_in_use(federation_id: int) -> set[str]:
    """All diary numbers of the federation's cases."""
    return set(db.session.scalars(select(Case.number).where(Case.federation_id == federation_id)))


def imported_fingerprints(federation_id: int) -> set[str]:
    """Content marks of the rows that were imported before."""
    query = select(Report.fingerprint).where(Report.federation_id == federation_id, Report.fingerprint.is_not(None))
    return {mark for mark in db.session.scalars(query) if mark is not None}
