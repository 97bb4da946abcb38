"""Who may see an action and take which step. The office handles them; the unit that owns one carries it out.

`may_record` is wider: whoever prepares meetings writes down what a meeting decided.
"""

from __future__ import annotations

from lexheller.accounts.rights import Actor, Right
from lexheller.actions.models import Action
from lexheller.actions.states import ACTION_TRANSITIONS, ActionStatus, ActionStep, By, action_steps_from


def sees_all(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.SEE_ALL_CASES, federation_id)


def may_record(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.HANDLE_CASES, federation_id) or actor.may(Right.PREPARE_MEETINGS, federation_id)


def owns(actor: Actor, action: Action) -> bool:
    """Whether the actor answers today for the unit that owns the action. A mailed link reaches its own duty alone."""
    if actor.duty_id is not None or action.owner_unit_id is None:
        return False
    return action.owner_unit_id in actor.unit_ids and actor.may(Right.ANSWER_DUTIES, action.federation_id)


def may_see(actor: Actor, action: Action) -> bool:
    return sees_all(actor, action.federation_id) or owns(actor, action)


def standing(actor: Actor, action: Action) -> frozenset[By]:
    found: set[By] = set()
    if actor.may(Right.HANDLE_CASES, action.federation_id):
        found.add(By.OFFICE)
    if owns(actor, action):
        found.add(By.OWNER)
    if may_record(actor, action.federation_id):
        found.add(By.READER)
    return frozenset(found)


def may_take(actor: Actor, step: ActionStep, action: Action) -> bool:
    return bool(ACTION_TRANSITIONS[step].by & standing(actor, action))


def steps_for(actor: Actor, action: Action) -> list[ActionStep]:
    """The steps that are open to the actor now: the forms of the action's page."""
    return [step for step in action_steps_from(ActionStatus(action.status)) if may_take(actor, step, action)]
