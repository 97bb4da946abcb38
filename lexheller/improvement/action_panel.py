"""What a fault's page shows of actions: what has been tried on it, what is under way, and what each did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lexheller.accounts.rights import Actor, Right
from lexheller.actions import labels, queries
from lexheller.actions.models import Action, FollowUp, FollowUpStatus
from lexheller.actions.permissions import sees_all
from lexheller.actions.rules import measure_of
from lexheller.actions.states import ActionStatus
from lexheller.core import clock
from lexheller.faults.models import Fault


@dataclass(frozen=True, slots=True)
class Tried:
    """One action. `effect` and `measure` are of its latest judgement, empty before there is one; `to_judge`: its day
    has come. `measure` holds small numbers: it is for those who see the cases.
    """

    action: Action
    status: str
    tone: str
    late: bool
    owner: str
    effect: str = ""
    effect_tone: str = ""
    measure: str = ""
    to_judge: bool = False


def values(actor: Actor, fault: Fault) -> dict[str, Any]:
    """The values that `improvement/_fault_actions.html` wants, as `fault_actions`."""
    rows = queries.of_fault(actor, fault)
    follow_ups = queries.follow_ups(action.id for action in rows)
    return {
        "counted": sees_all(actor, fault.federation_id),
        "rows": [tried(action, follow_ups.get(action.id, [])) for action in rows],
        "may_record": actor.may(Right.HANDLE_CASES, fault.federation_id),
        "fault_id": fault.id,
    }


def tried(action: Action, follow_ups: list[FollowUp]) -> Tried:
    status = ActionStatus(action.status)
    judged = [row for row in follow_ups if row.status == FollowUpStatus.JUDGED]
    latest = max(judged, key=lambda row: (row.judged_at, row.id), default=None)
    judgement = latest.judgement or "" if latest is not None else ""
    return Tried(
        action,
        str(labels.STATUS[status]),
        labels.TONE[status],
        labels.is_late(action, clock.today()),
        labels.owner(action),
        str(labels.JUDGEMENT[judgement]) if judgement else "",
        labels.JUDGEMENT_TONE.get(judgement, ""),
        labels.measure_words(measure_of(latest.measure)) if latest is not None and latest.measure is not None else "",
        any(row.status == FollowUpStatus.WAITING and row.due_on <= clock.today() for row in follow_ups),
    )
