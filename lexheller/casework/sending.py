"""Sending a case to those who can answer: by the rules, by hand, to one party or several. One round at a time (P3, P4).

Stops at opening and taking back duties: what is done with them is `answering`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.cases import door
from lexheller.cases.answer_link import revoke as revoke_link
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import duties, live_duties, live_duties_of_unit
from lexheller.cases.states import CaseStatus, DutyStatus, Step
from lexheller.casework import notices, sharing
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import settings_of
from lexheller.organisations.models import Unit
from lexheller.organisations.queries import answerable_unit_ids, contacts_for_unit, unit_in
from lexheller.routing.facts import facts_from
from lexheller.routing.rules import Facts
from lexheller.routing.service import suggest_unit

ROUTE_JOB = "casework.route_case"

Teller = Callable[[Sequence[Duty]], None]
"""Tells whoever answers for the duties that they wait."""


def route(case_id: int) -> None:
    """The job that follows a report: to the unit that the rules name, or to the coordinator (P3, P4)."""
    case = db.session.get(Case, case_id)
    if case is None or case.status != CaseStatus.RECEIVED or case.held_at is not None:
        return
    suggestion = suggest_unit(case.federation_id, facts_of(case))
    if suggestion.unit_id is None:
        door.take(SYSTEM, Step.LEAVE_UNROUTED, case, seen=case.version, data={"why": suggestion.why})
        notices.tell_office_unrouted(case)
        return
    unit = unit_in(case.federation_id, suggestion.unit_id)
    if unit is None:
        raise LookupError(f"unit {suggestion.unit_id} is not in use in federation {case.federation_id}")
    _new_round(SYSTEM, Step.ROUTE, case, [unit], seen=case.version, why=suggestion.why)


def assign(
    actor: Actor, case: Case, units: Sequence[Unit], *, seen: int, tell: Teller = notices.tell_responsible
) -> list[Duty]:
    """Send the case by hand, in a new round, to one or several units that somebody answers for.

    What was open is withdrawn. `tell` is for whoever sends many and tells each recipient once. Raises InvalidInput for
    no unit, and for one of another federation or without anybody responsible (P4).
    """
    if not units:
        raise InvalidInput("units", "required")
    _refuse_unanswerable(case, units)
    return _new_round(actor, Step.ASSIGN, case, units, seen=seen, why={"by_hand": True}, tell=tell)


def add_party(actor: Actor, case: Case, unit: Unit, *, seen: int) -> Duty:
    """One more unit is to answer in this round; the others go on. Raises InvalidInput for one that is in it already."""
    _refuse_unanswerable(case, [unit])
    if any(duty.unit_id == unit.id and duty.round == case.round for duty in duties(case.id)):
        raise InvalidInput("unit", "already_asked")
    duty = _duty(case, unit, case.round, {"by_hand": True})
    data = {"unit_id": unit.id, "round": case.round}
    door.take(actor, Step.ADD_PARTY, case, seen=seen, opened=[duty], data=data)
    _set_going([duty], notices.tell_responsible)
    return duty


def withdraw(actor: Actor, case: Case, duty: Duty, *, seen: int) -> None:
    """The unit need not answer any longer. If one answer remains, it is the case's."""
    door.take(actor, Step.WITHDRAW, case, duty=duty, seen=seen, data={"unit_id": duty.unit_id})
    clocks.stop_clock(duty)
    sharing.share_if_answered(case)
    if case.status == CaseStatus.UNROUTED:
        notices.tell_office_unrouted(case)
    elif case.status == CaseStatus.COLLECTED:
        notices.tell_office_collected(case)


def withdraw_link(actor: Actor, case: Case, link: AnswerLink) -> None:
    """What was mailed to this person stops working. Twice is once."""
    door.hold(case)
    db.session.refresh(link)
    if link.revoked_at is not None:
        return
    data = {"link_id": link.id}
    door.take(actor, Step.REVOKE_LINK, case, duty=link.duty, seen=link.duty.version, data=data)
    revoke_link(link)


def tell_responsible(unit_id: int) -> None:
    """The job that follows a change of who answers for a unit: whoever does today hears of what waits there, and the
    office when nobody does (P4).
    """
    door.hold_ids({duty.case_id for duty in live_duties_of_unit(unit_id)})
    waiting = live_duties_of_unit(unit_id)
    notices.tell_responsible(waiting)
    if waiting and not contacts_for_unit(unit_id, clock.today()):
        notices.tell_office_nobody_answers(waiting[0].unit)


def facts_of(case: Case) -> Facts:
    """What the routing rules look at."""
    reporting = case.reporting_organisation
    return facts_from(
        concerned_organisation_id=case.concerned_organisation_id,
        municipality_id=case.municipality_id,
        theme_id=case.theme_id,
        concerned_unit_id=case.concerned_unit_id,
        reporting_organisation_id=case.reporting_organisation_id,
        reporting_kind=reporting.kind if reporting else None,
    )


def _refuse_unanswerable(case: Case, units: Sequence[Unit]) -> None:
    answerable = answerable_unit_ids(case.federation_id, clock.today())
    if any(unit.federation_id != case.federation_id or unit.id not in answerable for unit in units):
        raise InvalidInput("unit", "nobody_responsible")


def _new_round(
    actor: Actor,
    step: Step,
    case: Case,
    units: Sequence[Unit],
    *,
    seen: int,
    why: dict[str, Any],
    tell: Teller = notices.tell_responsible,
) -> list[Duty]:
    round_number = case.round + 1
    before = live_duties(case.id)
    opened = [_duty(case, unit, round_number, why) for unit in dict.fromkeys(units)]
    data = {"unit_ids": [duty.unit_id for duty in opened], "round": round_number, "why": why}
    door.take(actor, step, case, seen=seen, opened=opened, changes={"round": round_number}, data=data)
    for duty in before:
        clocks.stop_clock(duty)
    _set_going(opened, tell)
    notices.tell_reporter(case, "routed", once=f"{case.round}")
    return opened


def _duty(case: Case, unit: Unit, round_number: int, why: dict[str, Any]) -> Duty:
    today = clock.today()
    days = settings_of(case.federation_id).answer_days
    return Duty(
        federation_id=case.federation_id,
        case_id=case.id,
        unit_id=unit.id,
        round=round_number,
        status=DutyStatus.OPEN,
        opened_at=clock.now(),
        opened_on=today,
        answer_days=days,
        due_on=clocks.due_on(case.federation_id, today, days),
        why=why,
    )


def _set_going(opened: Sequence[Duty], tell: Teller) -> None:
    for duty in opened:
        clocks.start_clock(duty)
        tell([duty])
