"""What whoever answers for a unit does with a duty: take it on, draft, answer, send back, ask for more time.

With several parties the office writes the joint answer from theirs.
"""

from __future__ import annotations

from lexheller.accounts.rights import Actor, ActorKind, Right
from lexheller.cases import door
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.queries import draft_of, joint_draft_of
from lexheller.cases.states import CaseStatus, Step
from lexheller.casework import notices, sharing
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import settings_of, why_no_more_days
from lexheller.organisations.models import Unit
from lexheller.privacy.refusal import refuse_identity_numbers

ANSWER_FIELDS = ("cause", "steps_taken", "consequence", "follow_up")
MOST_DAYS_BY_OFFICE = 60


def accept(actor: Actor, case: Case, duty: Duty, *, seen: int) -> None:
    """The responsible manager takes the case on."""
    door.take(actor, Step.ACCEPT, case, duty=duty, seen=seen)
    clocks.acknowledged(duty)


def save_draft(actor: Actor, case: Case, duty: Duty, texts: dict[str, str], *, seen: int) -> Answer:
    """Keep the answer as far as it has come; only those who answer for the unit see it. Keys are ANSWER_FIELDS."""
    refuse_identity_numbers(**texts)
    door.take(actor, Step.SAVE_DRAFT, case, duty=duty, seen=seen)
    return _written(case, duty, texts)


def answer(actor: Actor, case: Case, duty: Duty, texts: dict[str, str], *, seen: int) -> Answer:
    """Give the answer: the duty is done. The only party's answer is the reporter's to read at once; of several, the
    last one's tells the office that the joint answer can be written.
    """
    _require_steps(texts)
    refuse_identity_numbers(**texts)
    door.take(actor, Step.ANSWER, case, duty=duty, seen=seen)
    given = _written(case, duty, texts)
    given.given_at = clock.now()
    db.session.flush()
    clocks.stop_clock(duty)
    sharing.share_if_answered(case)
    sharing.index(case)
    if case.status == CaseStatus.COLLECTED:
        notices.tell_office_collected(case)
    return given


def send_back(actor: Actor, case: Case, duty: Duty, reason: str, *, proposed: Unit | None = None, seen: int) -> None:
    """Not ours: the duty ends with a reason and, if known, the unit it belongs to. Its trail stays.

    The next unit's clock begins anew on the day it is sent there: nobody answers for days that the case lay with
    somebody else. How long it took in all is counted from receipt.
    """
    if not reason:
        raise InvalidInput("reason", "required")
    if proposed is not None and proposed.federation_id != case.federation_id:
        raise InvalidInput("proposed_unit", "unknown")
    refuse_identity_numbers(reason=reason)
    changes = {"return_reason": reason, "proposed_unit_id": proposed.id if proposed else None}
    data = {"proposed_unit_id": proposed.id if proposed else None}
    door.take(actor, Step.SEND_BACK, case, duty=duty, seen=seen, duty_changes=changes, data=data)
    clocks.stop_clock(duty)
    if case.status == CaseStatus.UNROUTED:
        notices.tell_office_unrouted(case)
    else:
        notices.tell_office_returned(case, duty)


def extend(actor: Actor, case: Case, duty: Duty, days: int, reason: str, *, seen: int) -> None:
    """More working days to answer, with a reason that the office and the reporter's timeline can stand for.

    A manager may add at most the federation's `extension_days`, `most_extensions` times, and not when it is late
    already; the office up to MOST_DAYS_BY_OFFICE at a time. Raises InvalidInput with the codes `required`,
    `too_many_days`, `no_more`, `late_already`, `too_large`, `still_past`, before anything is written.
    """
    if not reason:
        raise InvalidInput("reason", "required")
    refuse_identity_numbers(reason=reason)
    _check_days(actor, duty, days)
    clocks.refuse_extension(duty, days)
    door.take(
        actor,
        Step.EXTEND,
        case,
        duty=duty,
        seen=seen,
        duty_changes={"extension_reason": reason},
        data={"days": days, "from": duty.due_on.isoformat()},
    )
    clocks.extend(duty, days)


def joint_answer(actor: Actor, case: Case, texts: dict[str, str], *, seen: int) -> Answer:
    """The office's answer to the reporter, from what the parties have answered."""
    _require_steps(texts)
    refuse_identity_numbers(**texts)
    door.take(actor, Step.JOINT_ANSWER, case, seen=seen)
    given = joint_draft_of(case.id) or Answer(federation_id=case.federation_id, case_id=case.id, joint=True)
    _write(given, texts)
    given.given_at = clock.now()
    db.session.flush()
    sharing.share(case, given)
    sharing.index(case)
    return given


def _check_days(actor: Actor, duty: Duty, days: int) -> None:
    office = actor.kind is ActorKind.USER and actor.may(Right.HANDLE_CASES, duty.federation_id)
    settings = settings_of(duty.federation_id)
    if not 1 <= days <= (MOST_DAYS_BY_OFFICE if office else settings.extension_days):
        raise InvalidInput("days", "too_many_days")
    if office:
        return
    why_not = why_no_more_days(duty, settings)
    if why_not:
        raise InvalidInput("days", why_not)


def _require_steps(texts: dict[str, str]) -> None:
    if not texts.get("steps_taken"):
        raise InvalidInput("steps_taken", "required")


def _written(case: Case, duty: Duty, texts: dict[str, str]) -> Answer:
    """The duty's answer with these texts; through the door first, so who may not answer never touches it."""
    draft = draft_of(duty.id) or Answer(federation_id=case.federation_id, case_id=case.id, duty_id=duty.id)
    _write(draft, texts)
    return draft


def _write(draft: Answer, texts: dict[str, str]) -> None:
    for name in ANSWER_FIELDS:
        setattr(draft, name, texts.get(name, ""))
    db.session.add(draft)
    db.session.flush()
