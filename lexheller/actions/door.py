"""The one door for an action (P12–P14): table, permission, compare-and-set on its version, one event.

What the system does by itself (reminders, escalations) changes no version and stands in `actions.sweep`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.actions.facts import facts_of
from lexheller.actions.models import Action
from lexheller.actions.permissions import may_take
from lexheller.actions.states import ACTION_TRANSITIONS, BEGINNING, IMPORTED, ActionStatus, ActionStep
from lexheller.audit.models import Event
from lexheller.audit.steps import recorded as event_of
from lexheller.audit.steps import refused
from lexheller.cases.facts import FACTS
from lexheller.core.db import db
from lexheller.core.errors import Conflict

ACTION = "action"


def take(
    actor: Actor,
    step: ActionStep,
    action: Action,
    *,
    seen: int,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Take a step on the version that the actor saw. `changes` are columns; `data` goes into the event (ids, codes).

    Raises Conflict when the action has moved on, StepRefused when table or rights say no, which is logged.
    """
    begin(actor, step, action, seen=seen)
    to = ACTION_TRANSITIONS[step].to
    if to is not None:
        action.status = to
    for name, value in (changes or {}).items():
        setattr(action, name, value)
    action.version += 1
    db.session.flush()
    return event_of(actor, ACTION_TRANSITIONS[step].event, ACTION, action, {**(data or {}), FACTS: facts_of(action)})


def begin(actor: Actor, step: ActionStep, action: Action, *, seen: int) -> None:
    """Hold the action and see whether the step may be taken, before other rows are changed; raises as `take`."""
    hold(action)
    if action.version != seen:
        raise Conflict(f"action {action.id}: version {seen} seen, {action.version} now")
    if ActionStatus(action.status) not in ACTION_TRANSITIONS[step].from_statuses:
        raise refused(actor, step, ACTION, action, "not from this status")
    if not may_take(actor, step, action):
        raise refused(actor, step, ACTION, action, "not by this actor")


def recorded(actor: Actor, action: Action, data: Mapping[str, Any] | None = None) -> Event:
    """The first event of a new action."""
    return event_of(actor, BEGINNING, ACTION, action, {**(data or {}), FACTS: facts_of(action)})


def imported(actor: Actor, action: Action, data: Mapping[str, Any]) -> Event:
    """The first event of one that came from a sheet: no step, since nobody recorded it here."""
    return event_of(actor, IMPORTED, ACTION, action, {**data, FACTS: facts_of(action)})


def hold(*actions: Action) -> None:
    """Keep others from the actions until the transaction ends, and read them anew; in the order of their ids."""
    hold_ids(action.id for action in actions)


def hold_ids(action_ids: Iterable[int]) -> None:
    query = select(Action).where(Action.id.in_(set(action_ids))).order_by(Action.id)
    held = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    db.session.scalars(held).all()
