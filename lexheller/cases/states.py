"""The case's transition table, as data: the one door, the buttons and the diagram in the docs all read it. Pure.

Stops at the table: permission for one case is `cases.permissions`, moving a row is `cases.door`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CaseStatus(StrEnum):
    RECEIVED = "received"
    UNROUTED = "unrouted"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    CLOSED = "closed"


class DutyStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """Verbs that change a case. The value is the name of the form and of the route's last part."""

    ROUTE = "route"
    LEAVE_UNROUTED = "leave_unrouted"
    ASSIGN = "assign"
    ACCEPT = "accept"
    SAVE_DRAFT = "save_draft"
    ANSWER = "answer"
    SEND_BACK = "send_back"
    CLASSIFY = "classify"
    RECORD_ACTION = "record_action"
    CLOSE = "close"
    REOPEN = "reopen"


class Who(StrEnum):
    """Who may take a step: the routing job, the federation's office, or who answers for the duty's unit."""

    SYSTEM = "system"
    OFFICE = "office"
    RESPONSIBLE = "responsible"


@dataclass(frozen=True, slots=True)
class Transition:
    """`to` None: the step changes something else and leaves the status alone."""

    from_statuses: frozenset[CaseStatus]
    to: CaseStatus | None
    who: Who
    event: str


_ANY = frozenset(CaseStatus)
_RUNNING = _ANY - {CaseStatus.CLOSED}
_WITH_MANAGER = frozenset({CaseStatus.ASSIGNED, CaseStatus.ACCEPTED})

TRANSITIONS: Mapping[Step, Transition] = {
    Step.ROUTE: Transition(frozenset({CaseStatus.RECEIVED}), CaseStatus.ASSIGNED, Who.SYSTEM, "case.routed"),
    Step.LEAVE_UNROUTED: Transition(
        frozenset({CaseStatus.RECEIVED}), CaseStatus.UNROUTED, Who.SYSTEM, "case.left_unrouted"
    ),
    Step.ASSIGN: Transition(_RUNNING, CaseStatus.ASSIGNED, Who.OFFICE, "case.assigned"),
    Step.ACCEPT: Transition(frozenset({CaseStatus.ASSIGNED}), CaseStatus.ACCEPTED, Who.RESPONSIBLE, "case.accepted"),
    Step.SAVE_DRAFT: Transition(_WITH_MANAGER, None, Who.RESPONSIBLE, "case.draft_saved"),
    Step.ANSWER: Transition(_WITH_MANAGER, CaseStatus.ANSWERED, Who.RESPONSIBLE, "case.answered"),
    Step.SEND_BACK: Transition(_WITH_MANAGER, CaseStatus.UNROUTED, Who.RESPONSIBLE, "case.sent_back"),
    Step.CLASSIFY: Transition(_ANY, None, Who.OFFICE, "case.classified"),
    Step.RECORD_ACTION: Transition(_ANY, None, Who.OFFICE, "case.action_recorded"),
    Step.CLOSE: Transition(_RUNNING, CaseStatus.CLOSED, Who.OFFICE, "case.closed"),
    Step.REOPEN: Transition(frozenset({CaseStatus.CLOSED}), CaseStatus.UNROUTED, Who.OFFICE, "case.reopened"),
}

# How a case begins: not steps, since there is no status before them.
BEGINNINGS: Mapping[str, frozenset[CaseStatus]] = {
    "case.received": frozenset({CaseStatus.RECEIVED}),
    "case.imported": frozenset({CaseStatus.UNROUTED, CaseStatus.ANSWERED, CaseStatus.CLOSED}),
}


def allowed_from(status: CaseStatus, who: frozenset[Who]) -> list[Step]:
    """The steps that the table allows from here for somebody who is all of `who`, in the table's order."""
    return [
        step for step, transition in TRANSITIONS.items() if status in transition.from_statuses and transition.who in who
    ]


def path_is_along_table(events: list[tuple[str, str | None]]) -> bool:
    """Whether a case's events (kind, status after) follow the table from a beginning on (P12)."""
    if not events or events[0][0] not in BEGINNINGS:
        return False
    by_event = {transition.event: transition for transition in TRANSITIONS.values()}
    status: CaseStatus | None = None
    for position, (kind, after) in enumerate(events):
        if position == 0:
            if after not in BEGINNINGS[kind]:
                return False
        else:
            transition = by_event.get(kind)
            if transition is None or status not in transition.from_statuses:
                return False
            if after != (transition.to or status):
                return False
        status = CaseStatus(str(after))
    return True
