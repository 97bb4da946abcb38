"""What waits for the office to look, because somebody may be named in it (P24): a report, or what was written later.

Finding it only. Holding it is the writing verb's matter, letting it through `casework.quarantine`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, CompoundSelect, select, union_all

from lexheller.cases.dialogue import Feedback, Occurrence, Question
from lexheller.cases.models import Case
from lexheller.core.db import db

Held = Question | Feedback | Occurrence
WORDS: tuple[type[Held], ...] = (Question, Feedback, Occurrence)
Row = TypeVar("Row", Question, Feedback, Occurrence)


def held_words(case: Case) -> list[Held]:
    """What reporters wrote on the case after the report that waits: questions' replies, feedback, occurrences; each
    kind in the order of its ids.
    """
    return [*_of(Question, case), *_of(Feedback, case), *_of(Occurrence, case)]


def waits_since(case: Case) -> datetime | None:
    """Since when anything of the case waits to be looked at; None when nothing does."""
    moments = [row.held_at for row in held_words(case)] + [case.held_at]
    return min((moment for moment in moments if moment is not None), default=None)


def holds_something(federation_id: int) -> ColumnElement[bool]:
    """Cases of the federation of which anything waits; each part of it is found by an index of its own."""
    return Case.id.in_(_ids(federation_id))


def _ids(federation_id: int) -> CompoundSelect[int]:
    reports = select(Case.id).where(Case.federation_id == federation_id, Case.held_at.is_not(None))
    words = (
        select(kind.case_id).where(kind.federation_id == federation_id, kind.held_at.is_not(None)) for kind in WORDS
    )
    return union_all(reports, *words)


def _of(kind: type[Row], case: Case) -> Sequence[Row]:
    held = select(kind).where(
        kind.federation_id == case.federation_id, kind.case_id == case.id, kind.held_at.is_not(None)
    )
    return db.session.scalars(held.order_by(kind.id)).all()
