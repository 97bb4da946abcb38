"""In which order rows are held, so that two people at once wait for each other in a line and never in a ring.

What is asked of the database is looked at, as PostgreSQL would be told it; SQLite lets one write at a time anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState, Session

from lexheller.cases.states import CaseStatus
from lexheller.casework import answering, asking, beside, closing, handing_over
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.deadlines.schedule import local_moment
from lexheller.deadlines.service import recalculate_now
from lexheller.deadlines.sweep import fire_due
from tests.cast.people import ANSWER, ELSEWHERE

HOLDS_CASES = "FROM case_file WHERE case_file.id IN"


def as_said(state: ORMExecuteState) -> str:
    """Nothing for an insert: it holds what nobody knows of yet. Of cases that are held, with their ids."""
    if state.is_insert:
        return ""
    words = " ".join(str(state.statement.compile(dialect=postgresql.dialect())).split())
    if HOLDS_CASES not in words or " FOR " not in words:
        return words
    whole = state.statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    return " ".join(str(whole).split())


@contextmanager
def listened() -> Iterator[list[str]]:
    """What is read with a lock, and what is written, in order."""
    said: list[str] = []

    def hear(state: ORMExecuteState) -> None:
        words = as_said(state)
        if " FOR " in words or state.is_update:
            said.append(words)

    def hear_rows(session: Session, *_more: object) -> None:
        changed = [row for row in [*session.new, *session.dirty] if session.is_modified(row)]
        said.extend(f"WRITES {type(row).__name__}" for row in changed)

    event.listen(Session, "do_orm_execute", hear)
    event.listen(Session, "before_flush", hear_rows)
    try:
        yield said
    finally:
        event.remove(Session, "do_orm_execute", hear)
        event.remove(Session, "before_flush", hear_rows)


def place(said: list[str], words: str) -> int:
    return next(number for number, each in enumerate(said) if words in each)


def assert_cases_first(said: list[str]) -> None:
    assert HOLDS_CASES in said[0], said[:3]
    assert "ORDER BY case_file.id FOR NO KEY UPDATE" in said[0]
    assert place(said, "FROM chain_head") > 0


def test_a_case_is_held_so_that_rows_that_point_at_it_hold_nobody_up(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    with listened() as said, transaction():
        duty = cast.duty(case)
        answering.answer(cast.manager_of(duty), case, duty, dict(ANSWER), seen=duty.version)
        beside.write_note(cast.coordinator, case, "Ring kontoret.")
    held = [each for each in said if "FROM case_file" in each and " FOR " in each]
    assert held
    assert all(each.endswith("FOR NO KEY UPDATE") for each in held)


@pytest.mark.parametrize("step", ["ask", "take back", "offer", "call off", "decline"])
def test_p13_what_belongs_to_a_case_is_written_after_the_case_is_held(cast, step):
    case = cast.reach(CaseStatus.ASSIGNED)
    there = cast.federation(ELSEWHERE)
    question = offer = None
    with transaction():
        if step == "take back":
            question = asking.ask_reporter(cast.coordinator, case, "Vilket kontor?", seen=case.version)
        if step in {"call off", "decline"}:
            offer = handing_over.offer(cast.coordinator, case, there, "Skäl.", "Text.", seen=case.version)
    verbs = {
        "ask": lambda: asking.ask_reporter(cast.coordinator, case, "Vilket kontor?", seen=case.version),
        "take back": lambda: asking.withdraw_question(cast.coordinator, case, question, seen=case.version),
        "offer": lambda: handing_over.offer(cast.coordinator, case, there, "Skäl.", "Text.", seen=case.version),
        "call off": lambda: handing_over.call_off(cast.coordinator, case, offer, seen=case.version),
        "decline": lambda: handing_over.decline(cast.outsider, offer, "Inte vårt."),
    }
    with listened() as said, transaction():
        verbs[step]()
    assert_cases_first(said)


def test_p04_both_cases_are_held_before_they_are_put_together(cast):
    """Else two who merge them into each other at once would end both."""
    case, into = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.ASSIGNED)
    with listened() as said, transaction():
        closing.merge(cast.coordinator, case, into, seen=case.version)
    assert_cases_first(said)
    first = re.search(r"case_file\.id IN \(([\d, ]+)\)", said[0])
    assert first is not None
    assert {int(held) for held in first[1].split(",")} == {case.id, into.id}


def test_two_federations_events_are_written_in_one_order(cast):
    """Two that hand over to each other at once take the chains alike."""
    case = cast.reach(CaseStatus.ASSIGNED)
    with transaction():
        offer = handing_over.offer(
            cast.coordinator, case, cast.federation(ELSEWHERE), "Skäl.", "Text.", seen=case.version
        )
    taken: list[int] = []

    def hear(state: ORMExecuteState) -> None:
        words = as_said(state)
        if "FROM chain_head" in words and " FOR " in words:
            taken.extend(state.statement.compile().params.values())

    event.listen(Session, "do_orm_execute", hear)
    try:
        with transaction():
            handing_over.take_over(cast.outsider, offer)
    finally:
        event.remove(Session, "do_orm_execute", hear)
    firsts = list(dict.fromkeys(taken))
    assert firsts == sorted({offer.federation_id, offer.to_federation_id})


@pytest.mark.parametrize("work", ["fire", "recalculate"])
def test_p09_the_sweep_holds_the_cases_before_it_touches_their_clocks(cast, work):
    """Whoever answers at that moment is waited for, and is then not reminded."""
    case = cast.reach(CaseStatus.ASSIGNED)
    late = local_moment(cast.duty(case).due_on + timedelta(days=7), datetime.min.time().replace(hour=10))
    while late.astimezone(clock.SWEDEN).weekday() != 2:
        late += timedelta(days=1)
    db.session.rollback()
    with clock.at(late), listened() as said, transaction():
        if work == "fire":
            assert fire_due(case.federation_id) > 0
        else:
            recalculate_now(case.federation_id)
    assert HOLDS_CASES in said[0], said[:3]
    assert said[0].endswith("FOR NO KEY UPDATE")
