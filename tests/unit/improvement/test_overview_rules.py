"""Periods of the overview, small numbers, and the picture's geometry."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lexheller.improvement.flow_picture import Link, picture_of
from lexheller.improvement.overview_rules import (
    Age,
    Cell,
    Period,
    age_of,
    for_others,
    last_whole_year,
    period_of,
    quarters_until,
)
from lexheller.privacy.small_numbers import LEAST

TODAY = date(2026, 2, 14)
pairs = some.dictionaries(
    some.tuples(some.integers(1, 5), some.none() | some.integers(1, 5)), some.integers(1, 30), max_size=12
)


def test_a_period_is_a_year_or_the_last_twelve_months():
    assert period_of("2024", TODAY) == Period(date(2024, 1, 1), date(2024, 12, 31))
    assert period_of(None, TODAY) == Period(date(2025, 2, 15), TODAY)
    assert period_of(None, date(2024, 2, 29)) == Period(date(2023, 3, 1), date(2024, 2, 29))
    assert period_of("2099", TODAY) == period_of("år", TODAY) == period_of(None, TODAY)


def test_quarters_follow_each_other_and_end_with_today():
    found = quarters_until(TODAY)
    assert (found[0].first, found[-1]) == (date(2024, 10, 1), Period(date(2026, 1, 1), date(2026, 3, 31)))
    assert all((after.first - before.last).days == 1 for before, after in pairwise(found))


@given(some.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_p30_two_days_of_others_see_the_same_year_or_two_that_do_not_overlap(today):
    period, tomorrow = last_whole_year(today), last_whole_year(today + timedelta(days=1))
    assert period.last < today
    assert tomorrow == period or tomorrow.first == period.last + timedelta(days=1)


@pytest.mark.parametrize(
    ("opened", "age"),
    [(date(2026, 2, 1), Age.YOUNG), (date(2025, 6, 1), Age.GROWN), (date(2024, 1, 1), Age.OLD)],
)
def test_the_age_of_a_fault(opened, age):
    assert age_of(opened, TODAY) is age


@given(pairs)
def test_p30_others_see_no_small_number_and_none_by_subtraction(found):
    cells = [Cell((f"från {one}", f"till {other}"), (one, other), n) for (one, other), n in found.items()]
    shown, total = for_others(cells, "Alla"), sum(found.values())
    assert all(cell.number >= LEAST for cell in [*shown.cells, *shown.sums])
    assert [cell for cell in cells if cell in shown.cells] == shown.cells
    left = total - sum(cell.number for cell in shown.cells)
    assert left == 0 or left >= LEAST or shown.total is None
    assert shown.total is None or (shown.total == total and (total >= LEAST or not found))
    if all(number >= LEAST for number in found.values()):
        assert (shown.cells, shown.total) == (cells, total), "where nothing is small nothing is hidden"
    for one in shown.sums:
        side = one.names.index("Alla")
        parts = [cell for cell in cells if cell.ids[1 - side] == one.ids[1 - side]]
        assert (len(parts) > 1, one.number) == (True, sum(cell.number for cell in parts))
        left = one.number - sum(cell.number for cell in parts if cell in shown.cells)
        assert left == 0 or left >= LEAST


@given(some.lists(some.tuples(some.sampled_from("ABCD"), some.sampled_from("ABCD"), some.integers(1, 40)), min_size=1))
def test_the_picture_holds_every_link_inside_its_box(parts):
    links = [Link(*part) for part in {(left, right): (left, right, n) for left, right, n in parts}.values()]
    picture = picture_of(links)
    assert len(picture.bands) == len(links)
    for side in (picture.left, picture.right):
        assert sum(bar.number for bar in side) == sum(link.number for link in links)
        assert all(bar.y >= 0 and bar.y + bar.height <= picture.height for bar in side)
        assert all(one.y + one.height < other.y for one, other in pairwise(side))
