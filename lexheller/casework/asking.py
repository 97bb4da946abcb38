"""Questions to the reporter. The mail says that one waits; who the reporter is, the asking manager never learns.

While a question waits, the clocks stand still, but not for ever: the reporter is reminded once, and when nobody has
replied by then the clocks go on. The reply is the reporter's verb, in `intake`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.cases import door
from lexheller.cases.dialogue import Handover, Question
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import live_duties
from lexheller.cases.reporter_link import living_contact
from lexheller.cases.states import CaseStatus, Step
from lexheller.casework import notices
from lexheller.core import clock, jobs, tenancy
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.schedule import local_moment
from lexheller.deadlines.settings import at_clock
from lexheller.privacy.refusal import refuse_identity_numbers

QUESTION_JOB = "casework.look_after_question"
REMIND_DAYS = 5
"""Working days after which the reporter is told once more that a question waits."""
LONGEST_DAYS = 15
"""Working days after which the clocks go on without a reply."""


def ask_reporter(actor: Actor, case: Case, text: str, *, duty: Duty | None = None, seen: int) -> Question:
    """Ask; `duty` is the asking manager's. Raises InvalidInput when one waits already or nobody can be asked."""
    if not text:
        raise InvalidInput("text", "required")
    refuse_identity_numbers(text=text)
    door.hold(case)
    if open_question(case.id) is not None:
        raise InvalidInput("text", "question_waits")
    if not can_be_asked(case):
        raise InvalidInput("text", "nobody_to_ask")
    question = Question(
        federation_id=case.federation_id,
        case_id=case.id,
        duty_id=duty.id if duty else None,
        asked_by_user_id=actor.user_id,
        asked_at=clock.now(),
        text=text,
    )
    db.session.add(question)
    db.session.flush()
    door.take(actor, Step.ASK_REPORTER, case, duty=duty, seen=seen, data={"question_id": question.id})
    for waiting in live_duties(case.id):
        clocks.pause(waiting, clock.today())
    notices.tell_reporter(case, "question")
    jobs.ask_for(
        QUESTION_JOB,
        federation_id=case.federation_id,
        subject_id=question.id,
        key=f"question:{question.id}",
        due_at=_morning(question, REMIND_DAYS),
    )
    return question


def withdraw_question(actor: Actor, case: Case, question: Question, *, duty: Duty | None = None, seen: int) -> None:
    """No reply is needed any longer: the clocks go on."""
    door.hold(case)
    db.session.refresh(question)
    if question.case_id != case.id or question.replied_at is not None or question.withdrawn_at is not None:
        raise InvalidInput("question", "not_open")
    question.withdrawn_at = clock.now()
    db.session.flush()
    door.take(actor, Step.WITHDRAW_QUESTION, case, duty=duty, seen=seen, data={"question_id": question.id})
    for waiting in live_duties(case.id):
        clocks.resume(waiting)


def look_after_question(question_id: int) -> jobs.Postponed | None:
    """The job of a question: remind the reporter once, later let the clocks go on. A reply or its end ends the job."""
    question = db.session.get_one(Question, question_id)
    case = db.session.get_one(Case, question.case_id)
    door.hold(case)
    db.session.refresh(question)
    waits = question.replied_at is None and question.withdrawn_at is None and question.stopped_waiting_at is None
    if not waits or case.status == CaseStatus.CLOSED:
        return None
    remind_at, end_at = _morning(question, REMIND_DAYS), _morning(question, LONGEST_DAYS)
    if clock.now() < remind_at:
        return jobs.Postponed(remind_at)
    if clock.now() < end_at:
        notices.tell_reporter(case, "question_waits", once=f"{question.id}")
        return jobs.Postponed(end_at)
    _stop_waiting(case, question)
    return None


def _stop_waiting(case: Case, question: Question) -> None:
    question.stopped_waiting_at = clock.now()
    db.session.flush()
    door.take(SYSTEM, Step.STOP_WAITING, case, seen=case.version, data={"question_id": question.id})
    for waiting in live_duties(case.id):
        clocks.resume(waiting)
    notices.tell_office_unanswered(case, question)


def _morning(question: Question, days: int) -> datetime:
    """The hour of the digest, so many working days after the question was asked; it moves with the calendar."""
    frame = frame_of(question.federation_id)
    day = add_working_days(clock.day_of(question.asked_at), days, frame.calendar)
    return local_moment(day, at_clock(frame.settings.digest_at))


def open_question(case_id: int) -> Question | None:
    """The question that waits for the reporter, if any."""
    query = select(Question).where(
        Question.case_id == case_id, Question.replied_at.is_(None), Question.withdrawn_at.is_(None)
    )
    return db.session.scalar(query)


def questions(case_id: int) -> list[Question]:
    """All questions of the case, oldest first."""
    return list(db.session.scalars(select(Question).where(Question.case_id == case_id).order_by(Question.id)))


def can_be_asked(case: Case) -> bool:
    """Whether the reporter can read a question: by receipt code, or by a mailed link.

    The code of a report that another federation handed over leads on to the case here.
    """
    if case.report.receipt_code_hash is not None or living_contact(case) is not None:
        return True
    with tenancy.looking_up():
        before = db.session.scalar(select(Handover).where(Handover.new_case_id == case.id))
        return before is not None and can_be_asked(before.case)
