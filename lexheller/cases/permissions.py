"""Who may see a case and take which step, on top of the one rights table in `accounts`."""

from __future__ import annotations

from lexheller.accounts.rights import Actor, ActorKind, Right
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import TRANSITIONS, CaseStatus, Step, Who, allowed_from


def standing(actor: Actor, case: Case, open_duty: Duty | None) -> frozenset[Who]:
    """What the actor is to this case at this moment."""
    found: set[Who] = set()
    if actor.kind is ActorKind.SYSTEM:
        found.add(Who.SYSTEM)
    if actor.may(Right.HANDLE_CASES, case.federation_id):
        found.add(Who.OFFICE)
    if (
        open_duty is not None
        and open_duty.unit_id in actor.unit_ids
        and actor.may(Right.ANSWER_DUTIES, case.federation_id)
    ):
        found.add(Who.RESPONSIBLE)
    return frozenset(found)


def may_take(actor: Actor, step: Step, case: Case, open_duty: Duty | None) -> bool:
    return TRANSITIONS[step].who in standing(actor, case, open_duty)


def steps_for(actor: Actor, case: Case, open_duty: Duty | None) -> list[Step]:
    """The steps that are open to the actor now: the buttons of the case page."""
    return allowed_from(CaseStatus(case.status), standing(actor, case, open_duty))


def sees_everything(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.SEE_ALL_CASES, federation_id)


def sees_own_units(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.SEE_OWN_UNITS_CASES, federation_id)
