"""The words of a break in a series, and that no number of themes over the years can be found out (P30)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from lexheller.action_reports.breaks import hide_small, marks, of_theme, sentences
from lexheller.action_reports.charts.trend import Break
from lexheller.action_reports.publishing_lists import OTHERS, merged

LEAST = 5


@pytest.fixture(autouse=True)
def in_swedish():
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context(), force_locale("sv"):
        yield


def change(kind: str, before: list[str], after: list[str], on: str = "2023-03-04") -> dict:
    return {"on": on, "kind": kind, "from": before, "from_keys": before, "to": after, "to_keys": after}


def line(key: str, *counts: int) -> dict:
    return {"key": key, "label": key.upper(), "per_year": {str(2023 + place): one for place, one in enumerate(counts)}}


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (change("split", ["A"], ["B", "C", "D"]), "Temat ”A” delades den 4 mars 2023 i ”B”, ”C” och ”D”."),
        (change("merged", ["A", "B"], ["C"]), "Temana ”A” och ”B” slogs den 4 mars 2023 ihop till ”C”."),
        (change("renamed", ["A"], ["B"]), "Temat ”A” heter ”B” sedan den 4 mars 2023."),
        (change("added", [], ["B"]), "Temat ”B” finns sedan den 4 mars 2023."),
        (change("retired", ["A"], []), "Temat ”A” används inte sedan den 4 mars 2023."),
    ],
)
def test_each_kind_is_said(one, said):
    assert sentences([one])[0] == said
    assert len(sentences([one])) == (1 if one["kind"] == "renamed" else 2)


def test_a_chart_marks_each_kind_once_a_year_and_no_new_name():
    found = [
        change("split", ["A"], ["B", "C"]),
        change("split", ["D"], ["E", "F"], "2023-11-30"),
        change("renamed", ["B"], ["G"]),
        change("retired", ["E"], [], "2022-01-02"),
    ]
    assert marks(found) == (Break(2022, "ur bruk"), Break(2023, "delat tema"))
    assert of_theme(found, "B") == [found[0], found[2]]
    assert sentences([]) == []


def test_small_numbers_go_with_others_so_that_no_sum_tells():
    shown = hide_small([line("a", 9, 9, 9), line("b", 7, 0, 6), line("c", 3, 8, 0), line("d", 0, 1, 0)], LEAST)
    assert {one["key"]: list(one["per_year"].values()) for one in shown} == {"a": [9, 9, 9], "b": [None, 0, 6]}


def test_of_a_year_that_is_small_nothing_is_told():
    shown = hide_small([line("a", 2, 9), line("b", 0, 7)], LEAST)
    assert [list(one["per_year"].values()) for one in shown] == [[None, 9], [None, 7]]
    assert hide_small([], LEAST) == []
    assert hide_small([line("a", 2, 1), line("b", 0, 0)], LEAST) == []


@given(st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=1, max_size=7), st.integers(3, 8))
def test_p30_no_number_of_a_year_can_be_told_from_the_whole_or_the_years_own_list(rows, least):
    series = [line(f"t{place}", *row) for place, row in enumerate(rows)]
    shown = {one["key"]: one["per_year"] for one in hide_small(series, least)}
    for year in ("2023", "2024", "2025"):
        counts = {one["key"]: one["per_year"][year] for one in series}
        seen = {key: told[year] for key, told in shown.items() if told[year] is not None}
        assert all(number == counts[key] and not 0 < number < least for key, number in seen.items())
        rest = [counts[key] for key in counts if counts[key] and key not in seen]
        if sum(counts.values()) >= least and rest:
            # One who knows the whole knows the sum of the rest: never small, never one number, never all ones, unless
            # nothing of the year is told, not even how many themes it had.
            assert sum(rest) >= least or not seen
            assert len(rest) > 1 or not seen
            assert sum(rest) > len(rest) or not seen
        own = merged([{"key": key, "label": key, "count": count} for key, count in counts.items()], least)
        listed = {one["key"] for one in own.lines if own.is_worth_showing} - {OTHERS}
        assert seen.keys() <= listed
