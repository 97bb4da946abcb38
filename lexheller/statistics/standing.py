"""Whether figures can do without a case, a fault or an action: it has a fact, which says what the event log says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lexheller.actions.models import Action
from lexheller.cases.models import Case
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.statistics.action_facts import ACTIONS
from lexheller.statistics.book import Book
from lexheller.statistics.case_facts import CASES
from lexheller.statistics.facts import facts_of_federation, rebuilt
from lexheller.statistics.fault_facts import FAULTS


def cases_without_equal_fact(federation_id: int) -> set[int]:
    """The federation's cases that would be missed by a figure, were they deleted."""
    return _without_equal_fact(federation_id, CASES, Case)


def faults_without_equal_fact(federation_id: int) -> set[int]:
    return _without_equal_fact(federation_id, FAULTS, Fault)


def actions_without_equal_fact(federation_id: int) -> set[int]:
    return _without_equal_fact(federation_id, ACTIONS, Action)


def _without_equal_fact(federation_id: int, book: Book[Any], model: Any) -> set[int]:
    told, kept = rebuilt(federation_id)[book.noun], facts_of_federation(federation_id)[book.noun]
    names = [column.key for column in book.model.__table__.columns]
    equal = {
        subject_id
        for subject_id in told.keys() & kept.keys()
        if all(getattr(told[subject_id], name) == getattr(kept[subject_id], name) for name in names)
    }
    return set(db.session.scalars(select(model.id).where(model.federation_id == federation_id))) - equal
