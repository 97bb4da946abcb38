"""P11: working days against an own calculation of the Swedish calendar, and the properties they must have."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lexheller.core.clock import day_of
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.rules import (
    MAX_DAYS,
    DayCount,
    add_working_days,
    explain,
    working_days_between,
)

PLAIN = Calendar()
DAY = timedelta(days=1)

starts = st.dates(date(2015, 1, 1), date(2040, 12, 31))
calendars = st.dictionaries(starts, st.sampled_from(["Planeringsdag", "Klämdag"]), max_size=40).map(Calendar)


def easter_sunday(year: int) -> date:
    """The anonymous Gregorian computus, so that nothing here leans on the library under test."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    shift = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * shift) // 451
    month, day = divmod(h + shift - 7 * m + 114, 31)
    return date(year, month, day + 1)


def first_weekday_from(earliest: date, weekday: int) -> date:
    return earliest + DAY * ((weekday - earliest.weekday()) % 7)


def days_off_by_hand(year: int) -> set[date]:
    """Lag 1989:253 and, for the eves, lag 1977:480 section 7."""
    fixed = {(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}
    easter = easter_sunday(year)
    midsummer_eve = first_weekday_from(date(year, 6, 19), 4)
    return {
        *(date(year, month, day) for month, day in fixed),
        *(easter + DAY * offset for offset in (-2, 0, 1, 39, 49)),
        midsummer_eve,
        midsummer_eve + DAY,
        first_weekday_from(date(year, 10, 31), 5),
    }


@pytest.mark.parametrize("year", range(2015, 2041))
def test_p11_every_day_of_the_year_agrees_with_an_independent_calculation(year: int) -> None:
    off = days_off_by_hand(year)
    day = date(year, 1, 1)
    while day.year == year:
        assert PLAIN.is_working_day(day) == (day.weekday() < 5 and day not in off), day
        day += DAY


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2024-06-21", "holiday:Midsommarafton"),
        ("2024-06-22", "holiday:Midsommardagen"),
        ("2024-12-24", "holiday:Julafton"),
        ("2024-12-31", "holiday:Nyårsafton"),
        ("2024-03-29", "holiday:Långfredagen"),
        ("2024-04-01", "holiday:Annandag påsk"),
        ("2024-05-09", "holiday:Kristi himmelsfärdsdag"),
        ("2024-06-06", "holiday:Nationaldagen"),
        ("2024-03-30", "weekend"),  # påskafton is a Saturday
        ("2024-05-18", "weekend"),  # pingstafton too
        ("2024-05-10", None),  # the squeeze day after Ascension Day is worked unless the federation closes it
        ("2024-01-05", None),  # so is trettondagsafton
        ("2024-04-30", None),
        ("2024-02-29", None),
    ],
)
def test_p11_the_reason_names_the_day(day: str, reason: str | None) -> None:
    assert PLAIN.day_off_reason(date.fromisoformat(day)) == reason


def test_p11_two_holidays_on_one_day_are_both_named() -> None:
    reason = PLAIN.day_off_reason(date(2008, 5, 1))
    assert reason is not None
    assert "Första maj" in reason
    assert "Kristi himmelsfärdsdag" in reason


def test_p11_a_closed_day_is_off_with_its_note() -> None:
    calendar = Calendar({date(2024, 5, 10): "Klämdag", date(2024, 5, 11): "Klämdag", date(2024, 5, 9): "Stängt"})
    assert calendar.day_off_reason(date(2024, 5, 10)) == "closed:Klämdag"
    assert calendar.day_off_reason(date(2024, 5, 11)) == "weekend"
    assert calendar.day_off_reason(date(2024, 5, 9)) == "holiday:Kristi himmelsfärdsdag"


def test_p11_each_day_counted_and_skipped_is_listed() -> None:
    calendar = Calendar({date(2024, 12, 27): "Julstängt"})
    assert explain(date(2024, 12, 23), 2, calendar) == [
        DayCount(date(2024, 12, 24), False, "holiday:Julafton"),
        DayCount(date(2024, 12, 25), False, "holiday:Juldagen"),
        DayCount(date(2024, 12, 26), False, "holiday:Annandag jul"),
        DayCount(date(2024, 12, 27), False, "closed:Julstängt"),
        DayCount(date(2024, 12, 28), False, "weekend"),
        DayCount(date(2024, 12, 29), False, "weekend"),
        DayCount(date(2024, 12, 30), True, "working_day"),
        DayCount(date(2024, 12, 31), False, "holiday:Nyårsafton"),
        DayCount(date(2025, 1, 1), False, "holiday:Nyårsdagen"),
        DayCount(date(2025, 1, 2), True, "working_day"),
    ]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2024-12-23", 1, "2024-12-27"),  # over Christmas
        ("2024-12-27", 2, "2025-01-02"),  # over the year end
        ("2024-02-28", 1, "2024-02-29"),  # leap day
        ("2024-02-28", 2, "2024-03-01"),
        ("2023-02-28", 1, "2023-03-01"),
        ("2024-03-28", 1, "2024-04-02"),  # Easter and the night summer time begins
        ("2024-10-25", 1, "2024-10-28"),  # the night summer time ends
        ("2024-06-20", 1, "2024-06-24"),  # Midsummer
        ("2024-06-19", 0, "2024-06-19"),
        ("2024-06-21", 0, "2024-06-24"),
    ],
)
def test_p11_due_dates(start: str, days: int, due: str) -> None:
    assert add_working_days(date.fromisoformat(start), days, PLAIN).isoformat() == due


@given(starts, st.integers(0, 120), calendars)
@example(date(2024, 2, 28), 1, PLAIN)
@example(date(2024, 12, 30), 1, PLAIN)
def test_p11_never_lands_on_a_day_off_and_the_list_says_the_same(start: date, days: int, calendar: Calendar) -> None:
    due = add_working_days(start, days, calendar)
    listed = explain(start, days, calendar)
    assert calendar.is_working_day(due)
    assert [step.day for step in listed] == [start + DAY * n for n in range(1, (due - start).days + 1)]
    assert all(step.counted == (step.reason == "working_day") for step in listed)
    if days:
        assert sum(step.counted for step in listed) == days


@given(starts, st.integers(1, 120), calendars)
def test_p11_counting_back_gives_the_days_that_were_added(start: date, days: int, calendar: Calendar) -> None:
    due = add_working_days(start, days, calendar)
    assert working_days_between(start, due, calendar) == days
    assert working_days_between(due, start, calendar) == -days
    assert working_days_between(start, due - DAY, calendar) == days - 1


@given(starts, st.integers(0, 60), st.integers(0, 60), calendars)
def test_p11_more_days_is_never_sooner_and_a_closed_day_never_helps(
    start: date, days: int, more: int, calendar: Calendar
) -> None:
    due = add_working_days(start, days, calendar)
    assert add_working_days(start, days + more, calendar) >= due
    assert add_working_days(start + DAY, days, calendar) >= due
    assert due >= add_working_days(start, days, PLAIN)


@given(starts, st.integers(1, 60), st.integers(1, 60), calendars)
def test_p11_two_steps_are_as_long_as_one(start: date, first: int, then: int, calendar: Calendar) -> None:
    halfway = add_working_days(start, first, calendar)
    assert add_working_days(halfway, then, calendar) == add_working_days(start, first + then, calendar)


@pytest.mark.parametrize("days", [-1, MAX_DAYS + 1])
def test_p11_days_out_of_bounds_are_refused(days: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        add_working_days(date(2024, 1, 1), days, PLAIN)


def test_p11_the_longest_deadline_can_be_given_and_counted_back() -> None:
    start = date(2024, 1, 1)
    assert working_days_between(start, add_working_days(start, MAX_DAYS, PLAIN), PLAIN) == MAX_DAYS


def test_p11_a_calendar_that_is_always_closed_ends_in_an_error_not_in_a_loop() -> None:
    closed = Calendar({date(2024, 1, 1) + DAY * n: "Stängt" for n in range(3000)})
    with pytest.raises(ValueError, match="too few working days"):
        add_working_days(date(2024, 1, 1), 10, closed)


def test_p11_the_end_of_the_calendar_is_an_error_of_the_same_kind() -> None:
    with pytest.raises(ValueError, match="too few working days"):
        add_working_days(date.max, 1, PLAIN)


def test_p11_an_absurd_span_is_refused() -> None:
    with pytest.raises(ValueError, match="days apart"):
        working_days_between(date.min, date.max, PLAIN)


def test_p11_a_point_in_time_is_not_a_day() -> None:
    with pytest.raises(TypeError):
        PLAIN.is_working_day(datetime(2024, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2024-01-15T22:59:59", "2024-01-15"),
        ("2024-01-15T23:00:00", "2024-01-16"),  # midnight in winter
        ("2024-07-15T21:59:59", "2024-07-15"),
        ("2024-07-15T22:00:00", "2024-07-16"),  # midnight in summer
        ("2024-03-30T22:59:59", "2024-03-30"),  # the day before summer time begins still has winter time
        ("2024-03-30T23:00:00", "2024-03-31"),
        ("2024-03-31T21:59:59", "2024-03-31"),  # the short day ends an hour earlier
        ("2024-03-31T22:00:00", "2024-04-01"),
        ("2024-10-26T21:59:59", "2024-10-26"),
        ("2024-10-26T22:00:00", "2024-10-27"),
        ("2024-10-27T00:30:00", "2024-10-27"),  # half past two, the first time
        ("2024-10-27T01:30:00", "2024-10-27"),  # half past two, the second time
        ("2024-10-27T22:59:59", "2024-10-27"),  # the long day ends an hour later
        ("2024-10-27T23:00:00", "2024-10-28"),
        ("2024-12-31T23:00:00", "2025-01-01"),
        ("2024-02-28T23:00:00", "2024-02-29"),
    ],
)
def test_p11_the_local_day_of_a_moment(moment: str, day: str) -> None:
    assert day_of(datetime.fromisoformat(moment).replace(tzinfo=UTC)).isoformat() == day


@pytest.mark.parametrize("day", [date(2024, 3, 31), date(2024, 10, 27)])
def test_p11_every_half_hour_of_both_dst_days_belongs_to_one_day(day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    half_hours = [day_of(noon + timedelta(minutes=30 * n)) for n in range(-60, 60)]
    assert half_hours == sorted(half_hours)
    assert half_hours.count(day) == (46 if day.month == 3 else 50)


def test_p11_another_offset() -> None:
    moment = datetime(2024, 7, 15, 20, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert day_of(moment) == date(2024, 7, 16)


def test_p11_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2024, 7, 15))
