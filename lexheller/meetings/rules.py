"""The days of meetings: when material is due, when to remind, and a year's dates in one go. Pure.

Stops at days: whether a meeting is there already, and what stands on it, is `meetings.service` and `meetings.agenda`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lexheller.deadlines.calendar import Calendar

MATERIAL_DAYS_BEFORE = 14
REMINDER_WORKING_DAYS = 3
LAST = -1
NTHS = (1, 2, 3, 4, LAST)
LONGEST_SERIES_DAYS = 3 * 366
LONGEST_AHEAD_DAYS = 5 * 366

_ONE_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 60
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One day of a series. `instead_of` is the day the pattern points at, where nobody works on that one."""

    held_on: date
    instead_of: date | None = None


def is_clock_time(written: str) -> bool:
    """Whether it is a time of day as it is stored: `HH:MM`."""
    return _CLOCK.fullmatch(written) is not None


def working_day_on_or_before(day: date, calendar: Calendar) -> date:
    """The day itself if it is worked on, else the last one before it that is.

    A calendar that is closed for two months on end moves nothing.
    """
    found = day
    for _ in range(_LONGEST_CLOSURE):
        if calendar.is_working_day(found):
            return found
        found -= _ONE_DAY
    return day


def material_due_on(held_on: date, calendar: Calendar) -> date:
    """Two weeks before the meeting, in calendar days; on a day off the working day before."""
    return working_day_on_or_before(held_on - timedelta(days=MATERIAL_DAYS_BEFORE), calendar)


def remind_on(material_due: date, calendar: Calendar) -> date:
    """The working day, three before the material is due, on which the office is reminded."""
    day = material_due
    for _ in range(REMINDER_WORKING_DAYS):
        day = working_day_on_or_before(day - _ONE_DAY, calendar)
    return day


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth (1–4, or LAST) such weekday of the month; `weekday` 0 is Monday. Raises ValueError for other values."""
    if nth not in NTHS or not 0 <= weekday <= 6:
        raise ValueError("no such weekday of a month")
    if nth == LAST:
        end = _first_of_next(date(year, month, 1)) - _ONE_DAY
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def proposals(first: date, last: date, *, weekday: int, nth: int, calendar: Calendar) -> list[Proposal]:
    """The nth weekday of every month from `first` to `last`, both counted; each day once, in order.

    A day off gives way to the working day before it, so that nothing comes later than planned; where that would be
    before `first`, the month is left out. Raises ValueError when the days lie more than three years apart.
    """
    if (last - first).days > LONGEST_SERIES_DAYS:
        raise ValueError("too long a series")
    found: dict[date, Proposal] = {}
    for month in _months(first, last):
        wanted = nth_weekday(month.year, month.month, weekday, nth)
        day = working_day_on_or_before(wanted, calendar)
        if first <= day and wanted <= last and calendar.is_working_day(day):
            found.setdefault(day, Proposal(day, wanted if day != wanted else None))
    return [found[day] for day in sorted(found)]


def _months(first: date, last: date) -> Iterator[date]:
    """The first day of each month that the days touch."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _first_of_next(month)


def _first_of_next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
