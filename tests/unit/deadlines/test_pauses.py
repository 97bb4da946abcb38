"""P11: while the reporter is asked no day counts; the list says which days and why, and the page can show it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.rules import Pause, add_working_days, explain, first_late_day, subtract_working_days

PLAIN = Calendar()
DAY = timedelta(days=1)
OPENED = date(2026, 3, 2)  # a Monday far from any holiday

starts = st.dates(date(2015, 1, 1), date(2040, 12, 31))
lengths = st.integers(0, 40)


@st.composite
def stories(draw: st.DrawFn) -> tuple[date, int, list[Pause]]:
    """A start, so many days, and questions one after the other somewhere around the answer time."""
    start = draw(starts)
    day = start + DAY * draw(st.integers(-10, 30))
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        last = day + DAY * draw(lengths)
        pauses.append(Pause(day, last))
        day = last + DAY * draw(st.integers(0, 10))
    return start, draw(st.integers(1, 60)), pauses


def by_hand(start: date, days: int, pauses: list[Pause]) -> date:
    """Another way round: strike out every day of a pause, then tick off what is left."""
    struck = {pause.first + DAY * n for pause in pauses for n in range(1, (pause.last - pause.first).days + 1)}
    day = start
    while days:
        day += DAY
        days -= PLAIN.is_working_day(day) and day not in struck
    return day


@given(stories())
def test_p11_pauses_agree_with_striking_out_the_days(story: tuple[date, int, list[Pause]]) -> None:
    start, days, pauses = story
    assert add_working_days(start, days, PLAIN, pauses) == by_hand(start, days, pauses)


@given(stories())
def test_p11_the_list_has_each_day_once_and_counts_as_many_as_were_given(story: tuple[date, int, list[Pause]]) -> None:
    start, days, pauses = story
    listed = explain(start, days, PLAIN, pauses)
    assert [step.day for step in listed] == [start + DAY * n for n in range(1, len(listed) + 1)]
    assert sum(step.counted for step in listed) == days
    for step in listed:
        within = any(pause.first < step.day <= pause.last for pause in pauses)
        assert (step.reason == "paused") == (within and PLAIN.is_working_day(step.day))


@given(stories())
def test_p11_a_pause_never_makes_it_sooner(story: tuple[date, int, list[Pause]]) -> None:
    start, days, pauses = story
    assert add_working_days(start, days, PLAIN, pauses) >= add_working_days(start, days, PLAIN)


@given(starts, st.integers(1, 60), lengths, st.integers(0, 20))
def test_p11_a_pause_that_begins_on_or_after_the_due_date_changes_nothing(
    start: date, days: int, length: int, later: int
) -> None:
    due_on = add_working_days(start, days, PLAIN)
    first = due_on + DAY * later
    assert add_working_days(start, days, PLAIN, [Pause(first, first + DAY * length)]) == due_on


@given(stories(), lengths)
def test_p11_a_pause_that_lasts_is_counted_to_today(story: tuple[date, int, list[Pause]], length: int) -> None:
    start, days, pauses = story
    first = start + DAY * 3
    today = first + DAY * length
    lasting, over = [*pauses, Pause(first, None)], [*pauses, Pause(first, today)]
    assert add_working_days(start, days, PLAIN, lasting, today) == add_working_days(start, days, PLAIN, over)


def test_p11_asked_and_answered_the_same_day_costs_nothing() -> None:
    assert add_working_days(OPENED, 5, PLAIN, [Pause(OPENED + DAY, OPENED + DAY)]) == date(2026, 3, 9)


def test_p11_the_day_of_the_question_counts_and_the_day_of_the_reply_does_not() -> None:
    pauses = [Pause(date(2026, 3, 4), date(2026, 3, 9))]  # asked on Wednesday, answered on Monday
    listed = explain(OPENED, 5, PLAIN, pauses)
    assert [(step.day.day, step.reason) for step in listed] == [
        (3, "working_day"),
        (4, "working_day"),
        (5, "paused"),
        (6, "paused"),
        (7, "weekend"),
        (8, "weekend"),
        (9, "paused"),
        (10, "working_day"),
        (11, "working_day"),
        (12, "working_day"),
    ]


def test_p11_two_questions_that_overlap_cost_no_day_twice() -> None:
    overlapping = [Pause(date(2026, 3, 3), date(2026, 3, 5)), Pause(date(2026, 3, 4), date(2026, 3, 6))]
    assert add_working_days(OPENED, 5, PLAIN, overlapping) == add_working_days(
        OPENED, 5, PLAIN, [Pause(date(2026, 3, 3), date(2026, 3, 6))]
    )


def test_p11_a_pause_that_lasts_needs_to_know_what_day_it_is() -> None:
    with pytest.raises(ValueError, match="today"):
        add_working_days(OPENED, 5, PLAIN, [Pause(OPENED, None)])


def test_p11_a_pause_of_years_still_ends() -> None:
    assert add_working_days(OPENED, 1, PLAIN, [Pause(OPENED, date(2036, 3, 3))]) == date(2036, 3, 4)


@pytest.mark.parametrize(
    ("today", "pauses", "late"),
    [
        ("2026-03-06", [], None),  # the due date itself, a Friday
        ("2026-03-07", [], "2026-03-07"),  # the Saturday after it
        ("2026-03-20", [], "2026-03-07"),
        ("2026-03-09", [("2026-03-06", "2026-03-09")], None),  # asked on the due date, nothing has run since
        ("2026-03-10", [("2026-03-06", "2026-03-09")], "2026-03-10"),
        ("2026-03-10", [("2026-03-06", None)], None),
        ("2026-03-10", [("2026-03-09", None)], "2026-03-07"),  # asked when it was late: late stays late
    ],
)
def test_p11_the_first_late_day(today: str, pauses: list[tuple[str, str | None]], late: str | None) -> None:
    spans = [Pause(date.fromisoformat(a), date.fromisoformat(b) if b else None) for a, b in pauses]
    found = first_late_day(date(2026, 3, 6), date.fromisoformat(today), spans)
    assert (found.isoformat() if found else None) == late


@given(starts, st.integers(1, 60))
def test_p11_subtracting_gives_back_what_was_added(start: date, days: int) -> None:
    assert subtract_working_days(add_working_days(start, days, PLAIN), days, PLAIN) <= start or not (
        PLAIN.is_working_day(start)
    )
    due_on = add_working_days(start, days + 1, PLAIN)
    assert subtract_working_days(due_on, days, PLAIN) == add_working_days(start, 1, PLAIN)


@pytest.mark.parametrize("days", [-1, 0, 2001])
def test_p11_subtracting_out_of_bounds_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        subtract_working_days(OPENED, days, PLAIN)


def test_p11_subtracting_before_the_calendar_begins_is_an_error() -> None:
    with pytest.raises(ValueError, match="too few"):
        subtract_working_days(date.min + DAY, 5, PLAIN)
