"""The trend in words and the spread of answer times."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.statistics.rules import Trend, median_days, percentile, trend

SODRA_VATTERBYGDEN = {2022: 8, 2023: 12, 2024: 17}


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2021, Trend.FIRST_YEAR),
        (2022, Trend.FIRST_YEAR),
        (2023, Trend.INCREASE),
        (2024, Trend.CONTINUED_INCREASE),
        (2025, Trend.DECREASE),
        (2026, Trend.UNCHANGED),
    ],
)
def test_the_years_of_sodra_vatterbygden(year: int, expected: Trend) -> None:
    assert trend(SODRA_VATTERBYGDEN, year, first_year=2022) is expected


def test_without_any_report_every_year_is_a_first_one() -> None:
    assert trend({}, 2024, first_year=None) is Trend.FIRST_YEAR


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ([5, 3], Trend.DECREASE),
        ([5, 3, 2], Trend.CONTINUED_DECREASE),
        ([5, 3, 2, 1], Trend.CONTINUED_DECREASE),
        ([5, 3, 4], Trend.INCREASE),
        ([3, 5, 4], Trend.DECREASE),
        ([3, 5, 5], Trend.UNCHANGED),
        ([3, 5, 5, 6], Trend.INCREASE),
        ([5, 3, 3, 2], Trend.DECREASE),
        ([5, 0, 0], Trend.UNCHANGED),
        ([5, 0, 1], Trend.INCREASE),
        ([1, 2, 3, 4], Trend.CONTINUED_INCREASE),
    ],
)
def test_the_last_of_a_row_of_years(received: list[int], expected: Trend) -> None:
    counts = {2015 + n: number for n, number in enumerate(received)}
    assert trend(counts, 2014 + len(received), first_year=2015) is expected


def test_the_year_after_the_first_is_never_a_continuation() -> None:
    """Reports before the first year would be a fault in the counts; they must not make a continuation."""
    assert trend({2021: 1, 2022: 5, 2023: 9}, 2023, first_year=2022) is Trend.INCREASE


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8))
def test_the_trend_follows_its_definition_year_by_year(received: list[int]) -> None:
    counts = dict(enumerate(received, start=2015))
    before = Trend.FIRST_YEAR
    for year in range(2016, 2015 + len(received)):
        now = trend(counts, year, first_year=2015)
        rising = before in (Trend.INCREASE, Trend.CONTINUED_INCREASE)
        falling = before in (Trend.DECREASE, Trend.CONTINUED_DECREASE)
        if counts[year] > counts[year - 1]:
            assert now is (Trend.CONTINUED_INCREASE if rising else Trend.INCREASE)
        elif counts[year] < counts[year - 1]:
            assert now is (Trend.CONTINUED_DECREASE if falling else Trend.DECREASE)
        else:
            assert now is Trend.UNCHANGED
        before = now


@pytest.mark.parametrize(
    ("values", "expected"), [([], None), ([7], 7.0), ([9, 1, 5], 5.0), ([1, 2, 3, 10], 2.5), ([0, 0], 0.0)]
)
def test_median(values: list[int], expected: float | None) -> None:
    assert median_days(values) == expected


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.9, None),
        ([4], 0.9, 4),
        (range(1, 11), 0.9, 9),
        (range(1, 12), 0.9, 10),
        (range(1, 101), 0.07, 7),  # 0.07 * 100 is a hair above 7 in floating point
        (range(1, 11), 1, 10),
        ([30, 10, 20], 0.5, 20),
    ],
)
def test_percentile(values: list[int], share: float, expected: int | None) -> None:
    assert percentile(list(values), share) == expected


@given(st.lists(st.integers(0, 400), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_covering_its_share(values: list[int], hundredths: int) -> None:
    result = percentile(values, hundredths / 100)
    assert result in values
    needed = math.ceil(hundredths * len(values) / 100)
    assert sum(value <= result for value in values) >= needed
    assert sum(value < result for value in values) < needed


@pytest.mark.parametrize("share", [0, -0.1, 1.01, 90, float("nan")])
def test_a_share_outside_its_bounds_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        percentile([1, 2, 3], share)
