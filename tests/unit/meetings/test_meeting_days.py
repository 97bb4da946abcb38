"""The days of meetings: material due, reminder, weekday of a month, and a series that is moved off days off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.rules import working_days_between
from lexheller.meetings.rules import (
    LAST,
    LONGEST_SERIES_DAYS,
    NTHS,
    is_clock_time,
    material_due_on,
    nth_weekday,
    proposals,
    remind_on,
    working_day_on_or_before,
)

SWEDISH = Calendar()
DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))
CALENDARS = st.builds(
    lambda days: Calendar(dict.fromkeys(days, "stängt")),
    st.sets(st.dates(date(2025, 1, 1), date(2026, 12, 31)), max_size=60),
)
NEAR = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("held_on", "due_on"),
    [
        (date(2026, 3, 19), date(2026, 3, 5)),  # Thursday to Thursday
        (date(2026, 4, 17), date(2026, 4, 2)),  # two weeks before is långfredagen
        (date(2026, 1, 20), date(2026, 1, 5)),  # trettondagen
        (date(2026, 7, 3), date(2026, 6, 18)),  # midsommarafton is a Friday
        (date(2026, 3, 21), date(2026, 3, 6)),  # a Saturday's material on the Friday
    ],
)
def test_material_is_due_two_weeks_before_or_on_the_working_day_before(held_on, due_on):
    assert material_due_on(held_on, SWEDISH) == due_on


def test_the_federations_own_closed_days_count():
    closed = Calendar({date(2026, 3, 5): "Planeringsdag", date(2026, 3, 4): "Planeringsdag"})
    assert material_due_on(date(2026, 3, 19), closed) == date(2026, 3, 3)


@given(NEAR, CALENDARS)
def test_material_is_due_on_the_last_working_day_at_least_two_weeks_before(held_on, calendar):
    due_on = material_due_on(held_on, calendar)
    latest = held_on - timedelta(days=14)
    assert due_on <= latest
    if calendar.is_working_day(due_on):
        between = [due_on + timedelta(days=n) for n in range(1, (latest - due_on).days + 1)]
        assert not any(calendar.is_working_day(day) for day in between)


@given(DAYS)
def test_the_reminder_is_three_working_days_before(held_on):
    due_on = material_due_on(held_on, SWEDISH)
    day = remind_on(due_on, SWEDISH)
    assert SWEDISH.is_working_day(day)
    assert working_days_between(day, due_on, SWEDISH) == 3


@given(DAYS, st.integers(0, 6), st.sampled_from(NTHS))
def test_the_nth_weekday_is_found_by_counting(day, weekday, nth):
    found = nth_weekday(day.year, day.month, weekday, nth)
    start = day.replace(day=1)
    month = [start + timedelta(days=n) for n in range(31) if (start + timedelta(days=n)).month == day.month]
    same = [one for one in month if one.weekday() == weekday]
    assert found == same[nth if nth == LAST else nth - 1]


@pytest.mark.parametrize(("weekday", "nth"), [(7, 1), (-1, 1), (3, 0), (3, 5), (3, -2)])
def test_there_is_no_other_weekday_of_a_month(weekday, nth):
    with pytest.raises(ValueError, match="no such weekday"):
        nth_weekday(2026, 3, weekday, nth)


def test_a_year_of_third_thursdays():
    found = proposals(date(2026, 1, 1), date(2026, 12, 31), weekday=3, nth=3, calendar=SWEDISH)
    assert [proposal.held_on.month for proposal in found] == list(range(1, 13))
    assert all(proposal.held_on.weekday() == 3 for proposal in found)
    assert all(proposal.instead_of is None for proposal in found)


def test_a_day_off_gives_way_to_the_working_day_before():
    # The second Thursday of May 2026 is Kristi himmelsfärdsdag; 24 December is the fourth of its month.
    found = proposals(date(2026, 5, 1), date(2026, 5, 31), weekday=3, nth=2, calendar=SWEDISH)
    assert [(one.held_on, one.instead_of) for one in found] == [(date(2026, 5, 13), date(2026, 5, 14))]
    found = proposals(date(2026, 12, 1), date(2026, 12, 31), weekday=3, nth=4, calendar=SWEDISH)
    assert [(one.held_on, one.instead_of) for one in found] == [(date(2026, 12, 23), date(2026, 12, 24))]


def test_both_ends_count_and_nothing_comes_before_the_first():
    third = date(2026, 3, 19)
    assert len(proposals(third, third, weekday=3, nth=3, calendar=SWEDISH)) == 1
    assert proposals(third + timedelta(days=1), date(2026, 3, 31), weekday=3, nth=3, calendar=SWEDISH) == []
    holiday = date(2026, 5, 14)
    assert proposals(holiday, holiday, weekday=3, nth=2, calendar=SWEDISH) == []


@given(NEAR, st.integers(0, 500), st.integers(0, 4), st.sampled_from(NTHS), CALENDARS)
def test_a_series_is_in_order_within_its_days_and_on_working_days(first, length, weekday, nth, calendar):
    last = first + timedelta(days=length)
    found = proposals(first, last, weekday=weekday, nth=nth, calendar=calendar)
    days = [proposal.held_on for proposal in found]
    assert days == sorted(set(days))
    for proposal in found:
        assert first <= proposal.held_on <= last
        assert calendar.is_working_day(proposal.held_on)
        wanted = proposal.instead_of or proposal.held_on
        assert wanted == nth_weekday(wanted.year, wanted.month, weekday, nth)


def test_a_series_too_long_is_refused():
    with pytest.raises(ValueError, match="too long"):
        proposals(
            date(2026, 1, 1),
            date(2026, 1, 1) + timedelta(days=LONGEST_SERIES_DAYS + 1),
            weekday=3,
            nth=3,
            calendar=SWEDISH,
        )


def test_a_calendar_closed_for_good_moves_nothing():
    start = date(2026, 6, 1)
    closed = Calendar({start - timedelta(days=n): "stängt" for n in range(200)})
    assert working_day_on_or_before(start, closed) == start
    assert proposals(start - timedelta(days=40), start, weekday=0, nth=1, calendar=closed) == []


@pytest.mark.parametrize(
    ("written", "good"),
    [("00:00", True), ("13:05", True), ("23:59", True), ("24:00", False), ("9:00", False), ("13.00", False),
     ("13:60", False), ("", False), ("13:00\n", False), ("1３:00", False)],
)  # fmt: skip
def test_a_time_of_day_has_one_spelling(written, good):
    assert is_clock_time(written) is good
