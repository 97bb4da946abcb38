"""What the overview counts over, and which numbers others than the office may see. Pure.

Small numbers can identify people. Whoever does not see the cases is shown one year, whole and over, so that no two
looks or periods can be subtracted for what came between, and of that year only what `privacy.small_numbers` lets show.
The sums are taken as known to these readers: the yearly report prints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lexheller.core.months import add_months
from lexheller.privacy.small_numbers import TOTAL, suppress

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


def last_whole_year(today: date) -> Period:
    """What others than the office see: it moves once a year, by a whole year."""
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


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


@dataclass(frozen=True, slots=True)
class Shown:
    """What others may see: `cells` by two names, `sums` with `every` for one of the names, and `total` if it may be."""

    cells: list[Cell]
    sums: list[Cell]
    total: int | None


def for_others(cells: Sequence[Cell], every: str) -> Shown:
    """What whoever does not see the cases may see. A hidden number and one that is zero look alike: none stands there.

    A sum of one cell alone is left out: it says the same.
    """
    hidden = suppress({_key(cell): cell.number for cell in cells})
    sums = []
    for place, other in ((1, 0), (0, 1)):
        for one in dict.fromkeys(_key(cell)[place] for cell in cells):
            parts = [cell for cell in cells if _key(cell)[place] == one]
            name = (TOTAL, one) if place else (one, TOTAL)
            if name not in hidden and len(parts) > 1:
                names, ids = list(parts[0].names), list(parts[0].ids)
                names[other], ids[other] = every, None
                sums.append(Cell(tuple(names), tuple(ids), sum(cell.number for cell in parts)))
    total = None if (TOTAL, TOTAL) in hidden else sum(cell.number for cell in cells)
    return Shown([cell for cell in cells if _key(cell) not in hidden], sums, total)


def _key(cell: Cell) -> tuple[str, str]:
    """By id: two organisations may have one name."""
    reporting, concerned = cell.ids
    return str(reporting), str(concerned)


def biggest(cells: Iterable[Cell]) -> list[Cell]:
    """The largest first, equal ones by name."""
    return sorted(cells, key=lambda cell: (-cell.number, cell.names))
