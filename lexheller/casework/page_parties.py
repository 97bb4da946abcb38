"""The parties of a case: each duty of the present round with its clock, answer and links, and the rounds before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.labels import DUTY_STATUS, StatusLabel
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.permissions import duty_steps_for
from lexheller.cases.states import LIVE, DutyStatus, Step
from lexheller.casework.duty_forms import AsideForm, DutyStep, fresh_form
from lexheller.casework.sharing import answer_left
from lexheller.core import clock
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.labels import left_words

OFFICE_DAYS = 5
ON_DUTY = {Step.EXTEND: DutyStep.EXTEND, Step.WITHDRAW: DutyStep.WITHDRAW, Step.REVOKE_LINK: DutyStep.REVOKE_LINK}


@dataclass(frozen=True, slots=True)
class Party:
    """`left` is in words; `forms` are the office's, by the step's name in templates. `leaves` is the answer that the
    reporter would read if this party were let off.
    """

    duty: Duty
    status: StatusLabel
    live: bool
    late: bool
    left: str
    answer: Answer | None
    leaves: Answer | None = None
    links: list[AnswerLink] = field(default_factory=list)
    forms: dict[str, AsideForm] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    number: int
    parties: list[Party]


def parties(
    actor: Actor,
    case: Case,
    duties: Sequence[Duty],
    answers: Sequence[Answer],
    links: Mapping[int, list[AnswerLink]],
    calendar: Calendar,
) -> tuple[list[Party], list[Round]]:
    """Those of the present round, and the earlier rounds, the latest first."""
    by_duty = {answer.duty_id: answer for answer in answers}
    now = clock.now()

    def party(duty: Duty) -> Party:
        live = DutyStatus(duty.status) in LIVE
        return Party(
            duty,
            DUTY_STATUS[DutyStatus(duty.status)],
            live,
            late=live and _is_late(duty),
            left=left_words(duty.due_on, clock.today(), calendar) if live and duty.paused_on is None else "",
            answer=by_duty.get(duty.id),
            leaves=answer_left(duty, duties, answers) if live else None,
            links=[row for row in links.get(duty.id, []) if row.revoked_at is None and row.expires_at > now],
            forms=_forms(actor, case, duty),
        )

    present = [party(duty) for duty in duties if duty.round == case.round]
    earlier = sorted((duty for duty in duties if duty.round != case.round), key=lambda duty: (-duty.round, duty.id))
    rounds = [
        Round(number, [party(duty) for duty in of_round])
        for number, of_round in groupby(earlier, key=lambda duty: duty.round)
    ]
    return present, rounds


def late_parties(found: Sequence[Party]) -> list[Party]:
    return [party for party in found if party.late]


def _is_late(duty: Duty) -> bool:
    """Late now. A clock that stands still is late if it was when it was stopped."""
    return duty.due_on < (duty.paused_on or clock.today())


def _forms(actor: Actor, case: Case, duty: Duty) -> dict[str, AsideForm]:
    """What the office may do with the duty now."""
    found: dict[str, AsideForm] = {}
    for taken in duty_steps_for(actor, case, duty):
        step = ON_DUTY.get(taken)
        if step is not None:
            values: dict[str, Any] = {"days": OFFICE_DAYS} if step is DutyStep.EXTEND else {}
            found[step.key] = fresh_form(step, case, duty, values)
    return found
