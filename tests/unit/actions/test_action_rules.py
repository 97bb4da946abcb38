"""The measure of an action's effect and the days of its follow-ups, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from lexheller.actions.labels import measure_words
from lexheller.actions.rules import (
    LONGEST_WINDOW_MONTHS,
    Measure,
    follow_up_days,
    measure_of,
    measured,
    months_between,
    window,
)
from lexheller.actions.states import ACTION_TRANSITIONS, LIVE, ActionStatus, ActionStep, action_steps_from
from lexheller.core.months import add_months

DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))


@given(DAYS, st.integers(-200, 200))
def test_a_month_more_and_a_month_less_is_the_same_month(day, months):
    moved = add_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day <= day.day


@given(DAYS, st.integers(0, 4000))
def test_as_many_months_as_have_passed_whole(first, days):
    last = first + timedelta(days=days)
    months = months_between(first, last)
    assert add_months(first, months) <= last < add_months(first, months + 1)


def test_months_at_the_end_of_a_month_and_on_leap_day():
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert months_between(date(2024, 2, 29), date(2025, 2, 28)) == 12
    assert months_between(date(2026, 3, 15), date(2026, 3, 1)) == 0
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@given(DAYS, st.integers(0, 1500))
def test_both_windows_have_equally_many_months_and_touch_each_other(action_on, days):
    found = window(action_on, action_on + timedelta(days=days))
    if found is None:
        assert add_months(action_on, 1) > action_on + timedelta(days=days)
        return
    assert 1 <= found.months <= LONGEST_WINDOW_MONTHS
    assert found.before_to + timedelta(days=1) == found.after_from == action_on
    assert found.before_from == add_months(action_on, -found.months)
    assert found.after_to + timedelta(days=1) == add_months(action_on, found.months)


@given(DAYS, st.integers(31, 1500), st.lists(st.integers(-800, 800), max_size=60))
def test_every_report_in_the_window_is_counted_once_on_its_own_side(action_on, passed, offsets):
    today = action_on + timedelta(days=passed)
    days = [action_on + timedelta(days=offset) for offset in offsets]
    found = measured(days, action_on, today)
    where = window(action_on, today)
    assert found is not None
    assert where is not None
    assert found.before_sum == sum(where.before_from <= day <= where.before_to for day in days)
    assert found.after_sum == sum(where.after_from <= day <= where.after_to for day in days)
    assert len(found.before) == len(found.after) == found.months
    assert measure_of(found.as_values()) == found


def test_the_day_of_the_action_counts_as_after_it():
    on = date(2026, 3, 10)
    found = measured([on, on - timedelta(days=1)], on, date(2026, 9, 10))
    assert (found.before, found.after) == ((0, 0, 0, 0, 0, 1), (1, 0, 0, 0, 0, 0))


def test_there_is_nothing_to_count_before_a_month_has_passed():
    assert measured([], date(2026, 3, 10), date(2026, 4, 9)) is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (3, 0, "3 före, 0 efter; för få för att vara säker"),
        (0, 0, "0 före, 0 efter; för få för att vara säker"),
        (9, 0, "9 före, 0 efter; för få för att vara säker"),
        (12, 4, "12 före, 4 efter: en tredjedel"),
        (10, 0, "10 före, 0 efter: inga kom efter"),
        (0, 12, "0 före, 12 efter: inga före, så det har inte minskat"),
        (12, 12, "12 före, 12 efter: lika många"),
        (12, 5, "12 före, 5 efter: 42 procent av antalet före"),
        (8, 12, "8 före, 12 efter: 50 procent fler"),
    ],
)
def test_small_numbers_are_said_honestly_and_large_ones_with_both_sides(before, after, said):
    app = Flask(__name__)
    Babel(app, default_locale="sv")
    with app.test_request_context(), force_locale("sv"):
        assert measure_words(Measure(1, (before,), (after,))) == said


def test_the_ratio_is_none_where_nothing_came_before():
    assert Measure(1, (0,), (4,)).ratio is None
    assert Measure(2, (2, 2), (1, 0)).ratio == Fraction(1, 4)


def test_follow_ups_come_half_a_year_and_a_year_on():
    on = date(2026, 8, 31)
    assert follow_up_days(on, on) == [date(2027, 2, 28), date(2027, 8, 31)]


def test_what_has_passed_for_an_action_recorded_late_is_one_follow_up():
    on = date(2024, 1, 10)
    assert follow_up_days(on, date(2024, 8, 1)) == [date(2024, 7, 10), date(2025, 1, 10)]
    assert follow_up_days(on, date(2026, 8, 1)) == [date(2025, 1, 10)]


def test_p12_the_table_ends_where_it_should():
    assert action_steps_from(ActionStatus.CANCELLED) == [
        ActionStep.LINK_CASE,
        ActionStep.UNLINK_CASE,
        ActionStep.LINK_FAULT,
        ActionStep.UNLINK_FAULT,
    ]
    moves = {step: row for step, row in ACTION_TRANSITIONS.items() if row.to is not None}
    assert {step: (row.from_statuses, row.to) for step, row in moves.items()} == {
        ActionStep.START: ({ActionStatus.PLANNED}, ActionStatus.UNDER_WAY),
        ActionStep.FINISH: (LIVE, ActionStatus.DONE),
        ActionStep.CANCEL: (LIVE, ActionStatus.CANCELLED),
        ActionStep.REOPEN: ({ActionStatus.DONE}, ActionStatus.UNDER_WAY),
    }
    assert len({row.event for row in ACTION_TRANSITIONS.values()}) == len(ACTION_TRANSITIONS)
