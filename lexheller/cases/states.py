"""The case's transition table, as data: the one door, the buttons and the diagram in the docs all read it. Pure.

Stops at the table: permission for one case is `cases.permissions`, moving a row is `cases.door`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lexheller.privacy.masking import MASKED


class CaseStatus(StrEnum):
    """Between `assigned` and `collected` the status follows from the duties of the current round: `derived`."""

    RECEIVED = "received"
    UNROUTED = "unrouted"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    COLLECTED = "collected"
    ANSWERED = "answered"
    CLOSED = "closed"


class DutyStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


LIVE = frozenset({DutyStatus.OPEN, DutyStatus.ACCEPTED})


class CloseReason(StrEnum):
    """Why a case was closed. The last two are set by their own steps, never chosen."""

    SOLVED = "solved"
    EXPLAINED = "explained"
    SYSTEM_FAULT = "system_fault"
    ALREADY_KNOWN = "already_known"
    NOT_A_DEVIATION = "not_a_deviation"
    WRONG_DOOR = "wrong_door"
    OTHER = "other"
    SAME_EVENT = "same_event"
    HANDED_OVER = "handed_over"


CHOSEN_REASONS = tuple(
    reason for reason in CloseReason if reason not in {CloseReason.SAME_EVENT, CloseReason.HANDED_OVER}
)


class Step(StrEnum):
    """Verbs that change a case. The value is the name of the form and of the verb."""

    ROUTE = "route"
    LEAVE_UNROUTED = "leave_unrouted"
    ASSIGN = "assign"
    ADD_PARTY = "add_party"
    ACCEPT = "accept"
    SAVE_DRAFT = "save_draft"
    ANSWER = "answer"
    SEND_BACK = "send_back"
    EXTEND = "extend"
    DELEGATE = "delegate"
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    REVOKE_LINK = "revoke_link"
    MOVE_DUE = "move_due"
    JOINT_ANSWER = "joint_answer"
    ASK_REPORTER = "ask_reporter"
    WITHDRAW_QUESTION = "withdraw_question"
    STOP_WAITING = "stop_waiting"
    REPLY = "reply"
    WRITE_NOTE = "write_note"
    CLASSIFY = "classify"
    SETTLE_PROPOSAL = "settle_proposal"
    SHARE_SUMMARY = "share_summary"
    LET_THROUGH = "let_through"
    PUBLISH = "publish"
    WITHDRAW_PUBLICATION = "withdraw_publication"
    COUNT_OCCURRENCE = "count_occurrence"
    RECORD_ACTION = "record_action"
    OFFER_HANDOVER = "offer_handover"
    CALL_OFF_HANDOVER = "call_off_handover"
    DECLINE_HANDOVER = "decline_handover"
    HAND_OVER = "hand_over"
    MERGE = "merge"
    UNMERGE = "unmerge"
    CLOSE = "close"
    REOPEN = "reopen"
    NOT_SOLVED = "not_solved"
    FOLLOW_UP = "follow_up"


class Who(StrEnum):
    """Who may take a step: the system's jobs, the federation's office, whoever answers for the duty's unit, the
    reporter behind the receipt code, or the office of the federation that a case is offered to.
    """

    SYSTEM = "system"
    OFFICE = "office"
    RESPONSIBLE = "responsible"
    REPORTER = "reporter"
    RECEIVER = "receiver"


@dataclass(frozen=True, slots=True)
class Transition:
    """`to` empty: the step leaves the status alone. Several: it is derived from the duties.

    A step with `duty_from` is taken on one duty. An `aside` changes neither status nor version: what is written beside
    the handling must not make somebody else's answer a conflict.
    """

    from_statuses: frozenset[CaseStatus]
    to: frozenset[CaseStatus]
    who: frozenset[Who]
    event: str
    duty_from: frozenset[DutyStatus] = frozenset()
    duty_to: DutyStatus | None = None
    aside: bool = False


_ANY = frozenset(CaseStatus)
_RUNNING = _ANY - {CaseStatus.CLOSED}
_WITH_MANAGER = frozenset({CaseStatus.ASSIGNED, CaseStatus.ACCEPTED})
_UNDER_WAY = _RUNNING - {CaseStatus.RECEIVED}
_TOLD = frozenset({CaseStatus.ANSWERED, CaseStatus.CLOSED})
_SAME: frozenset[CaseStatus] = frozenset()
_OFFICE, _RESPONSIBLE = frozenset({Who.OFFICE}), frozenset({Who.RESPONSIBLE})
_SYSTEM, _REPORTER, _RECEIVER = frozenset({Who.SYSTEM}), frozenset({Who.REPORTER}), frozenset({Who.RECEIVER})


def _one(status: CaseStatus) -> frozenset[CaseStatus]:
    return frozenset({status})


TRANSITIONS: Mapping[Step, Transition] = {
    Step.ROUTE: Transition(_one(CaseStatus.RECEIVED), _one(CaseStatus.ASSIGNED), _SYSTEM, "case.routed"),
    Step.LEAVE_UNROUTED: Transition(
        _one(CaseStatus.RECEIVED), _one(CaseStatus.UNROUTED), _SYSTEM, "case.left_unrouted"
    ),
    Step.ASSIGN: Transition(_RUNNING, _one(CaseStatus.ASSIGNED), _OFFICE, "case.assigned"),
    Step.ADD_PARTY: Transition(
        _WITH_MANAGER | {CaseStatus.COLLECTED, CaseStatus.ANSWERED}, _WITH_MANAGER, _OFFICE, "case.party_added"
    ),
    Step.ACCEPT: Transition(
        _WITH_MANAGER,
        _one(CaseStatus.ACCEPTED),
        _RESPONSIBLE,
        "case.accepted",
        frozenset({DutyStatus.OPEN}),
        DutyStatus.ACCEPTED,
    ),
    Step.SAVE_DRAFT: Transition(_WITH_MANAGER, _SAME, _RESPONSIBLE, "case.draft_saved", LIVE),
    Step.ANSWER: Transition(
        _WITH_MANAGER,
        _WITH_MANAGER | {CaseStatus.COLLECTED, CaseStatus.ANSWERED},
        _RESPONSIBLE,
        "case.answered",
        LIVE,
        DutyStatus.ANSWERED,
    ),
    Step.SEND_BACK: Transition(
        _WITH_MANAGER,
        _WITH_MANAGER | {CaseStatus.COLLECTED, CaseStatus.UNROUTED},
        _RESPONSIBLE,
        "case.sent_back",
        LIVE,
        DutyStatus.RETURNED,
    ),
    Step.EXTEND: Transition(_WITH_MANAGER, _SAME, _RESPONSIBLE | _OFFICE, "case.extended", LIVE),
    Step.DELEGATE: Transition(_WITH_MANAGER, _SAME, _RESPONSIBLE, "case.delegated", LIVE, aside=True),
    Step.PROPOSE: Transition(_WITH_MANAGER, _SAME, _RESPONSIBLE, "case.proposed", LIVE, aside=True),
    Step.WITHDRAW: Transition(
        _WITH_MANAGER,
        _WITH_MANAGER | {CaseStatus.COLLECTED, CaseStatus.ANSWERED, CaseStatus.UNROUTED},
        _OFFICE,
        "case.withdrawn",
        LIVE,
        DutyStatus.WITHDRAWN,
    ),
    Step.REVOKE_LINK: Transition(_ANY, _SAME, _RESPONSIBLE | _OFFICE, "case.link_revoked", LIVE, aside=True),
    Step.MOVE_DUE: Transition(_WITH_MANAGER, _SAME, _SYSTEM, "case.due_moved", LIVE, aside=True),
    Step.JOINT_ANSWER: Transition(
        _one(CaseStatus.COLLECTED), _one(CaseStatus.ANSWERED), _OFFICE, "case.joint_answer_given"
    ),
    Step.ASK_REPORTER: Transition(_UNDER_WAY, _SAME, _OFFICE | _RESPONSIBLE, "case.question_asked"),
    Step.WITHDRAW_QUESTION: Transition(_RUNNING, _SAME, _OFFICE | _RESPONSIBLE, "case.question_withdrawn"),
    Step.STOP_WAITING: Transition(_UNDER_WAY, _SAME, _SYSTEM, "case.question_unanswered"),
    Step.REPLY: Transition(_RUNNING, _SAME, _REPORTER, "case.question_replied"),
    Step.WRITE_NOTE: Transition(_ANY, _SAME, _OFFICE | _RESPONSIBLE, "case.note_written", aside=True),
    Step.CLASSIFY: Transition(_ANY, _SAME, _OFFICE, "case.classified"),
    Step.SETTLE_PROPOSAL: Transition(_ANY, _SAME, _OFFICE, "case.proposal_settled"),
    Step.SHARE_SUMMARY: Transition(_ANY, _SAME, _OFFICE, "case.summary_shared"),
    Step.LET_THROUGH: Transition(_ANY, _SAME, _OFFICE, "case.let_through"),
    Step.PUBLISH: Transition(_TOLD, _SAME, _OFFICE, "case.published", aside=True),
    Step.WITHDRAW_PUBLICATION: Transition(_ANY, _SAME, _OFFICE, "case.publication_withdrawn", aside=True),
    Step.COUNT_OCCURRENCE: Transition(_ANY, _SAME, _REPORTER | _OFFICE, "case.occurrence_counted", aside=True),
    Step.RECORD_ACTION: Transition(_ANY, _SAME, _OFFICE, "case.action_recorded"),
    Step.OFFER_HANDOVER: Transition(_UNDER_WAY, _SAME, _OFFICE, "case.handover_offered"),
    Step.CALL_OFF_HANDOVER: Transition(_RUNNING, _SAME, _OFFICE, "case.handover_called_off"),
    Step.DECLINE_HANDOVER: Transition(_RUNNING, _SAME, _RECEIVER, "case.handover_declined"),
    Step.HAND_OVER: Transition(_RUNNING, _one(CaseStatus.CLOSED), _RECEIVER, "case.handed_over"),
    Step.MERGE: Transition(_UNDER_WAY, _one(CaseStatus.CLOSED), _OFFICE, "case.merged"),
    Step.UNMERGE: Transition(_one(CaseStatus.CLOSED), _one(CaseStatus.UNROUTED), _OFFICE, "case.unmerged"),
    Step.CLOSE: Transition(_RUNNING, _one(CaseStatus.CLOSED), _OFFICE, "case.closed"),
    Step.REOPEN: Transition(_one(CaseStatus.CLOSED), _one(CaseStatus.UNROUTED), _OFFICE, "case.reopened"),
    Step.NOT_SOLVED: Transition(_TOLD, _one(CaseStatus.UNROUTED), _REPORTER, "case.not_solved"),
    Step.FOLLOW_UP: Transition(_TOLD, _SAME, _REPORTER, "case.follow_up_answered", aside=True),
}

WHILE_HELD = frozenset({Step.LET_THROUGH, Step.WRITE_NOTE, Step.CLASSIFY})
"""The only steps on a case whose report waits for the office to look, because somebody may be named in it (P24)."""


def derived(duties: Iterable[DutyStatus]) -> CaseStatus:
    """The status of a case whose current round has these duties. What was withdrawn does not count.

    One party's answer is the answer; as soon as several had a part in it, the office issues the joint one.
    """
    counted = [status for status in duties if status is not DutyStatus.WITHDRAWN]
    if DutyStatus.ACCEPTED in counted:
        return CaseStatus.ACCEPTED
    if DutyStatus.OPEN in counted:
        return CaseStatus.ASSIGNED
    if DutyStatus.ANSWERED not in counted:
        return CaseStatus.UNROUTED
    return CaseStatus.ANSWERED if len(counted) == 1 else CaseStatus.COLLECTED


# How a case begins: not steps, since there is no status before them.
BEGINNINGS: Mapping[str, frozenset[CaseStatus]] = {
    "case.received": _one(CaseStatus.RECEIVED),
    "case.taken_over": _one(CaseStatus.RECEIVED),
    "case.imported": frozenset({CaseStatus.UNROUTED, CaseStatus.ANSWERED, CaseStatus.CLOSED}),
}


def allowed_from(
    status: CaseStatus, who: frozenset[Who], duty_status: DutyStatus | None = None, *, on_duty: bool = False
) -> list[Step]:
    """The steps that the table allows from here for somebody who is all of `who`, in the table's order.

    With `on_duty` the steps that are taken on a duty of that status, else those taken on the case.
    """
    return [
        step
        for step, transition in TRANSITIONS.items()
        if status in transition.from_statuses
        and transition.who & who
        and bool(transition.duty_from) is on_duty
        and (not on_duty or duty_status in transition.duty_from)
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
        elif kind == MASKED:
            if after != status:
                return False
        else:
            transition = by_event.get(kind)
            if transition is None or status not in transition.from_statuses:
                return False
            if after not in (transition.to or {status}):
                return False
        status = CaseStatus(str(after))
    return True
