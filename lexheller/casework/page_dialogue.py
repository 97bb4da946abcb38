"""What is said around a case, as the office sees it: questions, notes, proposals, feedback, who asked who it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lexheller.accounts.queries import names_of
from lexheller.accounts.rights import Actor
from lexheller.cases.dialogue import FeedbackKind, Handover
from lexheller.cases.models import Case
from lexheller.casework import page_queries
from lexheller.casework.asking import can_be_asked, open_question
from lexheller.casework.beside import notes_for, openings


def values(actor: Actor, case: Case, offers: Sequence[Handover]) -> dict[str, Any]:
    """For the templates of the page; for somebody who sees the whole case."""
    questions = page_queries.questions_of(case.id)
    proposals = page_queries.proposals_of(case.id)
    opened = openings(case.id)
    feedback = page_queries.feedback_of(case.id)
    count, latest = page_queries.occurrences_of(case.id)
    moments = [case.held_at, *(row.held_at for row in questions), *(row.held_at for row in feedback)]
    moments += [row.held_at for row in latest]
    return {
        "questions": questions,
        "question_waits": next((row for row in questions if not row.replied_at and not row.withdrawn_at), None),
        "notes": notes_for(actor, case),
        "proposals_open": [row for row in proposals if row.settled_at is None],
        "proposals_settled": [row for row in proposals if row.settled_at is not None],
        "openings": opened,
        "opened_by": names_of({row.user_id for row in opened}),
        "not_solved": [row for row in feedback if row.kind == FeedbackKind.NOT_SOLVED],
        "waits_for_a_look": any(moments),
        "follow_up": next((row for row in feedback if row.kind == FeedbackKind.FOLLOW_UP), None),
        "occurrence_count": count,
        "occurrences": latest,
        "offers": offers,
        "offer": next((row for row in offers if row.decision is None), None),
    }


def asked_and_askable(case: Case) -> tuple[bool, bool]:
    """Whether a question waits for the reporter, and whether there is a way to reach them."""
    return open_question(case.id) is not None, can_be_asked(case)
