"""Behind the scenes of a test through the pages: services are called in a context that is gone before the next request.

A context that stays pushed would be shared by the requests, and with it whoever was signed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest
from flask import Flask

from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from tests.cast.people import HOME, Cast

Found = TypeVar("Found")


@dataclass(frozen=True)
class Staged:
    """A case as plain values, to be used outside of any context."""

    id: int
    number: str
    version: int
    status: str
    slug: str

    @property
    def path(self) -> str:
        return f"/arenden/{self.slug}/{self.id}"


@dataclass
class Stage:
    """`ask` runs a function with the cast, `case` walks a case to a status, `work` does all waiting jobs."""

    app: Flask

    def ask(self, question: Callable[[Cast], Found]) -> Found:
        with self.app.app_context():
            answer = question(Cast(self.app))
            db.session.commit()
            return answer

    def case(self, status: CaseStatus = CaseStatus.ASSIGNED, slug: str = HOME, **changes: object) -> Staged:
        return self.ask(lambda cast: _staged(cast.reach(status, slug, **changes), slug))

    def look(self, case_id: int, slug: str = HOME) -> Staged:
        return self.ask(lambda _cast: _staged(db.session.get_one(Case, case_id), slug))

    def work(self) -> None:
        with self.app.app_context(), transaction():
            run_waiting_now()


def _staged(case: Case, slug: str) -> Staged:
    return Staged(case.id, case.number, case.version, case.status, slug)


@pytest.fixture
def stage(app: Flask) -> Stage:
    return Stage(app)
