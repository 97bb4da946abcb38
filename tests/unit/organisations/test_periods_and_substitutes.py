"""Substitutes in chains and rings, stretches without anybody, half-years: the pure part of the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from lexheller.organisations.rules import (
    Period,
    confirmation_due,
    covered_by,
    gaps,
    half_year,
    last_in_chain,
)

TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Away:
    absent_email: str
    email: str


def chain(*pairs: str) -> list[Away]:
    """`a>b` : b stands in for a."""
    return [Away(*pair.split(">")) for pair in pairs]


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ((), None),
        (("x>y",), None),
        (("a>b",), "b"),
        (("a>b", "b>c"), "c"),
        (("a>b", "b>c", "c>d"), "d"),
        (("a>b", "b>a"), "b"),
        (("a>b", "b>c", "c>a"), "c"),
        (("a>b", "b>c", "c>b"), "c"),
        (("a>a",), None),
    ],
)
def test_a_chain_of_substitutes_ends_with_somebody(pairs, wanted):
    found = last_in_chain("a", {row.absent_email: row for row in chain(*pairs)})
    assert (found.email if found else None) == wanted


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ((), set()),
        (("a>z",), {"a"}),
        (("a>b", "b>z"), {"a", "b"}),
        (("a>z", "b>z"), {"a", "b"}),
        (("a>z", "z>a"), {"a"}),
        (("z>a",), set()),
    ],
)
def test_whom_an_address_stands_in_for(pairs, wanted):
    assert covered_by("z", chain(*pairs)) == wanted


def test_whoever_is_written_to_stands_in_for_the_one_who_is_away():
    """The two directions agree: the end of a chain covers its beginning, unless it is a ring."""
    rows = chain("a>b", "b>c", "d>c", "e>f")
    by_absent = {row.absent_email: row for row in rows}
    for start in "abdef":
        end = last_in_chain(start, by_absent)
        assert end is None or start in covered_by(end.email, rows)


@pytest.mark.parametrize(
    ("periods", "wanted"),
    [
        ([], [(TODAY, None)]),
        ([(date(2020, 1, 1), None)], []),
        ([(date(2020, 1, 1), date(2025, 1, 1))], [(TODAY, None)]),
        ([(date(2020, 1, 1), date(2026, 3, 31))], [(date(2026, 4, 1), None)]),
        ([(date(2020, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), None)], []),
        ([(date(2020, 1, 1), date(2026, 3, 31)), (date(2026, 5, 1), None)], [(date(2026, 4, 1), date(2026, 4, 30))]),
        ([(date(2020, 1, 1), date(2026, 6, 1)), (date(2026, 5, 1), None)], []),
        ([(date(2026, 5, 1), None)], [(TODAY, date(2026, 4, 30))]),
        ([(date(2020, 1, 1), None), (date(2026, 5, 1), date(2026, 6, 1))], []),
        ([(date(2020, 1, 1), TODAY)], [(date(2026, 3, 3), None)]),
    ],
)
def test_the_stretches_without_anybody(periods, wanted):
    found = gaps([Period(*period) for period in periods], TODAY)
    assert [(gap.first, gap.last) for gap in found] == wanted


def test_periods_overlap_on_their_last_and_first_day():
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.overlaps(Period(date(2026, 3, 31), None))
    assert Period(date(2026, 3, 31), None).overlaps(march)
    assert not march.overlaps(Period(date(2026, 4, 1), None))
    assert not Period(date(2026, 4, 1), None).overlaps(march)
    assert march.overlaps(Period(date(2026, 1, 1), None))


def test_half_years():
    assert [half_year(date(2026, month, 1)) for month in (1, 6, 7, 12)] == ["2026-1", "2026-1", "2026-2", "2026-2"]


@pytest.mark.parametrize(
    ("valid_from", "confirmed", "asked", "due"),
    [
        (date(2020, 1, 1), None, None, True),
        (date(2026, 2, 1), None, None, False),
        (date(2020, 1, 1), date(2025, 9, 1), None, True),
        (date(2020, 1, 1), date(2025, 9, 2), None, False),
        (date(2020, 1, 1), date(2025, 1, 1), date(2026, 1, 1), False),
        (date(2020, 1, 1), date(2026, 1, 1), date(2025, 1, 1), False),
    ],
)
def test_half_a_year_passes_before_somebody_is_asked(valid_from, confirmed, asked, due):
    assert confirmation_due(valid_from, confirmed, asked, TODAY) is due
