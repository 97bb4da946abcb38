"""The goal rows of a yearly report: added, changed, moved and removed. Each is a change of the draft (P13).

How they are read out and summed up is `goals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.action_reports.drafting import goals_of, hold_draft, raise_version, record_of
from lexheller.action_reports.models import GoalRow, ReportDraft
from lexheller.action_reports.permissions import demand_writing
from lexheller.action_reports.states import Fulfilment
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.organisations.models import Federation
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.web.doubts import doubts_in, refuse_unlooked

LONGEST_GOAL, LONGEST_COMMENT, MOST_GOALS = 500, 2000, 100


@dataclass(frozen=True, slots=True)
class Goal:
    """A row as it is written: what was promised, how far it was reached, and what there is to say about it."""

    text: str
    fulfilment: Fulfilment
    comment: str = ""


def add_goal(
    actor: Actor, federation: Federation, year: int, goal: Goal, *, seen: int, looked: bool = False
) -> GoalRow:
    """A new row, last.

    Raises InvalidInput on `text` (`empty`, `too_long`, `too_many`) or `comment` (`too_long`), on either for P23, and on
    `looked` (`doubtful`); Conflict when the draft was changed since `seen` (0: there was none).
    """
    demand_writing(actor, federation.id)
    _check(goal, {"text": goal.text, "comment": goal.comment}, looked)
    draft = hold_draft(federation.id, year, seen=seen)
    position = len(goals_of(federation.id, year)) + 1
    if position > MOST_GOALS:
        raise InvalidInput("text", "too_many")
    row = GoalRow(federation_id=federation.id, year=year, position=position, **_columns(goal))
    db.session.add(row)
    _changed(actor, draft, "action_report.goal_added", row)
    return row


def change_goal(
    actor: Actor, federation: Federation, year: int, goal_id: int, goal: Goal, *, seen: int, looked: bool = False
) -> None:
    """Other words or another fulfilment; the same again is no change. Raises as `add_goal`; Conflict if it is gone."""
    demand_writing(actor, federation.id)
    draft, row = _held(federation, year, goal_id, seen)
    fields = {name: value for name, value in _columns(goal).items() if value != getattr(row, name)}
    _check(goal, {name: value for name, value in fields.items() if name != "fulfilment"}, looked)
    if not fields:
        return
    for name, value in fields.items():
        setattr(row, name, value)
    _changed(actor, draft, "action_report.goal_changed", row, fields=sorted(fields))


def move_goal(actor: Actor, federation: Federation, year: int, goal_id: int, *, up: bool, seen: int) -> None:
    """One place up or down; at the end nothing changes. Raises Conflict as `change_goal`."""
    demand_writing(actor, federation.id)
    draft, row = _held(federation, year, goal_id, seen)
    rows = goals_of(federation.id, year)
    there = rows.index(row) + (-1 if up else 1)
    if not 0 <= there < len(rows):
        return
    rows.remove(row)
    rows.insert(there, row)
    _number(rows)
    _changed(actor, draft, "action_report.goal_moved", row, position=row.position)


def remove_goal(actor: Actor, federation: Federation, year: int, goal_id: int, *, seen: int) -> None:
    """The row goes, and those below it move up. Raises Conflict as `change_goal`."""
    demand_writing(actor, federation.id)
    draft, row = _held(federation, year, goal_id, seen)
    db.session.delete(row)
    db.session.flush()
    _number(goals_of(federation.id, year))
    _changed(actor, draft, "action_report.goal_removed", row)


def goal_of(federation_id: int, year: int, goal_id: int) -> GoalRow | None:
    return next((row for row in goals_of(federation_id, year) if row.id == goal_id), None)


def _held(federation: Federation, year: int, goal_id: int, seen: int) -> tuple[ReportDraft, GoalRow]:
    draft = hold_draft(federation.id, year, seen=seen)
    row = goal_of(federation.id, year, goal_id)
    if row is None:
        raise Conflict(f"goal {goal_id} of draft {draft.id} is gone")
    return draft, row


def _check(goal: Goal, written: dict[str, str], looked: bool) -> None:
    refuse_identity_numbers(text=goal.text, comment=goal.comment)
    if not goal.text.strip():
        raise InvalidInput("text", "empty")
    for name, text, longest in (("text", goal.text, LONGEST_GOAL), ("comment", goal.comment, LONGEST_COMMENT)):
        if len(text) > longest:
            raise InvalidInput(name, "too_long")
    refuse_unlooked(doubts_in(written), looked=looked)


def _columns(goal: Goal) -> dict[str, str]:
    return {"text": goal.text.strip(), "fulfilment": str(goal.fulfilment), "comment": goal.comment.strip()}


def _number(rows: list[GoalRow]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position


def _changed(actor: Actor, draft: ReportDraft, kind: str, row: GoalRow, **data: Any) -> None:
    raise_version(draft)
    record_of(actor, kind, draft, {"goal_id": row.id, **data})
