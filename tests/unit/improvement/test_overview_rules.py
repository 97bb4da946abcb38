"""Periods of the overview, ages of faults, and the picture's geometry."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lexheller.improvement.flow_picture import Link, picture_of
from lexheller.improvement.overview_rules import (
    Age,
    Period,
    age_of,
    opened_in,
    period_of,
    quarters_until,
)

TODAY = date(2026, 2, 14)


def test_a_period_is_a_year_or_the_last_twelve_months():
    assert period_of("2024", TODAY) == Period(date(2024, 1, 1), date(2024, 12, 31))
    assert period_of(None, TODAY) == Period(date(2025, 2, 15), TODAY)
    assert period_of(None, date(2024, 2, 29)) == Period(date(2023, 3, 1), date(2024, 2, 29))
    assert period_of("2099", TODAY) == period_of("år", TODAY) == period_of(None, TODAY)


def test_quarters_follow_each_other_and_end_with_today():
    found = quarters_until(TODAY)
    assert (found[0].first, found[-1]) == (date(2024, 10, 1), Period(date(2026, 1, 1), date(2026, 3, 31)))
    assert all((after.first - before.last).days == 1 for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("opened", "age"),
    [(date(2026, 2, 1), Age.YOUNG), (date(2025, 6, 1), Age.GROWN), (date(2024, 1, 1), Age.OLD)],
)
def test_the_age_of_a_fault(opened, age):
    assert age_of(opened, TODAY) is age


@given(some.dates(date(2020, 1, 1), date(2026, 3, 1)))
def test_the_days_of_an_age_are_those_of_its_faults(opened):
    ages = [age for age in Age if opened_in(age, TODAY).first <= opened <= opened_in(age, TODAY).last]
    assert ages == [age_of(opened, TODAY)]


@given(some.lists(some.tuples(some.sampled_from("ABCD"), some.sampled_from("ABCD"), some.integers(1, 40)), min_size=1))
def test_the_picture_holds_every_link_inside_its_box(parts):
    links = [Link(*part) for part in {(left, right): (left, right, n) for left, right, n in parts}.values()]
    picture = picture_of(links)
    assert len(picture.bands) == len(links)
    for side in (picture.left, picture.right):
        assert sum(bar.number for bar in side) == sum(link.number for link in links)
        assert all(bar.y >= 0 and bar.y + bar.height <= picture.height for bar in side)
        assert all(one.y + one.height < other.y for one, other in pairwise(side))
