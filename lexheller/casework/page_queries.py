"""What the case page reads of what is said around a case, each in one query."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lexheller.cases.dialogue import Feedback, Occurrence, Proposal, Question
from lexheller.cases.models import Case, Duty
from lexheller.core.db import db

OCCURRENCES_SHOWN = 20


def feedback_of(case_id: int) -> list[Feedback]:
    """What the reporter said afterwards, the latest first."""
    query = select(Feedback).where(Feedback.case_id == case_id)
    return list(db.session.scalars(query.order_by(Feedback.id.desc())))


def occurrences_of(case_id: int) -> tuple[int, list[Occurrence]]:
    """How many times it happened to others, and the latest of them."""
    count = db.session.scalar(select(func.count(Occurrence.id)).where(Occurrence.case_id == case_id)) or 0
    query = select(Occurrence).where(Occurrence.case_id == case_id)
    query = query.options(joinedload(Occurrence.reporting_organisation), joinedload(Occurrence.municipality))
    order = (Occurrence.held_at.is_(None), Occurrence.id.desc())  # what waits to be looked at first
    return count, list(db.session.scalars(query.order_by(*order).limit(OCCURRENCES_SHOWN)))


def questions_of(case_id: int) -> list[Question]:
    """All questions with the unit that asked, oldest first."""
    query = select(Question).where(Question.case_id == case_id)
    query = query.options(joinedload(Question.duty).joinedload(Duty.unit))
    return list(db.session.scalars(query.order_by(Question.id)))


def proposals_of(case_id: int) -> list[Proposal]:
    """All proposals with unit and theme, oldest first."""
    query = select(Proposal).where(Proposal.case_id == case_id)
    query = query.options(joinedload(Proposal.duty).joinedload(Duty.unit), joinedload(Proposal.theme))
    return list(db.session.scalars(query.order_by(Proposal.id)))


def numbers_with_ids(federation_id: int, case_ids: Collection[int]) -> dict[int, str]:
    """Diary numbers by case id, of this federation's cases alone."""
    query = select(Case.id, Case.number).where(Case.federation_id == federation_id, Case.id.in_(case_ids))
    return {row.id: row.number for row in db.session.execute(query)}
