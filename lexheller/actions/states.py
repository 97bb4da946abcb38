"""How an action goes from planned to done: statuses, steps, and the one table of what leads where. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lexheller.privacy.masking import MASKED


class ActionStatus(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


class ActionStep(StrEnum):
    """Verbs that change an action. REOPEN: it turned out not to have been carried out after all.

    PLAN_FOLLOW_UP: a day for judging one that nobody is asked about, such as one that was imported.
    """

    CHANGE = "change"
    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"
    REOPEN = "reopen"
    LINK_CASE = "link_case"
    UNLINK_CASE = "unlink_case"
    LINK_FAULT = "link_fault"
    UNLINK_FAULT = "unlink_fault"
    PLAN_FOLLOW_UP = "plan_follow_up"
    MOVE_FOLLOW_UP = "move_follow_up"
    JUDGE = "judge"


class By(StrEnum):
    """OWNER: whoever answers today for the unit that owns the action. READER: coordinator and director."""

    OFFICE = "office"
    OWNER = "owner"
    READER = "reader"


class Judgement(StrEnum):
    WORKED = "worked"
    PARTLY = "partly"
    DID_NOT = "did_not"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class ActionTransition:
    """`to` empty: the step leaves the status alone."""

    from_statuses: frozenset[ActionStatus]
    to: ActionStatus | None
    by: frozenset[By]
    event: str


LIVE = frozenset({ActionStatus.PLANNED, ActionStatus.UNDER_WAY})
_ANY = frozenset(ActionStatus)
_DONE = frozenset({ActionStatus.DONE})
_OFFICE, _OWNER = frozenset({By.OFFICE}), frozenset({By.OFFICE, By.OWNER})

ACTION_TRANSITIONS: Mapping[ActionStep, ActionTransition] = {
    ActionStep.CHANGE: ActionTransition(LIVE, None, _OFFICE, "action.changed"),
    ActionStep.START: ActionTransition(
        frozenset({ActionStatus.PLANNED}), ActionStatus.UNDER_WAY, _OWNER, "action.started"
    ),
    ActionStep.FINISH: ActionTransition(LIVE, ActionStatus.DONE, _OWNER, "action.done"),
    ActionStep.CANCEL: ActionTransition(LIVE, ActionStatus.CANCELLED, _OFFICE, "action.cancelled"),
    ActionStep.REOPEN: ActionTransition(_DONE, ActionStatus.UNDER_WAY, _OFFICE, "action.reopened"),
    ActionStep.LINK_CASE: ActionTransition(_ANY, None, _OFFICE, "action.case_linked"),
    ActionStep.UNLINK_CASE: ActionTransition(_ANY, None, _OFFICE, "action.case_unlinked"),
    ActionStep.LINK_FAULT: ActionTransition(_ANY, None, _OFFICE, "action.fault_linked"),
    ActionStep.UNLINK_FAULT: ActionTransition(_ANY, None, _OFFICE, "action.fault_unlinked"),
    ActionStep.PLAN_FOLLOW_UP: ActionTransition(_DONE, None, _OWNER, "action.follow_up_planned"),
    ActionStep.MOVE_FOLLOW_UP: ActionTransition(_DONE, None, _OFFICE, "action.follow_up_moved"),
    ActionStep.JUDGE: ActionTransition(_DONE, None, _OWNER | {By.READER}, "action.judged"),
}

BEGINNING, IMPORTED = "action.recorded", "action.imported"


def action_steps_from(status: ActionStatus) -> list[ActionStep]:
    """What may be done with an action of that status, in the table's order."""
    return [step for step, transition in ACTION_TRANSITIONS.items() if status in transition.from_statuses]


def action_path_is_along_table(events: list[tuple[str, str | None]]) -> bool:
    """Whether an action's events (kind, status after) follow the table (P12).

    One that was imported, or is older than the events of actions, has no such beginning: its first step may be any.
    """
    by_event = {transition.event: transition for transition in ACTION_TRANSITIONS.values()}
    status: ActionStatus | None = None
    for position, (kind, after) in enumerate(events):
        if after is None or after not in set(ActionStatus):
            return False
        if kind == BEGINNING:
            if position or after not in (ActionStatus.PLANNED, ActionStatus.DONE):
                return False
        elif kind == MASKED:
            if status is not None and after != status:
                return False
        elif not _leads(by_event.get(kind), status, ActionStatus(after)):
            return False
        status = ActionStatus(after)
    return True


def _leads(transition: ActionTransition | None, before: ActionStatus | None, after: ActionStatus) -> bool:
    """Whether the step goes from `before` to `after`; None for what was before there were events."""
    if transition is None or (before is not None and before not in transition.from_statuses):
        return False
    if transition.to is not None:
        return after == transition.to
    return after == before if before is not None else after in transition.from_statuses
