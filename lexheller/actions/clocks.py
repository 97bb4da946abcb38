"""An action's due steps as rows: when somebody is reminded of it or of a follow-up, and when nobody is any more.

Days and hours are the federation's (`deadlines.settings`): so many working days before or after, in the morning.
Stops at rows: firing them is `actions.sweep`.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update

from lexheller.actions.models import Action, ActionDueStep, FollowUp
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.queries import Frame, frame_of
from lexheller.deadlines.rules import add_working_days, subtract_working_days
from lexheller.deadlines.schedule import ESCALATIONS, DueStepKind, local_moment
from lexheller.deadlines.settings import at_clock

REMIND, OVERDUE, FOLLOW_UP = str(DueStepKind.REMIND), str(DueStepKind.OVERDUE), "follow_up"
ESCALATE = tuple(str(step) for step in ESCALATIONS)
KINDS = (REMIND, OVERDUE, *ESCALATE, FOLLOW_UP)


def start_clock(action: Action, *, only_to_come: bool = False) -> None:
    """Rows for an action that is to be done by a day; none without one. Reminders of today or before are left out.

    A day that has been when the action is written in counts as today: nobody is told on before somebody could do it.
    `only_to_come` leaves out everything whose moment has been: for what was planned before there were clocks.
    """
    if action.due_on is None:
        return
    frame, now = frame_of(action.federation_id), clock.now()
    counted_from = action.due_on if only_to_come else max(action.due_on, clock.today())
    for kind, day in _days_of_action(counted_from, frame).items():
        moment = _morning(day, frame)
        if (kind == REMIND and day <= clock.today()) or (only_to_come and moment <= now):
            continue
        _add(action, None, kind, action.step_round, moment)
    db.session.flush()


def start_follow_up_clock(follow_up: FollowUp) -> None:
    """Rows for the day when the effect is to be judged, and for when nobody does. A day that has been is today."""
    frame = frame_of(follow_up.federation_id)
    action = db.session.get_one(Action, follow_up.action_id)
    for kind, day in _days_of_follow_up(max(follow_up.due_on, clock.today()), frame).items():
        _add(action, follow_up, kind, follow_up.step_round, _morning(day, frame))
    db.session.flush()


def stop_clock(action: Action) -> None:
    """Nothing more is said about when the action is to be done (P9)."""
    _cancel(ActionDueStep.action_id == action.id, ActionDueStep.follow_up_id.is_(None))


def stop_follow_up_clock(follow_up: FollowUp) -> None:
    _cancel(ActionDueStep.follow_up_id == follow_up.id)


def _days_of_action(due_on: date, frame: Frame) -> dict[str, date]:
    days = {OVERDUE: add_working_days(due_on, 1, frame.calendar)}
    if frame.settings.remind_before_days:
        days[REMIND] = subtract_working_days(due_on, frame.settings.remind_before_days, frame.calendar)
    for kind, count in zip(ESCALATE, frame.settings.escalate_after_days, strict=False):
        days[kind] = add_working_days(due_on, count, frame.calendar)
    return days


def _days_of_follow_up(due_on: date, frame: Frame) -> dict[str, date]:
    """The day itself; asked again, and then further up, after the federation's own days of escalation."""
    days = {FOLLOW_UP: add_working_days(due_on, 0, frame.calendar)}
    for kind, count in zip((OVERDUE, *ESCALATE[1:]), frame.settings.escalate_after_days, strict=False):
        days[kind] = add_working_days(due_on, count, frame.calendar)
    return days


def _morning(day: date, frame: Frame) -> datetime:
    return local_moment(day, at_clock(frame.settings.digest_at))


def _add(action: Action, follow_up: FollowUp | None, kind: str, round_: int, moment: datetime) -> None:
    db.session.add(
        ActionDueStep(
            federation_id=action.federation_id,
            action_id=action.id,
            follow_up_id=follow_up.id if follow_up is not None else None,
            kind=kind,
            round=round_,
            due_at=moment,
        )
    )


def waiting_steps(action_id: int) -> list[ActionDueStep]:
    """What is still to come, earliest first."""
    query = select(ActionDueStep).where(
        ActionDueStep.action_id == action_id,
        ActionDueStep.fired_at.is_(None),
        ActionDueStep.cancelled_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(ActionDueStep.due_at, ActionDueStep.id)))


def _cancel(*conditions: object) -> None:
    db.session.flush()
    db.session.execute(
        update(ActionDueStep)
        .where(*conditions, ActionDueStep.fired_at.is_(None), ActionDueStep.cancelled_at.is_(None))  # type: ignore[arg-type]
        .values(cancelled_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
