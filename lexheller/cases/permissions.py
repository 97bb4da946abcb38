"""Who may see a case and take which step, on top of the one rights table in `accounts`."""

from __future__ import annotations

from lexheller.accounts.rights import Actor, ActorKind, Right
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import TRANSITIONS, WHILE_HELD, CaseStatus, DutyStatus, Step, Who, allowed_from

HELPS_WITH = frozenset({Step.SAVE_DRAFT, Step.ANSWER, Step.WRITE_NOTE})
"""What a colleague may do whom the manager asked to help. Time, questions and whose case it is stay the manager's."""


def standing(actor: Actor, case: Case, duty: Duty | None = None, *, offered_to: int | None = None) -> frozenset[Who]:
    """What the actor is to this case at this moment, and to the duty if one is given.

    `offered_to` is the id of the federation that the case is offered to, if any.
    """
    found: set[Who] = set()
    if actor.kind is ActorKind.SYSTEM:
        found.add(Who.SYSTEM)
    if actor.kind is ActorKind.REPORTER:
        found.add(Who.REPORTER)
    if actor.may(Right.HANDLE_CASES, case.federation_id):
        found.add(Who.OFFICE)
    if duty is not None and answers_for(actor, duty):
        found.add(Who.RESPONSIBLE)
    if offered_to is not None and actor.may(Right.HANDLE_CASES, offered_to):
        found.add(Who.RECEIVER)
    return frozenset(found)


def answers_for(actor: Actor, duty: Duty) -> bool:
    """Whether the actor is responsible for the duty's unit today; a mailed link reaches its own duty alone."""
    if actor.duty_id is not None and actor.duty_id != duty.id:
        return False
    return duty.unit_id in actor.unit_ids and actor.may(Right.ANSWER_DUTIES, duty.federation_id)


def may_take(actor: Actor, step: Step, case: Case, duty: Duty | None = None, *, offered_to: int | None = None) -> bool:
    if not _within_reach(actor, step):
        return False
    return bool(TRANSITIONS[step].who & standing(actor, case, duty, offered_to=offered_to))


def steps_for(actor: Actor, case: Case, duty: Duty | None = None) -> list[Step]:
    """The steps on the case that are open to the actor now, as one who also has this duty: the buttons of its page."""
    found = allowed_from(CaseStatus(case.status), standing(actor, case, duty))
    reached = [step for step in found if _within_reach(actor, step)]
    return reached if case.held_at is None else [step for step in reached if step in WHILE_HELD]


def duty_steps_for(actor: Actor, case: Case, duty: Duty) -> list[Step]:
    """The steps on one duty that are open to the actor now."""
    if duty.round != case.round:
        return []
    found = allowed_from(CaseStatus(case.status), standing(actor, case, duty), DutyStatus(duty.status), on_duty=True)
    return [step for step in found if _within_reach(actor, step)]


def _within_reach(actor: Actor, step: Step) -> bool:
    return not actor.delegate or step in HELPS_WITH


def sees_everything(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.SEE_ALL_CASES, federation_id)


def sees_held(actor: Actor, federation_id: int) -> bool:
    """Whether the actor is shown what waits to be looked at, because somebody may be named in it (P24)."""
    return actor.may(Right.HANDLE_CASES, federation_id)


def sees_own_units(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.SEE_OWN_UNITS_CASES, federation_id)
