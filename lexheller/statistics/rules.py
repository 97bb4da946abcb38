"""Calculations behind the yearly figures: the trend in words, the median and percentiles of answer times.

Pure functions over numbers already counted. Stops at the counting itself, which is done by queries.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import ceil
from statistics import median


class Trend(StrEnum):
    """How a year's number of reports stands to the years before it."""

    FIRST_YEAR = "first_year"
    INCREASE = "increase"
    CONTINUED_INCREASE = "continued_increase"
    DECREASE = "decrease"
    CONTINUED_DECREASE = "continued_decrease"
    UNCHANGED = "unchanged"


def trend(counts: Mapping[int, int], year: int, first_year: int | None) -> Trend:
    """The trend of `year`, from reports received per year; a year that is missing counts as none.

    `first_year` is the earliest year the federation has any report (None: it has none yet). That year,
    and any before it, has nothing to be compared with. A change is "continued" when last year's own
    trend went the same way, which the year after the first can never be.
    """
    if first_year is None or year <= first_year:
        return Trend.FIRST_YEAR
    direction = _direction(counts, year)
    if direction == 0:
        return Trend.UNCHANGED
    continued = year - 1 > first_year and _direction(counts, year - 1) == direction
    if direction > 0:
        return Trend.CONTINUED_INCREASE if continued else Trend.INCREASE
    return Trend.CONTINUED_DECREASE if continued else Trend.DECREASE


def median_days(values: Sequence[int]) -> float | None:
    """The middle of `values` (days), or the mean of the two in the middle; None when there are none."""
    return float(median(values)) if values else None


def percentile(values: Sequence[int], share: float) -> int | None:
    """The nearest-rank percentile: the smallest value that at least `share` of all values do not exceed.

    Always one of the values, never something in between; None when there are none. `share` is taken as the
    decimal it is written as (0.07 of 100 is 7, not 8). Raises ValueError unless 0 < share <= 1.
    """
    if not 0 < share <= 1:
        raise ValueError("share must be above 0 and at most 1")
    if not values:
        return None
    rank = ceil(Fraction(str(share)) * len(values))
    return sorted(values)[rank - 1]


def _direction(counts: Mapping[int, int], year: int) -> int:
    now, before = counts.get(year, 0), counts.get(year - 1, 0)
    return (now > before) - (now < before)
