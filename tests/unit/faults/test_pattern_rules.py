"""Which combinations recur or rise, and at which level."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lexheller.core.months import add_months
from lexheller.faults.patterns_rules import (
    Combination,
    Sighting,
    Trend,
    begins,
    find,
    trend_of,
)

TODAY = date(2026, 11, 22)
FK, AF = 1, 2
CONTACT, RULES = 10, 11
HABO, MULLSJO, VAGGERYD = 20, 21, 22


def seen(theme=CONTACT, place=HABO, *, ago=30, reporting=FK, concerned=AF):
    return Sighting(Combination(reporting, concerned, theme, place), TODAY - timedelta(days=ago))


def combination(theme=None, place=None):
    return Combination(FK, AF, theme, place)


def keys(sightings):
    return [(one.combination, one.trend, one.count) for one in find(sightings, TODAY)]


def test_three_in_twelve_months_recur_two_do_not():
    days = [seen(ago=300), seen(ago=200), seen(ago=20)]
    assert keys(days) == [(combination(CONTACT, HABO), Trend.RECURRING, 3)]
    assert keys(days[:2]) == []


def test_three_in_six_months_and_twice_as_many_as_before_rise():
    assert trend_of([TODAY] * 3, TODAY) is Trend.RISING
    earlier = TODAY - timedelta(days=250)
    assert trend_of([TODAY] * 4 + [earlier] * 2, TODAY) is Trend.RISING
    assert trend_of([TODAY] * 3 + [earlier] * 2, TODAY) is Trend.RECURRING


def test_the_twelve_months_end_today_and_begin_the_day_after_the_same_day_last_year():
    assert begins(TODAY) == date(2025, 11, 23)
    assert add_months(date(2026, 8, 31), -6) == date(2026, 2, 28)
    first = (TODAY - begins(TODAY)).days
    assert len(find([seen(ago=first)] * 3, TODAY)) == 1
    assert find([seen(ago=first + 1)] * 3, TODAY) == []
    assert find([seen(ago=-1)] * 3, TODAY) == []


def test_a_coarser_one_only_for_what_the_finer_ones_leave():
    in_habo = [seen()] * 3
    assert [found[0] for found in keys([*in_habo, seen(place=MULLSJO), seen(place=VAGGERYD)])] == [
        combination(CONTACT, HABO)
    ]
    elsewhere = [seen(place=MULLSJO), seen(place=VAGGERYD), seen(place=None)]
    assert {(found[0], found[2]) for found in keys([*in_habo, *elsewhere])} == {
        (combination(CONTACT, HABO), 3),
        (combination(CONTACT), 6),
    }


def test_theme_or_place_is_left_open_where_it_differs_or_is_not_known():
    assert [found[0] for found in keys([seen(theme=None), seen(theme=RULES), seen()])] == [combination(place=HABO)]
    nothing_known = [seen(theme=None, place=None)] * 3
    assert [found[0] for found in keys(nothing_known)] == [combination()]


def test_pairs_of_parties_are_kept_apart_and_an_unknown_reporter_is_a_pair_of_its_own():
    assert keys([seen(), seen(), seen(reporting=AF, concerned=FK)]) == []
    unknown = find([seen(reporting=None)] * 3, TODAY)
    assert unknown[0].combination == Combination(None, AF, CONTACT, HABO)
    assert unknown[0].combination.key == "->2:10:20"


@given(
    st.lists(
        st.builds(
            seen,
            st.sampled_from([None, CONTACT, RULES]),
            st.sampled_from([None, HABO, MULLSJO]),
            ago=st.integers(0, 400),
        ),
        max_size=25,
    )
)
def test_the_same_answer_in_any_order(sightings):
    found = find(sightings, TODAY)
    assert find(list(reversed(sightings)), TODAY) == found
    assert all(one.count >= 3 for one in found)
