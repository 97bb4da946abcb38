"""Where a fault or an action stood at the end of a day."""

from __future__ import annotations

from datetime import date

from lexheller.actions.states import ACTION_TRANSITIONS, ActionStatus, ActionStep
from lexheller.statistics.courses import Turn, course

PLANNED = ["2024-11-01", Turn.STATUS, ActionStatus.PLANNED]
DONE = ["2024-12-20", Turn.STATUS, ActionStatus.DONE]
TAKEN_BACK = ["2025-01-11", Turn.STATUS, ActionStatus.UNDER_WAY]
NEW_YEAR = date(2024, 12, 31)


def test_what_was_not_done_after_all_was_not_done_on_any_day() -> None:
    assert course([PLANNED, DONE], NEW_YEAR).status == ActionStatus.DONE
    back = course([PLANNED, DONE, TAKEN_BACK], NEW_YEAR)
    assert (back.status, back.since) == (ActionStatus.PLANNED, date(2024, 11, 1))
    assert course([DONE, TAKEN_BACK], NEW_YEAR).status is None
    assert course([PLANNED, DONE, TAKEN_BACK], date(2025, 1, 11)).status == ActionStatus.UNDER_WAY


def test_what_is_done_again_was_done_on_the_latter_day_alone() -> None:
    again = [PLANNED, DONE, TAKEN_BACK, ["2025-02-05", Turn.STATUS, ActionStatus.DONE]]
    assert course(again, NEW_YEAR).status == ActionStatus.PLANNED
    assert course(again, date(2025, 12, 31)).since == date(2025, 2, 5)


def test_a_day_of_doing_that_was_put_right_stands_in_its_place() -> None:
    moved = [PLANNED, DONE, ["2025-01-08", Turn.STATUS, ActionStatus.DONE]]
    assert course(moved, date(2025, 12, 31)).since == date(2025, 1, 8)


def test_what_is_done_gets_another_status_only_when_it_is_taken_back() -> None:
    """`course` reads any other status after `done` so."""
    leaving = {
        step
        for step, one in ACTION_TRANSITIONS.items()
        if ActionStatus.DONE in one.from_statuses and one.to not in (None, ActionStatus.DONE)
    }
    assert leaving == {ActionStep.REOPEN}


def test_what_was_judged_of_a_doing_that_was_none_was_never_judged() -> None:
    judged = ["2024-12-28", Turn.JUDGED, "worked"]
    assert course([DONE, judged], NEW_YEAR).judgements == ((date(2024, 12, 28), "worked"),)
    assert course([DONE, judged, TAKEN_BACK], NEW_YEAR).judgements == ()
    again = [DONE, judged, TAKEN_BACK, ["2025-02-05", Turn.STATUS, ActionStatus.DONE]]
    assert course(again, date(2025, 12, 31)).judgements == ()
    assert course([*again, ["2025-03-01", Turn.JUDGED, "partly"]], date(2025, 12, 31)).judgements == (
        (date(2025, 3, 1), "partly"),
    )
