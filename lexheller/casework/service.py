"""The office's and the managers' verbs. Each goes through the case's one door and leaves one event.

Stops at deciding and recording: words for mail are in `casework.messages`, screens in `casework.views`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.actions import service as actions
from lexheller.actions.models import Action, ActionStatus, ActionType
from lexheller.cases import door, search
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.queries import draft_of, given_answers, open_duty
from lexheller.cases.states import CaseStatus, DutyStatus, Step
from lexheller.cases.texts import refuse_identity_numbers
from lexheller.casework import notices
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.deadlines.service import answer_due_on
from lexheller.organisations.models import Municipality, Organisation, Theme, Unit
from lexheller.organisations.queries import answerable_unit_ids, federation_of, unit_in
from lexheller.routing.rules import Facts
from lexheller.routing.service import suggest_unit

ROUTE_JOB = "casework.route_case"
ANSWER_FIELDS = ("cause", "steps_taken", "consequence", "follow_up")


def route(case_id: int) -> None:
    """The job that follows a report: to the unit that the rules name, or to the coordinator (P3, P4)."""
    case = db.session.get(Case, case_id)
    if case is None or case.status != CaseStatus.RECEIVED:
        return
    suggestion = suggest_unit(case.federation_id, facts_of(case))
    if suggestion.unit_id is None:
        door.take(SYSTEM, Step.LEAVE_UNROUTED, case, seen=case.version, data={"why": suggestion.why})
        notices.tell_office_unrouted(case)
        return
    unit = unit_in(case.federation_id, suggestion.unit_id)
    if unit is None:
        raise LookupError(f"unit {suggestion.unit_id} is not in use in federation {case.federation_id}")
    _send_to_unit(SYSTEM, Step.ROUTE, case, unit, seen=case.version, why=suggestion.why)


def assign(actor: Actor, case: Case, unit: Unit, *, seen: int) -> Duty:
    """Send the case to a unit by hand, one that somebody answers for (P4); a duty open elsewhere is withdrawn."""
    if unit.federation_id != case.federation_id or unit.id not in answerable_unit_ids(
        case.federation_id, clock.today()
    ):
        raise InvalidInput("unit", "nobody_responsible")
    return _send_to_unit(actor, Step.ASSIGN, case, unit, seen=seen, why={"by_hand": True})


def accept(actor: Actor, case: Case, *, seen: int) -> None:
    """The responsible manager takes the case on."""
    door.take(actor, Step.ACCEPT, case, seen=seen)


def save_draft(actor: Actor, case: Case, texts: dict[str, str], *, seen: int) -> Answer:
    """Keep the answer as far as it has come; nobody else sees it. `texts` has the keys of ANSWER_FIELDS."""
    answer = _draft(actor, case, Step.SAVE_DRAFT, texts, seen=seen, changes={})
    db.session.flush()
    return answer


def answer(actor: Actor, case: Case, texts: dict[str, str], *, seen: int) -> Answer:
    """Give the answer: the duty is done, the reporter and the office are told."""
    if not texts.get("steps_taken"):
        raise InvalidInput("steps_taken", "required")
    given = _draft(actor, case, Step.ANSWER, texts, seen=seen, changes={"answered_on": clock.today()})
    given.given_at = clock.now()
    _end_duty(case, DutyStatus.ANSWERED)
    db.session.flush()
    _index(case)
    notices.tell_reporter(case, "answered")
    notices.tell_office_answered(case)
    return given


def send_back(actor: Actor, case: Case, reason: str, *, seen: int) -> None:
    """Not ours: back to the coordinator, with the reason on the duty that ends."""
    if not reason:
        raise InvalidInput("reason", "required")
    refuse_identity_numbers(reason=reason)
    duty = open_duty(case.id)
    door.take(actor, Step.SEND_BACK, case, seen=seen, data={"duty_id": duty.id if duty else None})
    _end_duty(case, DutyStatus.RETURNED, reason=reason)
    notices.tell_office_unrouted(case)


def classify(
    actor: Actor,
    case: Case,
    *,
    theme: Theme | None,
    municipality: Municipality | None,
    organisation: Organisation | None,
    settled: bool = False,
    seen: int,
) -> None:
    """Set theme, municipality and the organisation that the case concerns.

    A doubt that an import left goes with the field it is about; `settled` says that the others are looked into too.
    """
    given = {
        "unknown_category": theme,
        "unknown_municipality": municipality,
        "unknown_organisation": organisation,
    }
    doubts = [] if settled else [doubt for doubt in case.doubts if given.get(doubt) is None]
    changes: dict[str, Any] = {
        "theme_id": theme.id if theme else None,
        "municipality_id": municipality.id if municipality else None,
        "concerned_organisation_id": organisation.id if organisation else None,
        "doubts": doubts,
        "in_doubt": bool(doubts),
    }
    facts = {name: changes[name] for name in ("theme_id", "municipality_id", "concerned_organisation_id")}
    door.take(actor, Step.CLASSIFY, case, seen=seen, changes=changes, data=facts)
    _index(case)


def record_action(
    actor: Actor,
    case: Case,
    *,
    type: ActionType | None,
    description: str,
    status: ActionStatus,
    action_on: date | None,
    seen: int,
) -> Action:
    """Note what was, or is going to be, done because of the case."""
    refuse_identity_numbers(description=description)
    action = actions.create(
        federation_id=case.federation_id,
        case_ids=[case.id],
        type=type,
        description=description,
        status=status,
        action_on=action_on,
    )
    door.take(actor, Step.RECORD_ACTION, case, seen=seen, data={"action_id": action.id, "action_status": str(status)})
    return action


def finish_action(actor: Actor, case: Case, action: Action, *, action_on: date, seen: int) -> None:
    """A planned action has been carried out. Raises Conflict for one that was so already: its day stays."""
    if action.status == ActionStatus.DONE:
        raise Conflict(f"action {action.id} is done since {action.action_on}")
    actions.mark_done(action, action_on=action_on)
    data = {"action_id": action.id, "action_status": str(ActionStatus.DONE)}
    door.take(actor, Step.RECORD_ACTION, case, seen=seen, data=data)


def close(actor: Actor, case: Case, conclusion: str, *, seen: int) -> None:
    """End the case with a conclusion that the reporter reads; an open duty is withdrawn."""
    if not conclusion:
        raise InvalidInput("conclusion", "required")
    refuse_identity_numbers(conclusion=conclusion)
    changes = {"conclusion": conclusion, "closed_on": clock.today()}
    door.take(actor, Step.CLOSE, case, seen=seen, changes=changes)
    _end_duty(case, DutyStatus.WITHDRAWN)
    _index(case)
    notices.tell_reporter(case, "closed")


def reopen(actor: Actor, case: Case, *, seen: int) -> None:
    """Back to the coordinator. The old conclusion goes; the answers stay."""
    door.take(actor, Step.REOPEN, case, seen=seen, changes={"conclusion": None, "closed_on": None})
    _index(case)


def facts_of(case: Case) -> Facts:
    """What the routing rules look at."""
    return Facts(case.concerned_organisation_id, case.municipality_id, case.theme_id)


def _send_to_unit(actor: Actor, step: Step, case: Case, unit: Unit, *, seen: int, why: dict[str, Any]) -> Duty:
    round_number = case.round + 1
    data = {"unit_id": unit.id, "round": round_number, "why": why}
    door.take(actor, step, case, seen=seen, changes={"round": round_number}, data=data)
    _end_duty(case, DutyStatus.WITHDRAWN)
    duty = Duty(
        federation_id=case.federation_id,
        case_id=case.id,
        unit_id=unit.id,
        round=round_number,
        status=DutyStatus.OPEN,
        opened_at=clock.now(),
        due_on=answer_due_on(federation_of(case.federation_id), clock.today()),
        why=why,
    )
    db.session.add(duty)
    db.session.flush()
    notices.tell_managers(case, duty)
    return duty


def _draft(
    actor: Actor, case: Case, step: Step, texts: dict[str, str], *, seen: int, changes: dict[str, Any]
) -> Answer:
    """Through the door first: who may not answer never touches the draft."""
    refuse_identity_numbers(**texts)
    duty = open_duty(case.id)
    door.take(actor, step, case, seen=seen, changes=changes, data={"duty_id": duty.id if duty else None})
    if duty is None:
        raise LookupError(f"case {case.id} has no open duty")
    draft = draft_of(duty.id) or Answer(federation_id=case.federation_id, case_id=case.id, duty_id=duty.id)
    for name in ANSWER_FIELDS:
        setattr(draft, name, texts.get(name, ""))
    db.session.add(draft)
    return draft


def _end_duty(case: Case, status: DutyStatus, *, reason: str | None = None) -> None:
    duty = open_duty(case.id)
    if duty is not None:
        duty.status, duty.ended_at, duty.return_reason = status, clock.now(), reason
        db.session.flush()


def _index(case: Case) -> None:
    search.index(case, case.report, given_answers(case.id))
