"""What the reporter does after sending: replies to a question, says that it was not solved, tells how it worked out.

The receipt code or the mailed link is the authority; who it is, nobody learns. Each verb does its work once: the same
words again change nothing. Stops at mails' words: `messages`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lexheller.accounts.rights import REPORTER
from lexheller.cases import conclusions, door, reporter_link, search
from lexheller.cases.dialogue import Feedback, FeedbackKind, Question, Worked
from lexheller.cases.models import Case
from lexheller.cases.queries import live_duties, shared_answers
from lexheller.cases.states import CaseStatus, Step
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import HELD
from lexheller.intake import notices
from lexheller.intake.doubtful import held_at
from lexheller.intake.following import TOLD, Followed, follow_up_of, is_asked_how_it_went, may_object
from lexheller.privacy.refusal import refuse_identity_numbers


def reply(case: Case, question: Question, text: str, *, looked: bool = False) -> Question:
    """Reply to the question that waits; the clocks go on, and office and asking manager are told. What may name
    somebody waits for the office to look: until then only the office is told, and the clocks stand still (P24).

    Raises InvalidInput: `required`, `not_asked` (of another case), `withdrawn`, `replied_already` (with other words),
    and on `looked` (`doubtful`).
    """
    _require(text)
    door.hold(case)
    db.session.refresh(question)
    if question.case_id != case.id:
        raise InvalidInput("text", "not_asked")
    if question.replied_at is not None:
        if question.reply == text:
            return question
        raise InvalidInput("text", "replied_already")
    if question.withdrawn_at is not None or case.status == CaseStatus.CLOSED:
        raise InvalidInput("text", "withdrawn")
    question.held_at = held_at(case.federation_id, text, looked=looked)
    question.reply, question.replied_at = text, clock.now()
    db.session.flush()
    data = {"question_id": question.id, **({HELD: True} if question.held_at is not None else {})}
    door.take(REPORTER, Step.REPLY, case, seen=case.version, data=data)
    for duty in live_duties(case.id):
        clocks.resume(duty)
    notices.tell_replied(case, question)
    return question


def say_not_solved(followed: Followed, text: str, *, looked: bool = False) -> Feedback:
    """An answered or closed case is the coordinator's again, with the reporter's reason. What was concluded stays as a
    note. A reason that may name somebody waits for the office to look (P24).

    Raises InvalidInput: `required`, `not_now` (nothing was answered or closed), `too_late`, and on `looked`
    (`doubtful`).
    """
    case = followed.now
    _require(text)
    door.hold(case)
    if case.status not in TOLD:
        last = _last_objection(case)
        if last is not None and last.text == text:
            return last
        raise InvalidInput("text", "not_now")
    if not may_object(case):
        raise InvalidInput("text", "too_late")
    held = held_at(case.federation_id, text, looked=looked)
    feedback = _written(case, FeedbackKind.NOT_SOLVED, text, held)
    changes = conclusions.CLEARED if case.status == CaseStatus.CLOSED else {}
    if changes:
        conclusions.keep(case)
    data = {"feedback_id": feedback.id}
    if not followed.is_own:
        data["from_case_id"] = followed.own.id
    door.take(REPORTER, Step.NOT_SOLVED, case, seen=case.version, changes=changes, data=data)
    search.index(case, case.report, shared_answers(case.id))
    notices.tell_not_solved(case, feedback)
    return feedback


def tell_how_it_went(followed: Followed, worked: Worked, text: str, *, looked: bool = False) -> Feedback:
    """The answer to the one question some weeks after closing; the first that is given counts. Words that may name
    somebody wait for the office to look (P24).

    Raises InvalidInput: `not_asked`, and on `looked` (`doubtful`).
    """
    case = followed.now
    refuse_identity_numbers(text=text)
    door.hold(case)
    before = follow_up_of(case)
    if followed.is_own and before is not None:
        return before
    if not is_asked_how_it_went(followed):
        raise InvalidInput("worked", "not_asked")
    held = held_at(case.federation_id, text, looked=looked)
    feedback = _written(case, FeedbackKind.FOLLOW_UP, text, held, worked)
    door.take(REPORTER, Step.FOLLOW_UP, case, seen=case.version, data={"feedback_id": feedback.id})
    notices.tell_follow_up(case, feedback)
    return feedback


def stop_mail(followed: Followed) -> None:
    """What was mailed to this reporter stops working, and nothing more is mailed, wherever the report went on. Twice is
    once.
    """
    door.hold(*followed.theirs)
    for case in followed.theirs:
        reporter_link.close(REPORTER, case)


def _require(text: str) -> None:
    if not text:
        raise InvalidInput("text", "required")
    refuse_identity_numbers(text=text)


def _written(
    case: Case, kind: FeedbackKind, text: str, held: datetime | None, worked: Worked | None = None
) -> Feedback:
    feedback = Feedback(
        federation_id=case.federation_id,
        case_id=case.id,
        kind=kind,
        worked=worked,
        text=text,
        given_at=clock.now(),
        held_at=held,
    )
    db.session.add(feedback)
    db.session.flush()
    return feedback


def _last_objection(case: Case) -> Feedback | None:
    query = select(Feedback).where(Feedback.case_id == case.id, Feedback.kind == FeedbackKind.NOT_SOLVED)
    return db.session.scalar(query.order_by(Feedback.id.desc()).limit(1))
