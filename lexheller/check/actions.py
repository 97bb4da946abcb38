"""P8, P12 and P14 for actions: events end where the action stands, clocks run for what waits, effects are followed up.

An action that was imported, or is older than the events of actions, has no beginning in the log: nothing is asked
about its effect until somebody sets a day.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from lexheller.actions.door import ACTION
from lexheller.actions.models import Action, ActionDueStep, ActionStatus, FollowUp, FollowUpStatus
from lexheller.actions.states import ACTION_TRANSITIONS, BEGINNING, LIVE, ActionStep, action_path_is_along_table
from lexheller.audit.models import Event
from lexheller.check.finding import Finding
from lexheller.core.db import db
from lexheller.privacy.masking import MASKED

Wrong = tuple[str, Select[int, int], str]
STEPS = (BEGINNING, MASKED, *(transition.event for transition in ACTION_TRANSITIONS.values()))
FINISHED = ACTION_TRANSITIONS[ActionStep.FINISH].event


def actions_as_told() -> Iterator[Finding]:
    """P12, P14: an action's steps follow the table, end in its status, and are as many as its versions."""
    paths: dict[int, list[tuple[str, str | None]]] = {}
    query = select(Event.subject_id, Event.kind, Event.data).where(Event.subject_type == ACTION, Event.kind.in_(STEPS))
    for action_id, kind, data in db.session.execute(query.order_by(Event.federation_id, Event.sequence)):
        paths.setdefault(action_id, []).append((kind, data.get("status")))
    rows = select(Action.id, Action.federation_id, Action.status, Action.version, Action.action_on).order_by(Action.id)
    for action_id, federation_id, status, version, action_on in db.session.execute(rows):
        path, subject = paths.get(action_id, []), f"action {action_id}"
        if not action_path_is_along_table(path):
            yield Finding("P12", federation_id, subject, "events do not follow the table")
        elif path and path[-1][1] != status:
            yield Finding("P12", federation_id, subject, "status differs from its last event")
        if len(path) + (not path or path[0][0] != BEGINNING) != version:
            yield Finding("P14", federation_id, subject, f"version {version}, {len(path)} events")
        if (status == ActionStatus.DONE) != (action_on is not None):
            yield Finding("P12", federation_id, subject, "the day and whether it is done differ")


def action_clocks() -> Iterator[Finding]:
    """P8, P9: what waits has a clock, what is over has none that runs, and what was carried out is followed up."""
    for name, query, why in (*_steps(), *_follow_ups(), *_actions()):
        for row_id, federation_id in db.session.execute(query):
            yield Finding("P8", federation_id, f"{name} {row_id}", why)


def _steps() -> Iterator[Wrong]:
    steps = (
        select(ActionDueStep.id, ActionDueStep.federation_id)
        .join(Action, Action.id == ActionDueStep.action_id)
        .outerjoin(FollowUp, FollowUp.id == ActionDueStep.follow_up_id)
    )
    waits = and_(ActionDueStep.fired_at.is_(None), ActionDueStep.cancelled_at.is_(None))
    over = or_(
        and_(ActionDueStep.follow_up_id.is_(None), Action.status.not_in(LIVE)),
        FollowUp.status != FollowUpStatus.WAITING,
    )
    yield "action due step", steps.where(waits, over), "still to fire, for what is over (P9)"
    early = ActionDueStep.fired_at < ActionDueStep.due_at
    yield "action due step", steps.where(early), "fired before it was due"


def _follow_ups() -> Iterator[Wrong]:
    waiting = (
        select(FollowUp.id, FollowUp.federation_id)
        .join(Action, Action.id == FollowUp.action_id)
        .where(FollowUp.status == FollowUpStatus.WAITING)
    )
    clock = exists().where(ActionDueStep.follow_up_id == FollowUp.id, ActionDueStep.round == FollowUp.step_round)
    yield "follow-up", waiting.where(Action.status != ActionStatus.DONE), "waits, for an action that is not done"
    yield "follow-up", waiting.where(~clock), "waits, and its clock has no steps"


def _actions() -> Iterator[Wrong]:
    actions = select(Action.id, Action.federation_id)
    clock = exists().where(
        ActionDueStep.action_id == Action.id,
        ActionDueStep.follow_up_id.is_(None),
        ActionDueStep.round == Action.step_round,
    )
    had_clock = or_(_said(BEGINNING), Action.step_round > 1)
    running = actions.where(Action.status.in_(LIVE), Action.due_on.is_not(None), had_clock)
    yield "action", running.where(~clock), "to be done by a day, and its clock has no steps"
    followed = exists().where(FollowUp.action_id == Action.id, FollowUp.status != FollowUpStatus.CALLED_OFF)
    carried_out = actions.where(Action.status == ActionStatus.DONE, or_(_said(BEGINNING), _said(FINISHED)))
    yield "action", carried_out.where(~followed), "carried out, and its effect is not followed up"


def _said(kind: str) -> ColumnElement[bool]:
    """Whether the log says so of the action."""
    return exists().where(
        Event.federation_id == Action.federation_id,
        Event.subject_type == ACTION,
        Event.subject_id == Action.id,
        Event.kind == kind,
    )
