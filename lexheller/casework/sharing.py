"""When an answer becomes the reporter's to read: at the moment the case counts as answered, and not before."""

from __future__ import annotations

from collections.abc import Sequence

from lexheller.cases import search
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.queries import given_answers, shared_answers
from lexheller.cases.states import CaseStatus, DutyStatus, derived
from lexheller.casework import notices
from lexheller.core import clock
from lexheller.core.db import db


def answer_left(duty: Duty, duties: Sequence[Duty], answers: Sequence[Answer]) -> Answer | None:
    """What the reporter would be given to read if nobody needed this duty's answer: the one that would be left alone.

    `duties` and `answers` are the case's. None when nothing new would be shared.
    """
    others = {row.id: row for row in duties if row.round == duty.round and row.id != duty.id}
    if derived(DutyStatus(row.status) for row in others.values()) is not CaseStatus.ANSWERED:
        return None
    return next((answer for answer in answers if answer.duty_id in others and answer.shared_at is None), None)


def share_if_answered(case: Case) -> None:
    """After a step on a duty: if the case is answered now, its one answer is shared and everybody told."""
    if case.status != CaseStatus.ANSWERED:
        return
    of_round = [
        answer
        for answer in given_answers(case.id)
        if answer.duty is not None and answer.duty.round == case.round and answer.shared_at is None
    ]
    for answer in of_round:
        share(case, answer)


def share(case: Case, answer: Answer) -> None:
    """The reporter may read this answer from now on, and is told; so is the office."""
    answer.shared_at = clock.now()
    db.session.flush()
    notices.tell_reporter(case, "answered")
    notices.tell_office_answered(case)


def index(case: Case) -> None:
    """Make the case findable by what it says now. One party's answer tells another nothing until it is shared."""
    search.index(case, case.report, shared_answers(case.id))
