"""What others have said in the case, as far as a responsible manager may know it: shared answers, questions, replies,
why units before sent it back, and why the reporter found it not solved. Without names, drafts and internal notes.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from lexheller.cases.dialogue import Feedback, FeedbackKind, Question
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.queries import duties, given_answers
from lexheller.cases.states import LIVE, DutyStatus
from lexheller.casework.asking import questions
from lexheller.core.db import db


def said_by_others(case: Case, duty: Duty) -> dict[str, Any]:
    """`other_answers`, `dialogue`, `returned`, `not_solved` and `also_asked` for the page of a duty."""
    everybody = duties(case.id)
    return {
        "other_answers": [_answer(answer) for answer in given_answers(case.id) if _is_known(answer, duty)],
        "dialogue": [_question(row, duty) for row in questions(case.id) if row.withdrawn_at is None],
        "returned": [row for row in everybody if row.status == DutyStatus.RETURNED and row.id != duty.id],
        "not_solved": _not_solved(case),
        "also_asked": [
            f"{row.unit.name} ({row.unit.organisation.name})"
            for row in everybody
            if row.id != duty.id and row.round == duty.round and _counts(row)
        ],
    }


def _is_known(answer: Answer, duty: Duty) -> bool:
    """What everybody in the case may read: the unit's own from before, and what is shared. What another party has
    answered is the office's until then, so that each answers for its own part.
    """
    if answer.duty is None:
        return answer.shared_at is not None or not answer.joint
    return answer.duty_id != duty.id and (answer.shared_at is not None or answer.duty.unit_id == duty.unit_id)


def _answer(answer: Answer) -> dict[str, Any]:
    if answer.duty is not None:
        title = _("Svar från %(unit)s", unit=answer.duty.unit.name)
    else:
        title = _("Förbundets samlade svar") if answer.joint else _("Svar")
    return {"title": title, "answer": answer}


def _question(row: Question, duty: Duty) -> dict[str, Any]:
    """The one who asks is an office or a unit, the one who replies is nobody but the reporter."""
    if row.duty_id == duty.id:
        title = _("Er fråga till anmälaren")
    elif row.duty is not None:
        title = _("Fråga till anmälaren från %(unit)s", unit=row.duty.unit.name)
    else:
        title = _("Samordnarens fråga till anmälaren")
    return {"title": title, "question": row}


def _not_solved(case: Case) -> list[Feedback]:
    """The reporter's reasons, oldest first. What the reporter says at the follow-up is for the office alone."""
    query = select(Feedback).where(
        Feedback.case_id == case.id, Feedback.kind == FeedbackKind.NOT_SOLVED, Feedback.held_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Feedback.id)))


def _counts(row: Duty) -> bool:
    return DutyStatus(row.status) in LIVE or row.status == DutyStatus.ANSWERED
