"""What a unit has been asked, how long it took, and what became of it. One unit by itself: never compared with another.

For whoever answers for the unit today, and for those who see all the federation's cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor, Right
from lexheller.actions.models import Action, ActionCase
from lexheller.cases.dialogue import Question
from lexheller.cases.models import Case, Duty
from lexheller.cases.permissions import sees_everything
from lexheller.cases.states import LIVE, CaseStatus, CloseReason, DutyStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.queries import frame_of, pauses_of
from lexheller.deadlines.rules import spans, working_days_between
from lexheller.organisations.models import Unit
from lexheller.web.pagination import Page, decode, page_of

PAGE_SIZE = 25
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """`days` are the working days that the unit had it, without those on which the reporter was asked; None while it
    still waits.
    """

    duty: Duty
    case: Case
    days: int | None
    actions: Sequence[Action]


def unit_for(actor: Actor, federation_id: int, unit_id: int) -> Unit:
    """The unit, retired or not. Raises NotAllowedToSee for who neither answers for it nor sees all cases."""
    query = select(Unit).where(Unit.id == unit_id, Unit.federation_id == federation_id)
    unit = db.session.scalar(query.options(joinedload(Unit.organisation)))
    own = unit_id in actor.unit_ids and actor.may(Right.ANSWER_DUTIES, federation_id)
    if unit is None or actor.duty_id is not None or not (own or sees_everything(actor, federation_id)):
        raise NotAllowedToSee(f"unit {unit_id}")
    return unit


def rows(unit: Unit, cursor: str | None) -> Page[Row]:
    """The unit's duties, the newest first, in keyset pages."""
    query = (
        select(Duty)
        .where(Duty.unit_id == unit.id, Duty.federation_id == unit.federation_id)
        .options(joinedload(Duty.case).joinedload(Case.theme), joinedload(Duty.proposed_unit))
    )
    after = _after(cursor)
    if after is not None:
        query = query.where(Duty.id < after)
    duties = list(db.session.scalars(query.order_by(Duty.id.desc()).limit(PAGE_SIZE + 1)))
    case_ids = {duty.case_id for duty in duties}
    asked, actions = _cases_with_questions(case_ids), _actions_by_case(case_ids)
    calendar = frame_of(unit.federation_id).calendar
    found = [
        Row(duty, duty.case, days_taken(duty, calendar, paused=duty.case_id in asked), actions.get(duty.case_id, []))
        for duty in duties
    ]
    return page_of(found, PAGE_SIZE, lambda row: [row.duty.id])


def days_taken(duty: Duty, calendar: Calendar, *, paused: bool) -> int | None:
    """Working days from opening to the end. `paused` says whether the reporter was ever asked in its case."""
    if duty.ended_at is None:
        return None
    ended_on = clock.day_of(duty.ended_at)
    days = working_days_between(duty.opened_on, ended_on, calendar)
    for first, last in spans(pauses_of(duty), ended_on) if paused else []:
        begin, end = max(first, duty.opened_on), min(last, ended_on)
        days -= max(0, working_days_between(begin, end, calendar))
    return days


def summary(unit: Unit) -> list[str]:
    """How it stands, in a few sentences about this unit alone; what there is none of is not mentioned."""
    by_status = _count_by_status(unit)
    asked = sum(by_status.values())
    if not asked:
        return []
    answered = by_status.get(DutyStatus.ANSWERED, 0)
    waiting = sum(by_status.get(status, 0) for status in LIVE)
    returned = by_status.get(DutyStatus.RETURNED, 0)
    parts = [
        (answered, ngettext("%(num)d är besvarat", "%(num)d är besvarade", answered)),
        (waiting, ngettext("%(num)d väntar på svar", "%(num)d väntar på svar", waiting)),
        (returned, ngettext("%(num)d skickades tillbaka", "%(num)d skickades tillbaka", returned)),
    ]
    sentences = [
        ngettext("Enheten har fått ett ärende.", "Enheten har fått %(num)d ärenden.", asked),
        _together(parts),
        _("%(n)s av %(all)s svar kom i tid.", n=_in_time(unit), all=answered) if answered else "",
        _became(unit),
    ]
    return [str(sentence) for sentence in sentences if sentence]


def _together(parts: Sequence[tuple[int, str]]) -> str:
    said = ", ".join(str(words) for count, words in parts if count)
    return f"{said}." if said else ""


def _became(unit: Unit) -> str:
    """What the closed cases that the unit answered came to, for the two ends that tell most."""
    query = (
        select(Case.close_reason, func.count(Case.id).label("cases"))
        .join(Duty, Duty.case_id == Case.id)
        .where(Duty.unit_id == unit.id, Duty.status == DutyStatus.ANSWERED, Case.status == CaseStatus.CLOSED)
        .group_by(Case.close_reason)
    )
    by_reason = {row.close_reason: row.cases for row in db.session.execute(query)}
    solved, lifted = by_reason.get(CloseReason.SOLVED, 0), by_reason.get(CloseReason.SYSTEM_FAULT, 0)
    return _together(
        [
            (solved, ngettext("%(num)d blev löst", "%(num)d blev lösta", solved)),
            (lifted, ngettext("%(num)d lyftes som systemfel", "%(num)d lyftes som systemfel", lifted)),
        ]
    )


def _in_time(unit: Unit) -> int:
    query = select(func.count(Duty.id)).where(
        Duty.unit_id == unit.id, Duty.status == DutyStatus.ANSWERED, Duty.late_on.is_(None)
    )
    return db.session.scalar(query) or 0


def _count_by_status(unit: Unit) -> dict[str, int]:
    counted = select(Duty.status, func.count(Duty.id).label("duties"))
    query = counted.where(Duty.unit_id == unit.id).group_by(Duty.status)
    return {row.status: row.duties for row in db.session.execute(query)}


def _cases_with_questions(case_ids: set[int]) -> set[int]:
    return set(db.session.scalars(select(Question.case_id).where(Question.case_id.in_(case_ids))))


def _actions_by_case(case_ids: set[int]) -> dict[int, list[Action]]:
    query = (
        select(ActionCase.case_id, Action)
        .join(Action, Action.id == ActionCase.action_id)
        .where(ActionCase.case_id.in_(case_ids))
        .options(joinedload(Action.type))
        .order_by(Action.action_on, Action.id)
    )
    found: dict[int, list[Action]] = {}
    for case_id, action in db.session.execute(query):
        found.setdefault(case_id, []).append(action)
    return found


def _after(cursor: str | None) -> int | None:
    """None for a cursor that no page of ours ever gave (P22)."""
    values = decode(cursor, int)
    if values is None or not 0 < int(values[0]) <= LARGEST_ID:
        return None
    return int(values[0])
