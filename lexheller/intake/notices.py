"""Which messages the reporter's words cause: rows in the outbox, written with the step. Words: `messages`, and for what
the office must look at first `casework.messages`.
"""

from __future__ import annotations

from collections.abc import Iterable

from lexheller.accounts.models import User
from lexheller.accounts.queries import office_of, told_of_held
from lexheller.cases.answer_link import links_of, lives
from lexheller.cases.dialogue import Feedback, Occurrence, Question, Worked
from lexheller.cases.models import Case
from lexheller.cases.states import LIVE
from lexheller.core import clock, jobs
from lexheller.messaging.models import RecipientType
from lexheller.messaging.service import ask_each, ask_for

QUESTION_REPLIED = "intake.question_replied"
QUESTION_REPLIED_MANAGER = "intake.question_replied_manager"
NOT_SOLVED = "intake.not_solved"
NOT_BETTER = "intake.not_better"
HAPPENED_AGAIN = "intake.happened_again"
HELD = "casework.text_held"
HELD_JOB = "casework.look_after_held"


def tell_replied(case: Case, question: Question) -> None:
    """The office, and whoever has a living link to the duty that the question came from; these not before the office
    has looked at a reply in which somebody may be named.
    """
    if question.held_at is not None:
        tell_held(case, f"question:{question.id}")
        return
    _tell_office(QUESTION_REPLIED, f"replied:{question.id}", case)
    if question.duty is None or question.duty.status not in LIVE:
        return
    for link in links_of(question.duty.id):
        if lives(link):
            ask_for(
                QUESTION_REPLIED_MANAGER,
                key=f"replied:{question.id}:link:{link.id}",
                federation_id=case.federation_id,
                subject_id=case.id,
                recipient_type=RecipientType.LINK,
                recipient_id=link.id,
            )


def tell_not_solved(case: Case, feedback: Feedback) -> None:
    """The office has the case again, because the reporter says so; when somebody may be named in that, it is told to
    look, and finds the case by it.
    """
    if feedback.held_at is not None:
        tell_held(case, f"feedback:{feedback.id}")
        return
    _tell_office(NOT_SOLVED, f"not-solved:{feedback.id}", case)


def tell_follow_up(case: Case, feedback: Feedback) -> None:
    """The office, when it did not quite work out; what may name somebody waits for a look."""
    if feedback.held_at is not None:
        tell_held(case, f"feedback:{feedback.id}")
    elif feedback.worked != Worked.YES:
        _tell_office(NOT_BETTER, f"not-better:{feedback.id}", case)


def tell_occurrence(case: Case, occurrence: Occurrence) -> None:
    """It happened once more: the office is told, once a day for a case; what may name somebody waits for a look."""
    if occurrence.held_at is not None:
        tell_held(case, f"occurrence:{occurrence.id}")
        return
    _tell_office(HAPPENED_AGAIN, f"again:{case.id}:{clock.day_of(occurrence.received_at).isoformat()}", case)


def tell_held(case: Case, what: str) -> None:
    """Something waits for the office to look, because somebody may be named in it (P24): told now, and again when it
    stands long. `what` names it within the case.
    """
    _tell(told_of_held(case.federation_id), HELD, f"held:{case.id}:{what}", case)
    jobs.ask_for(HELD_JOB, federation_id=case.federation_id, subject_id=case.id, key=f"held:{case.id}:{what}")


def _tell_office(kind: str, key: str, case: Case) -> None:
    _tell(office_of(case.federation_id), kind, key, case)


def _tell(users: Iterable[User], kind: str, key: str, case: Case) -> None:
    ask_each(kind, [user.id for user in users], key=key, federation_id=case.federation_id, subject_id=case.id)
