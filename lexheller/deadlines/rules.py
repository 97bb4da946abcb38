"""Counting working days: which days count towards a deadline, and why the others do not. Pure.

A day counts when the federation works and nobody waits for the reporter. Stops at dates: what a deadline *does*
(reminder, overdue, escalation) is `deadlines.schedule`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from lexheller.deadlines.calendar import Calendar

MAX_DAYS = 2000
"""The longest deadline that can be asked for, in working days (about eight years)."""

_MAX_SPAN = MAX_DAYS * 7 + 366
_ONE_DAY = timedelta(days=1)
_PAUSED = "paused"
_WORKING_DAY = "working_day"


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day on the way to a due date.

    `reason` is a key for the page to word: `working_day`, `paused`, `weekend`, `holiday:<Swedish name>` or
    `closed:<the federation's note>`. A day off within a pause keeps its own reason.
    """

    day: date
    counted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The reporter was asked on `first` and replied on `last`, None while the question waits.

    The days after `first` up to and including `last` do not count: asked and answered on one day costs nothing.
    """

    first: date
    last: date | None


def add_working_days(
    start: date, days: int, calendar: Calendar, pauses: Sequence[Pause] = (), today: date | None = None
) -> date:
    """The due date `days` working days after `start`; the day after `start` is day one.

    With 0 days: `start` itself if it is a working day, else the next day that counts. Raises ValueError as `explain`.
    """
    steps = explain(start, days, calendar, pauses, today)
    return steps[-1].day if steps else start


def explain(
    start: date, days: int, calendar: Calendar, pauses: Sequence[Pause] = (), today: date | None = None
) -> list[DayCount]:
    """Each day from the day after `start` to the due date, counted or skipped, with the reason.

    A pause that still lasts is counted to `today`, as if the reply came then. Empty when the due date is `start`
    itself. Raises ValueError when `days` is outside 0..MAX_DAYS, when the closed days leave too few working days to
    ever get there, or when a pause lasts and `today` is not given.
    """
    if not 0 <= days <= MAX_DAYS:
        raise ValueError(f"working days must be between 0 and {MAX_DAYS}")
    if days == 0 and calendar.is_working_day(start):
        return []
    paused = spans(pauses, today)
    longest = days * 7 + 366 + sum((last - first).days for first, last in paused)
    missing = max(days, 1)
    steps: list[DayCount] = []
    for step in islice(_days_after(start, calendar, paused), longest):
        steps.append(step)
        missing -= step.counted
        if not missing:
            return steps
    raise ValueError("the calendar has too few working days")


def subtract_working_days(end: date, days: int, calendar: Calendar) -> date:
    """The working day that lies `days` working days before `end`; a pause makes no difference to it.

    Raises ValueError as `explain` does.
    """
    if not 1 <= days <= MAX_DAYS:
        raise ValueError(f"working days must be between 1 and {MAX_DAYS}")
    day, missing = end, days
    for _ in range(days * 7 + 366):
        if day == date.min:
            break
        day -= _ONE_DAY
        missing -= calendar.is_working_day(day)
        if not missing:
            return day
    raise ValueError("the calendar has too few working days")


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is before `start`.

    Raises ValueError when the two lie further apart than the longest deadline could.
    """
    if end < start:
        return -working_days_between(end, start, calendar)
    span = (end - start).days
    if span > _MAX_SPAN:
        raise ValueError(f"the days lie more than {_MAX_SPAN} days apart")
    return sum(step.counted for step in islice(_days_after(start, calendar, []), span))


def first_late_day(due_on: date, today: date, pauses: Sequence[Pause] = ()) -> date | None:
    """The first day after the due date on which nobody waited for the reporter, working day or not, if it has come."""
    paused = spans(pauses, today)
    day = due_on + _ONE_DAY
    while day <= today:
        if not _within(day, paused):
            return day
        day += _ONE_DAY
    return None


def spans(pauses: Iterable[Pause], today: date | None) -> list[tuple[date, date]]:
    """Pauses as (asked, replied) without those that cost nothing; ValueError for a lasting one without `today`."""
    found = []
    for pause in pauses:
        last = pause.last or today
        if last is None:
            raise ValueError("a pause that still lasts needs today's date")
        if last > pause.first:
            found.append((pause.first, last))
    return found


def _within(day: date, paused: Iterable[tuple[date, date]]) -> bool:
    return any(first < day <= last for first, last in paused)


def _days_after(start: date, calendar: Calendar, paused: Sequence[tuple[date, date]]) -> Iterator[DayCount]:
    day = start
    while day < date.max:
        day += _ONE_DAY
        reason = calendar.day_off_reason(day) or (_PAUSED if _within(day, paused) else _WORKING_DAY)
        yield DayCount(day, counted=reason == _WORKING_DAY, reason=reason)
