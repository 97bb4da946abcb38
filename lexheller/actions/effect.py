"""Whether an action helped: the days on which that is to be judged, moving them, and the judgement itself.

Every judgement freezes what was counted when it was made. Too early names a new day, so that it comes back.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.actions import clocks, door, search
from lexheller.actions.measuring import measure_now
from lexheller.actions.models import Action, FollowUp, FollowUpStatus
from lexheller.actions.rules import LONGEST_AHEAD_DAYS, earliest_next, follow_up_days
from lexheller.actions.states import ActionStep, Judgement
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.privacy.refusal import refuse_identity_numbers


def follow(action: Action) -> list[FollowUp]:
    """The follow-ups of an action that is done, each with its clock. The verb that finishes it leaves the event."""
    if action.action_on is None:
        return []
    return [_wait_until(action, day) for day in follow_up_days(action.action_on, clock.today())]


def call_off(action: Action) -> None:
    """Follow-ups that wait are no longer waited for; the verb that reopens the action leaves the event."""
    for follow_up in _waiting(action):
        follow_up.status = FollowUpStatus.CALLED_OFF
        clocks.stop_follow_up_clock(follow_up)
    db.session.flush()


def plan(actor: Actor, action: Action, due_on: date, *, seen: int) -> None:
    """A day for judging an action that is done and that nobody is asked about: imported, old, or judged already.

    Raises Conflict (also when a follow-up waits), StepRefused, InvalidInput on `due_on` (`past`, `too_far`).
    """
    door.begin(actor, ActionStep.PLAN_FOLLOW_UP, action, seen=seen)
    if _waiting(action):
        raise Conflict(f"action {action.id} has a follow-up that waits")
    if due_on < clock.today():
        raise InvalidInput("due_on", "past")
    _not_too_far(due_on)
    follow_up = _wait_until(action, due_on)
    data = {"follow_up_id": follow_up.id, "due_on": due_on.isoformat()}
    door.take(actor, ActionStep.PLAN_FOLLOW_UP, action, seen=seen, data=data)


def move(actor: Actor, action: Action, follow_up: FollowUp, due_on: date, *, seen: int) -> None:
    """Another day for a follow-up that has not come yet. The same day is no change.

    Raises Conflict (also when it was judged or called off), StepRefused, InvalidInput on `due_on` (`came`, `not_later`,
    `too_far`).
    """
    _belongs(action, follow_up)
    door.begin(actor, ActionStep.MOVE_FOLLOW_UP, action, seen=seen)
    _must_wait(follow_up)
    today = clock.today()
    if follow_up.due_on <= today:
        raise InvalidInput("due_on", "came")
    if due_on <= today:
        raise InvalidInput("due_on", "not_later")
    _not_too_far(due_on)
    if due_on == follow_up.due_on:
        return
    before = follow_up.due_on
    clocks.stop_follow_up_clock(follow_up)
    follow_up.due_on, follow_up.step_round = due_on, follow_up.step_round + 1
    data = {"follow_up_id": follow_up.id, "from": before.isoformat(), "to": due_on.isoformat()}
    door.take(actor, ActionStep.MOVE_FOLLOW_UP, action, seen=seen, data=data)
    clocks.start_follow_up_clock(follow_up)


def judge(
    actor: Actor,
    action: Action,
    follow_up: FollowUp,
    judgement: Judgement,
    why: str,
    *,
    next_on: date | None = None,
    seen: int,
) -> None:
    """Say whether it helped, and why. Allowed before its day too: whoever knows need not wait.

    Raises Conflict, StepRefused, InvalidInput on `why` (`required`) and, when it is too early, on `next_on`
    (`required`, `too_soon`, `too_far`).
    """
    _belongs(action, follow_up)
    door.begin(actor, ActionStep.JUDGE, action, seen=seen)
    _must_wait(follow_up)
    refuse_identity_numbers(why=why)
    words = why.strip()
    if not words:
        raise InvalidInput("why", "required")
    if judgement is Judgement.TOO_EARLY:
        _check_next(next_on)
    measure = measure_now(action, clock.today())
    clocks.stop_follow_up_clock(follow_up)
    follow_up.status, follow_up.judgement, follow_up.why = FollowUpStatus.JUDGED, judgement, words
    follow_up.judged_by_user_id, follow_up.judged_at = actor.user_id, clock.now()
    follow_up.measure = measure.as_values() if measure is not None else None
    data = {"follow_up_id": follow_up.id, "judgement": str(judgement)}
    if judgement is Judgement.TOO_EARLY and next_on is not None:
        data["next_on"] = next_on.isoformat()
        if all(waiting.due_on != next_on for waiting in _waiting(action)):
            _wait_until(action, next_on)
    door.take(actor, ActionStep.JUDGE, action, seen=seen, data=data)
    search.index(action)


def _wait_until(action: Action, day: date) -> FollowUp:
    follow_up = FollowUp(
        federation_id=action.federation_id, action_id=action.id, due_on=day, status=FollowUpStatus.WAITING
    )
    db.session.add(follow_up)
    db.session.flush()
    clocks.start_follow_up_clock(follow_up)
    return follow_up


def _waiting(action: Action) -> list[FollowUp]:
    query = select(FollowUp).where(FollowUp.action_id == action.id, FollowUp.status == FollowUpStatus.WAITING)
    return list(db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id)))


def _belongs(action: Action, follow_up: FollowUp) -> None:
    if follow_up.action_id != action.id:
        raise NotAllowedToSee(f"follow-up {follow_up.id}")


def _must_wait(follow_up: FollowUp) -> None:
    """The action is held: what another did to the follow-up is seen."""
    db.session.refresh(follow_up)
    if follow_up.status != FollowUpStatus.WAITING:
        raise Conflict(f"follow-up {follow_up.id} is {follow_up.status}")


def _check_next(next_on: date | None) -> None:
    if next_on is None:
        raise InvalidInput("next_on", "required")
    if next_on < earliest_next(clock.today()):
        raise InvalidInput("next_on", "too_soon")
    _not_too_far(next_on, "next_on")


def _not_too_far(day: date, field: str = "due_on") -> None:
    if day > clock.today() + timedelta(days=LONGEST_AHEAD_DAYS):
        raise InvalidInput(field, "too_far")
