"""Facts of cases: written with each event, made again from the log, and made up for cases that are older than they."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lexheller.action_reports.compiling import compiled
from lexheller.cases import door
from lexheller.cases.fact_models import CaseFact
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import asking, closing
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.statistics import facts
from lexheller.statistics.milestones import What, standing
from tests.cast.people import Cast
from tests.integration.statistics.stored import all_columns

MORNING = datetime(2024, 3, 4, 9, tzinfo=UTC)


def closed_and_opened_again(cast: Cast) -> int:
    """Received on a Monday, answered and closed two days later, opened again in the next year."""
    with clock.at(MORNING):
        case = cast.reach(CaseStatus.ASSIGNED)
    with clock.at(MORNING + timedelta(days=2)), transaction():
        cast.answer(case)
        cast.close(case)
    with clock.at(MORNING + timedelta(days=400)), transaction():
        closing.reopen(cast.coordinator, case, seen=case.version)
    return case.id


def what_happened(fact: CaseFact) -> list[tuple[str, str]]:
    return [(what, on) for on, what, _detail in fact.milestones]


def test_p28_a_fact_tells_each_day_and_what_came_later_is_left_out(cast):
    fact = db.session.get(CaseFact, closed_and_opened_again(cast))
    assert what_happened(fact) == [
        (What.SENT, "2024-03-04"),
        (What.ANSWER, "2024-03-06"),
        (What.ANSWERED, "2024-03-06"),
        (What.CLOSED, "2024-03-06"),
        (What.REOPENED, "2025-04-08"),
    ]
    then, now = standing(fact.milestones, date(2024, 12, 31)), standing(fact.milestones, date(2025, 12, 31))
    assert (then.closed_on, then.close_reason, then.reopened) == (date(2024, 3, 6), str(CloseReason.SOLVED), 0)
    assert (now.closed_on, now.answered_on, now.reopened) == (None, date(2024, 3, 6), 1)
    assert then.answers_in_time == then.answers == 1


def test_p28_an_answer_while_the_reporter_is_asked_is_in_time(cast):
    """The clock stands still meanwhile, and its day is moved only after the answer."""
    with clock.at(MORNING):
        case = cast.reach(CaseStatus.ACCEPTED)
    duty = cast.duty(case)
    with clock.at(MORNING + timedelta(days=1)), transaction():
        asking.ask_reporter(cast.manager_of(duty), case, "Vilken dag var det?", duty=duty, seen=case.version)
    with clock.at(MORNING + timedelta(days=60)), transaction():
        cast.answer(case)
    report = compiled(cast.federation(), 2024)
    assert report["numbers"]["answers_in_time"] == {"value": 1, "of": 1}


def test_p28_a_mistaken_merge_taken_apart_is_no_reopening(cast):
    with clock.at(MORNING):
        case, other = cast.reach(CaseStatus.ASSIGNED), cast.reach(CaseStatus.ASSIGNED)
        with transaction():
            closing.merge(cast.coordinator, case, other, seen=case.version)
        with transaction():
            closing.reopen(cast.coordinator, case, seen=case.version)
    report = compiled(cast.federation(), 2024)
    assert (report["numbers"]["reopened"]["value"], report["closed"]) == (0, 0)


def test_p28_a_case_touched_between_upgrade_and_noting_loses_nothing(cast, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(door, "FACTS", "not_yet")
        before.setattr(door, "DUTY", "not_yet_either")
        with clock.at(MORNING):
            case = cast.reach(CaseStatus.ANSWERED)
    with clock.at(MORNING + timedelta(days=3)), transaction():
        cast.close(case)
    assert facts.facts_of_federation(case.federation_id)["case"] == {}
    for _time in range(2):
        with transaction():
            facts.note_missing(case.federation_id)
    assert compiled(cast.federation(), 2024)["numbers"]["answers_in_time"] == {"value": 1, "of": 1}
    written = all_columns(facts.facts_of_federation(case.federation_id))
    assert set(written["case"]) == {case.id}
    assert all_columns(facts.rebuilt(case.federation_id)) == written


def test_p29_what_happens_after_the_cut_off_changes_no_figure_of_the_year(cast):
    with clock.at(MORNING):
        case = cast.reach(CaseStatus.ANSWERED)
    before = compiled(cast.federation(), 2024)
    with clock.at(datetime(2025, 1, 1, 9, tzinfo=UTC)), transaction():
        cast.close(case)
    assert compiled(cast.federation(), 2024) == before
    later = compiled(cast.federation(), 2024, date(2025, 1, 31))
    assert (before["closed"], later["closed"]) == (0, 1)
    assert later["hash"] != before["hash"]


def test_p28_cases_from_before_there_were_facts_are_noted_once_and_counted_alike(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as before:
        before.setattr(door, "FACTS", "not_yet")
        before.setattr(door, "DUTY", "not_yet_either")
        old = closed_and_opened_again(cast)
        with clock.at(MORNING):
            cast.reach(CaseStatus.ANSWERED)
    federation_id = cast.federation().id
    assert facts.facts_of_federation(federation_id)["case"] == {}
    with clock.at(MORNING + timedelta(days=500)), transaction():
        assert facts.note_missing(federation_id) == 2
    with transaction():
        assert facts.note_missing(federation_id) == 0
    fact = db.session.get(CaseFact, old)
    assert what_happened(fact) == [
        (What.SENT, "2024-03-04"),
        (What.ANSWERED, "2024-03-06"),
        (What.CLOSED, "2024-03-06"),
        (What.REOPENED, "2025-04-08"),
        (What.ANSWER, "2024-03-06"),
    ]
    report = compiled(cast.federation(), 2024)
    assert (report["received"], report["numbers"]["answers_in_time"]) == (2, {"value": 2, "of": 2})
    assert all_columns(facts.rebuilt(federation_id)) == all_columns(facts.facts_of_federation(federation_id))
