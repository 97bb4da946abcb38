"""Reading cases: the viewer comes first, and every list starts from `visible`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Answer, Case, Duty, Report, ReporterContact
from lexheller.cases.permissions import sees_everything, sees_held, sees_own_units
from lexheller.cases.states import LIVE, DutyStatus
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.organisations.models import Unit


def visible(actor: Actor, federation_id: int) -> Select[Case]:
    """The cases of the federation that the actor may see (P15). Managers: where their unit has or had a duty.

    What waits to be looked at, because somebody may be named in it, is the office's alone (P24).
    """
    query = select(Case).where(Case.federation_id == federation_id)
    if not sees_held(actor, federation_id):
        query = query.where(Case.held_at.is_(None))
    if actor.duty_id is not None:
        return query.where(Case.id.in_(select(Duty.case_id).where(Duty.id == actor.duty_id)))
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
        joinedload(Case.concerned_unit),
        joinedload(Case.federation),
    )


def case_of_id(case_id: int) -> Case:
    """The case, whole, for work that the system does by itself."""
    return db.session.scalars(select(Case).where(Case.id == case_id).options(*whole_case())).one()


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


def live_duties(case_id: int) -> list[Duty]:
    """Duties that somebody still has to answer, in the order they were opened."""
    query = select(Duty).where(Duty.case_id == case_id, Duty.status.in_(LIVE)).options(*whole_duty())
    return list(db.session.scalars(query.order_by(Duty.id)))


def live_duties_of_unit(unit_id: int) -> list[Duty]:
    """Duties that wait for this unit, oldest first."""
    query = select(Duty).where(Duty.unit_id == unit_id, Duty.status.in_(LIVE)).options(*whole_duty())
    return list(db.session.scalars(query.order_by(Duty.id)))


def duties(case_id: int) -> list[Duty]:
    """All duties of the case, in the order they were opened."""
    query = select(Duty).where(Duty.case_id == case_id).options(*whole_duty())
    return list(db.session.scalars(query.order_by(Duty.id)))


def duty_of(case: Case, duty_id: int) -> Duty:
    """One duty of the case. Raises NotAllowedToSee for another's."""
    query = select(Duty).where(Duty.id == duty_id, Duty.case_id == case.id).options(*whole_duty())
    duty = db.session.scalar(query)
    if duty is None:
        raise NotAllowedToSee(f"duty {duty_id}")
    return duty


def whole_duty() -> Sequence[ExecutableOption]:
    """What is shown of a duty, in one query."""
    return (joinedload(Duty.unit).joinedload(Unit.organisation), joinedload(Duty.proposed_unit))


def draft_of(duty_id: int) -> Answer | None:
    return db.session.scalar(select(Answer).where(Answer.duty_id == duty_id, Answer.given_at.is_(None)))


def draft_before(duty: Duty) -> Answer | None:
    """What the duty's unit had begun to write when it had the case before; None if it gave its answer then."""
    query = select(Answer).join(Duty, Duty.id == Answer.duty_id)
    earlier = query.where(Duty.case_id == duty.case_id, Duty.unit_id == duty.unit_id, Duty.id < duty.id)
    newest = db.session.scalar(earlier.order_by(Answer.id.desc()).limit(1))
    return newest if newest is not None and newest.given_at is None else None


def joint_draft_of(case_id: int) -> Answer | None:
    """The office's joint answer as far as it has come."""
    return db.session.scalar(
        select(Answer).where(Answer.case_id == case_id, Answer.joint.is_(True), Answer.given_at.is_(None))
    )


def shared_answers(case_id: int) -> list[Answer]:
    """Answers that the reporter may read, oldest first."""
    return [answer for answer in given_answers(case_id) if answer.shared_at is not None]


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


def answered_duties(case_id: int) -> list[Duty]:
    query = select(Duty).where(Duty.case_id == case_id, Duty.status == DutyStatus.ANSWERED)
    return list(db.session.scalars(query.order_by(Duty.ended_at, Duty.id)))


def cases_without(federation_id: int, known: Select[int]) -> list[Case]:
    """The federation's cases whose ids are not among `known`, in order of ids."""
    query = select(Case).where(Case.federation_id == federation_id, Case.id.not_in(known))
    return list(db.session.scalars(query.order_by(Case.id)))


def numbers_of(case_ids: set[int]) -> dict[int, str]:
    """Diary numbers by case id, in one query."""
    rows = db.session.execute(select(Case.id, Case.number).where(Case.id.in_(case_ids)))
    return {row.id: row.number for row in rows}


def ids_by_number(federation_id: int, numbers: Sequence[str]) -> dict[str, int]:
    """Case ids by diary number, for links, in one query."""
    query = select(Case.number, Case.id).where(Case.federation_id == federation_id, Case.number.in_(numbers))
    return {row.number: row.id for row in db.session.execute(query)}


def kept_number(written: str) -> str:
    """A diary number as it is kept, however `Dnr`, the slash and the spaces were written."""
    return re.sub(r"^dnr\s*", "", re.sub(r"\s*/\s*", " / ", written.strip()), flags=re.IGNORECASE)


def case_by_number(actor: Actor, federation_id: int, written: str) -> Case:
    """The case with that number, of those that the actor may see. Raises InvalidInput (`number`, `no_such_case`)."""
    case = db.session.scalar(visible(actor, federation_id).where(Case.number == kept_number(written)))
    if case is None:
        raise InvalidInput("number", "no_such_case")
    return case


def numbers_in_use(federation_id: int) -> set[str]:
    """All diary numbers of the federation's cases."""
    return set(db.session.scalars(select(Case.number).where(Case.federation_id == federation_id)))


def imported_fingerprints(federation_id: int) -> set[str]:
    """Content marks of the rows that were imported before."""
    query = select(Report.fingerprint).where(Report.federation_id == federation_id, Report.fingerprint.is_not(None))
    return {mark for mark in db.session.scalars(query) if mark is not None}
