"""How a system fault goes from suspicion to mended: statuses, steps, and the one table of what leads where. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lexheller.privacy.masking import MASKED


class FaultStatus(StrEnum):
    """ACCEPTED: the federation knows that it is so and leaves it, for a reason that stands on the fault."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    LIFTED = "lifted"
    DECIDED = "decided"
    BEING_MENDED = "being_mended"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"
    ACCEPTED = "accepted"


class FaultStep(StrEnum):
    """RECUR: a new case came on a fault that was over; nobody takes it by hand. DECIDE_ANEW: another decision about a
    fault that is being dealt with, which goes on from where it stands.
    """

    DESCRIBE = "describe"
    SET_OWNER = "set_owner"
    LINK_CASE = "link_case"
    UNLINK_CASE = "unlink_case"
    CONFIRM = "confirm"
    LIFT = "lift"
    DECIDE = "decide"
    REWORD_DECISION = "reword_decision"
    DECIDE_ANEW = "decide_anew"
    START_MENDING = "start_mending"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    ACCEPT_AS_IT_IS = "accept_as_it_is"
    REOPEN = "reopen"
    RECUR = "recur"
    TELL_REPORTERS = "tell_reporters"


class Broken(StrEnum):
    """What broke between the parties."""

    AGREEMENT = "agreement"
    RULE = "rule"
    ROUTINE = "routine"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FaultTransition:
    """`to` empty: the step leaves the status alone."""

    from_statuses: frozenset[FaultStatus]
    to: FaultStatus | None
    event: str


OVER = frozenset({FaultStatus.CLOSED, FaultStatus.ACCEPTED})
_ANY = frozenset(FaultStatus)
_OPEN = _ANY - OVER
_BEING_DEALT_WITH = frozenset({FaultStatus.DECIDED, FaultStatus.BEING_MENDED, FaultStatus.FOLLOWED_UP})

FAULT_TRANSITIONS: Mapping[FaultStep, FaultTransition] = {
    FaultStep.DESCRIBE: FaultTransition(_ANY, None, "fault.described"),
    FaultStep.SET_OWNER: FaultTransition(_ANY, None, "fault.owner_set"),
    FaultStep.LINK_CASE: FaultTransition(_ANY, None, "fault.case_linked"),
    FaultStep.UNLINK_CASE: FaultTransition(_ANY, None, "fault.case_unlinked"),
    FaultStep.CONFIRM: FaultTransition(frozenset({FaultStatus.SUSPECTED}), FaultStatus.CONFIRMED, "fault.confirmed"),
    FaultStep.LIFT: FaultTransition(
        frozenset({FaultStatus.SUSPECTED, FaultStatus.CONFIRMED}), FaultStatus.LIFTED, "fault.lifted"
    ),
    FaultStep.DECIDE: FaultTransition(
        frozenset({FaultStatus.CONFIRMED, FaultStatus.LIFTED}), FaultStatus.DECIDED, "fault.decided"
    ),
    FaultStep.REWORD_DECISION: FaultTransition(_BEING_DEALT_WITH, None, "fault.decision_reworded"),
    FaultStep.DECIDE_ANEW: FaultTransition(_BEING_DEALT_WITH, None, "fault.decided_anew"),
    FaultStep.START_MENDING: FaultTransition(
        frozenset({FaultStatus.CONFIRMED, FaultStatus.LIFTED, FaultStatus.DECIDED, FaultStatus.FOLLOWED_UP}),
        FaultStatus.BEING_MENDED,
        "fault.mending_started",
    ),
    FaultStep.FOLLOW_UP: FaultTransition(
        frozenset({FaultStatus.BEING_MENDED}), FaultStatus.FOLLOWED_UP, "fault.followed_up"
    ),
    FaultStep.CLOSE: FaultTransition(_OPEN, FaultStatus.CLOSED, "fault.closed"),
    FaultStep.ACCEPT_AS_IT_IS: FaultTransition(_OPEN - {FaultStatus.SUSPECTED}, FaultStatus.ACCEPTED, "fault.accepted"),
    FaultStep.REOPEN: FaultTransition(OVER, FaultStatus.CONFIRMED, "fault.reopened"),
    FaultStep.RECUR: FaultTransition(OVER, FaultStatus.CONFIRMED, "fault.recurred"),
    FaultStep.TELL_REPORTERS: FaultTransition(_ANY - {FaultStatus.SUSPECTED}, None, "fault.reporters_told"),
}

BEGINNING = "fault.suspected"


def fault_steps_from(status: FaultStatus) -> list[FaultStep]:
    """What may be done with a fault of that status by hand, in the table's order."""
    return [
        step
        for step, transition in FAULT_TRANSITIONS.items()
        if status in transition.from_statuses and step is not FaultStep.RECUR
    ]


def fault_path_is_along_table(events: list[tuple[str, str | None]]) -> bool:
    """Whether a fault's events (kind, status after) follow the table from the beginning on (P12)."""
    if not events or events[0] != (BEGINNING, FaultStatus.SUSPECTED):
        return False
    by_event = {transition.event: transition for transition in FAULT_TRANSITIONS.values()}
    status = FaultStatus.SUSPECTED
    for kind, after in events[1:]:
        if kind == MASKED and after == status:
            continue
        transition = by_event.get(kind)
        if transition is None or status not in transition.from_statuses or after != (transition.to or status):
            return False
        status = FaultStatus(after)
    return True
