"""The days of an action's follow-ups, and the measure of its effect: reports before and after, said honestly. Pure.

Stops at counting: which reports belong to an action's pattern is `actions.measuring`, the words are `actions.labels`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from lexheller.core.months import add_months

FOLLOW_UP_MONTHS = (6, 12)
LONGEST_WINDOW_MONTHS = 12
TOO_FEW = 10
SHORTEST_WAIT_MONTHS = 1
LONGEST_AHEAD_DAYS = 5 * 366

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Two stretches of equally many months, first and last days counted: up to the day before, and from the day on."""

    months: int
    before_from: date
    before_to: date
    after_from: date
    after_to: date


@dataclass(frozen=True, slots=True)
class Measure:
    """Reports per month in a window: `before` ends, and `after` begins, with the month next to the action's day."""

    months: int
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def before_sum(self) -> int:
        return sum(self.before)

    @property
    def after_sum(self) -> int:
        return sum(self.after)

    @property
    def too_few(self) -> bool:
        """Whether chance alone may have made the difference."""
        return self.before_sum + self.after_sum < TOO_FEW

    @property
    def ratio(self) -> Fraction | None:
        """After for each before; None where there was nothing before."""
        return Fraction(self.after_sum, self.before_sum) if self.before_sum else None

    def within(self, months: int) -> Measure:
        """Of so many months before and after, no more than there are."""
        return Measure(months, self.before[-months:], self.after[:months])

    def as_values(self) -> dict[str, Any]:
        """As it is stored."""
        return {"months": self.months, "before": list(self.before), "after": list(self.after)}


def measure_of(values: Mapping[str, Any]) -> Measure:
    """From what `as_values` made."""
    return Measure(int(values["months"]), tuple(values["before"]), tuple(values["after"]))


def months_between(first: date, last: date) -> int:
    """Whole months from `first` to `last`; 0 when `last` comes before a month has passed."""
    months = max((last.year - first.year) * 12 + last.month - first.month, 0)
    return months if months == 0 or add_months(first, months) <= last else months - 1


def follow_up_days(action_on: date, today: date) -> list[date]:
    """When the effect is looked at. For an action recorded long afterwards, what has passed already is one occasion."""
    days = [add_months(action_on, months) for months in FOLLOW_UP_MONTHS]
    passed, to_come = [day for day in days if day <= today], [day for day in days if day > today]
    return passed[-1:] + to_come


def window(action_on: date, today: date) -> Window | None:
    """As many months as have passed, at most twelve; None until the first one has.

    The day of the action itself counts as after it: that makes no effect look larger than it is.
    """
    months = min(months_between(action_on, today), LONGEST_WINDOW_MONTHS)
    if months == 0:
        return None
    return Window(
        months,
        add_months(action_on, -months),
        action_on - _ONE_DAY,
        action_on,
        add_months(action_on, months) - _ONE_DAY,
    )


def measured(days: Iterable[date], action_on: date, today: date) -> Measure | None:
    """The days on which reports came, counted by month before and after. Days outside of the window do not count."""
    wanted = window(action_on, today)
    if wanted is None:
        return None
    starts = [add_months(action_on, month) for month in range(-wanted.months, wanted.months + 1)]
    counts = [0] * (2 * wanted.months)
    for day in days:
        if starts[0] <= day < starts[-1]:
            counts[next(place for place, end in enumerate(starts[1:]) if day < end)] += 1
    return Measure(wanted.months, tuple(counts[: wanted.months]), tuple(counts[wanted.months :]))


def earliest_next(today: date) -> date:
    """The first day that may be named when it is too early to judge."""
    return add_months(today, SHORTEST_WAIT_MONTHS)
