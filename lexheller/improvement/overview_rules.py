"""What the overview counts over: periods, ages of faults, and the numbers of its tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lexheller.core.months import add_months

QUARTERS = 6
YOUNG_DAYS, OLD_DAYS = 91, 365


class Age(StrEnum):
    """How long a fault has been open: under three months, under a year, longer."""

    YOUNG = "young"
    GROWN = "grown"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are counted."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of reports of one kind. `ids` name it, empty where it is not known or several were put together."""

    names: tuple[str, ...]
    ids: tuple[int | None, ...]
    number: int


def period_of(chosen: str | None, today: date) -> Period:
    """A year in four figures, else the twelve months up to today."""
    if chosen and chosen.isascii() and chosen.isdigit() and 2000 <= int(chosen) <= today.year:
        return Period(date(int(chosen), 1, 1), date(int(chosen), 12, 31))
    return Period(add_months(today, -12) + timedelta(days=1), today)


def quarters_until(today: date, number: int = QUARTERS) -> list[Period]:
    """The last `number` quarters, the oldest first; the one that is under way ends with its last day."""
    year, quarter = today.year, (today.month - 1) // 3
    found = []
    for _back in range(number):
        first = date(year, quarter * 3 + 1, 1)
        after = date(year + (quarter == 3), (quarter * 3 + 3) % 12 + 1, 1)
        found.append(Period(first, after - timedelta(days=1)))
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
    return found[::-1]


def age_of(opened_on: date, today: date) -> Age:
    days = (today - opened_on).days
    return Age.YOUNG if days < YOUNG_DAYS else Age.GROWN if days < OLD_DAYS else Age.OLD


def opened_in(age: Age, today: date) -> Period:
    """The days on which faults of that age were opened: `age_of` the other way round."""
    young, old = today - timedelta(days=YOUNG_DAYS), today - timedelta(days=OLD_DAYS)
    day = timedelta(days=1)
    return {
        Age.YOUNG: Period(young + day, date.max),
        Age.GROWN: Period(old + day, young),
        Age.OLD: Period(date.min, old),
    }[age]


def biggest(cells: Iterable[Cell]) -> list[Cell]:
    """The largest first, equal ones by name."""
    return sorted(cells, key=lambda cell: (-cell.number, cell.names))
