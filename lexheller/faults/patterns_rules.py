"""Where reports gather: combinations of structured fields that recur or rise. Pure; no text of any report is looked at.

A combination is a party pair with a theme and a municipality, either of which may be left open. It is proposed at the
finest level where it holds; a coarser one only when what the finer ones leave unexplained holds by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lexheller.core.months import add_months

FEWEST = 3
MONTHS, HALF = 12, 6
RISES_BY = 2


class Trend(StrEnum):
    """RECURRING: at least three in twelve months. RISING: three in the last six, twice as many as in the six before."""

    RISING = "rising"
    RECURRING = "recurring"


class PatternStatus(StrEnum):
    """Whatever is not OPEN has been settled, and is not proposed again."""

    OPEN = "open"
    TAKEN = "taken"
    PUT_ASIDE = "put_aside"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Combination:
    """Ids. `reporting_id` None: nobody said who reports; theme and municipality None: left open, any."""

    reporting_id: int | None
    concerned_id: int
    theme_id: int | None = None
    municipality_id: int | None = None

    @property
    def key(self) -> str:
        return f"{self.reporting_id or '-'}>{self.concerned_id}:{self.theme_id or '*'}:{self.municipality_id or '*'}"

    def holds(self, other: Combination) -> bool:
        """Whether the other is this one, or a finer one within it."""
        return (
            (self.reporting_id, self.concerned_id) == (other.reporting_id, other.concerned_id)
            and self.theme_id in {None, other.theme_id}
            and self.municipality_id in {None, other.municipality_id}
        )


@dataclass(frozen=True, slots=True)
class Sighting:
    """One case: where it belongs as finely as is known, and the day it came in."""

    combination: Combination
    on: date


@dataclass(frozen=True, slots=True)
class Found:
    """`count` is of the last twelve months, `first_on` and `last_on` within them."""

    combination: Combination
    trend: Trend
    count: int
    first_on: date
    last_on: date


def find(sightings: Collection[Sighting], today: date) -> list[Found]:
    """All that holds on that day, in the order of their keys. Days outside of the last twelve months do not count."""
    within = [one for one in sightings if begins(today) <= one.on <= today]
    explained: set[int] = set()
    found: list[Found] = []
    for level in _LEVELS:
        taken: set[int] = set()
        for combination, places in _gathered(within, level).items():
            left = [within[place].on for place in places if place not in explained]
            if trend_of(left, today) is None:
                continue
            days = [within[place].on for place in places]
            trend = trend_of(days, today) or Trend.RECURRING
            found.append(Found(combination, trend, len(days), min(days), max(days)))
            taken |= set(places)
        explained |= taken
    return sorted(found, key=lambda one: one.combination.key)


def trend_of(days: Sequence[date], today: date) -> Trend | None:
    """None: nothing that needs a look."""
    middle = add_months(today, -HALF)
    late = sum(day > middle for day in days)
    before = len(days) - late
    if late >= FEWEST and late >= RISES_BY * before:
        return Trend.RISING
    return Trend.RECURRING if len(days) >= FEWEST else None


def begins(today: date) -> date:
    """The first day of the twelve months that end today."""
    return date.fromordinal(add_months(today, -MONTHS).toordinal() + 1)


def _gathered(sightings: Sequence[Sighting], level: tuple[bool, bool]) -> dict[Combination, list[int]]:
    """Places by combination at one level; what does not know enough for it is left to a coarser one."""
    with_theme, with_municipality = level
    found: dict[Combination, list[int]] = {}
    for place, one in enumerate(sightings):
        whole = one.combination
        if (with_theme and whole.theme_id is None) or (with_municipality and whole.municipality_id is None):
            continue
        kept = replace(
            whole,
            theme_id=whole.theme_id if with_theme else None,
            municipality_id=whole.municipality_id if with_municipality else None,
        )
        found.setdefault(kept, []).append(place)
    return found


_LEVELS = ((True, True), (True, False), (False, True), (False, False))
