"""Working days: which days count towards a deadline, and why the others do not.

Swedish public holidays plus the eves that the Annual Leave Act (1977:480, section 7) puts on a par with
Sundays, weekends, and the federation's own closed days. Stops at dates: what a deadline *does* (reminder,
overdue, escalation) is decided elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

import holidays

MAX_DAYS = 2000
"""The longest deadline that can be asked for, in working days (about eight years)."""

_MAX_SPAN = MAX_DAYS * 7 + 366
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day on the way to a due date.

    `reason` is a key for the page to word: `working_day`, `weekend`, `holiday:<Swedish name>` or
    `closed:<the federation's note>`.
    """

    day: date
    counted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days one federation works. `closed_days` are its own days off, each with a note saying why."""

    closed_days: Mapping[date, str] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        return self.day_off_reason(day) is None

    def day_off_reason(self, day: date) -> str | None:
        """The reason key when `day` is off, else None.

        A named holiday is said before the weekend it may fall on, and both before a closed day.
        Raises TypeError for a datetime: which calendar day it means depends on the zone (`core.clock.day_of`).
        """
        if isinstance(day, datetime):
            raise TypeError("a calendar day is needed, not a point in time")
        name = _national_days_off(day.year).get(day)
        if name is not None:
            return f"holiday:{name}"
        if day.weekday() >= _SATURDAY:
            return "weekend"
        if day in self.closed_days:
            return f"closed:{self.closed_days[day]}"
        return None


def add_working_days(start: date, days: int, calendar: Calendar) -> date:
    """The due date `days` working days after `start`; the day after `start` is day one.

    With 0 days: `start` itself if it is a working day, else the next one. Raises ValueError as `explain`.
    """
    steps = explain(start, days, calendar)
    return steps[-1].day if steps else start


def explain(start: date, days: int, calendar: Calendar) -> list[DayCount]:
    """Each day from the day after `start` to the due date, counted or skipped, with the reason.

    Empty when the due date is `start` itself. Raises ValueError when `days` is outside 0..MAX_DAYS, or
    when the closed days leave too few working days to ever get there.
    """
    if not 0 <= days <= MAX_DAYS:
        raise ValueError(f"working days must be between 0 and {MAX_DAYS}")
    if days == 0 and calendar.is_working_day(start):
        return []
    missing = max(days, 1)
    steps: list[DayCount] = []
    for step in islice(_days_after(start, calendar), days * 7 + 366):
        steps.append(step)
        missing -= step.counted
        if not missing:
            return steps
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
    return sum(step.counted for step in islice(_days_after(start, calendar), span))


def _days_after(start: date, calendar: Calendar) -> Iterator[DayCount]:
    day = start
    while day < date.max:
        day += _ONE_DAY
        reason = calendar.day_off_reason(day)
        yield DayCount(day, counted=reason is None, reason=reason or "working_day")


@lru_cache(maxsize=256)
def _national_days_off(year: int) -> Mapping[date, str]:
    """Holidays and eves of one year by their Swedish names, whatever language the process runs in.

    Read out year by year into a plain mapping, because the library's own object fills itself in when asked
    and is shared by no thread safely. Påskafton and pingstafton are Saturdays and need no entry.
    """
    days = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), language="sv")
    return dict(days.items())
