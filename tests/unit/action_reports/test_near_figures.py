"""Two published reports laid side by side: what differs by so little that it tells of single cases is found (P30)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexheller.action_reports.differences import Difference
from lexheller.action_reports.near_figures import near
from lexheller.action_reports.publishing import public
from tests.unit.action_reports.made_up import YEAR, Case, report_data

ANSWERED = Case(answered=10, told=True)
PAIRS = list(product("abu", "cde"))
LISTS = ("by_organisation", "by_reporting_organisation", "by_theme", "by_municipality", "by_month", "by_activity")


def data(cases: list[Case], **more: Any) -> dict[str, Any]:
    """With what it tells, as an edition has it. The trend is beside the point; it may not contradict the figures."""
    made = report_data(cases, trend="first_year", **more)
    return {**made, "public": public(made)}


def found(old: dict[str, Any], new: dict[str, Any]) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    return {(one.measure, one.label, one.what): (one.old, one.new) for one in near(old, new)}


def test_the_same_report_has_nothing_and_words_count_for_nothing():
    old = data([Case()] * 12)
    assert near(old, old) == near(old, {**old, "texts": {"summary": "Nya ord."}}) == []


def test_one_report_more_shows_in_each_figure_that_counts_it_once_each():
    there = [Case(theme="t")] * 8 + [Case(theme="u", month=2)] * 6
    told = near(data(there), data([*there, Case(theme="u", month=2)]))
    assert [(one.measure, one.label, one.old, one.new) for one in told] == [
        ("received", "", 14, 15),
        ("open_at_year_end", "", 14, 15),
        ("by_organisation", "C", 14, 15),
        ("by_reporting_organisation", "A", 14, 15),
        ("by_theme", "U", 6, 7),
        ("by_municipality", "M", 14, 15),
        ("by_month", "februari", 6, 7),
        ("by_activity", "A", 14, 15),
        ("pairs", "A → C", 14, 15),
    ]
    assert told[0] == Difference("received", "all", "", 14, 15)


def test_as_many_more_as_may_be_told_ask_nothing_and_fewer_count_too():
    few, many = data([Case()] * 10), data([Case()] * 15)
    assert near(few, many) == near(many, few) == []
    assert found(data([Case()] * 14), few)["received", "", "count"] == (14, 10)


def test_the_larger_limit_of_the_two_holds():
    old, new = data([Case()] * 10, least=3), data([Case()] * 14, least=6)
    assert ("received", "", "count") in found(old, new)
    assert near(data([Case()] * 10, least=3), data([Case()] * 14, least=3)) == []


def test_what_is_hidden_on_either_side_is_not_compared():
    """The year's whole is hidden, and with it all that is counted of its reports."""
    assert near(data([Case()] * 4), data([Case()] * 6)) == []


def test_a_group_with_something_hidden_in_it_is_not_compared():
    """A and U stand together in the first table; in the second they stand apart, and what one of them has is hidden."""
    old, new = (
        data(
            [
                Case(reporting=side, concerned=other)
                for (side, other), count in zip(PAIRS, counts, strict=True)
                for _ in range(count)
            ]
        )
        for counts in ((5, 1, 1, 5, 5, 0, 0, 2, 1), (2, 0, 4, 7, 0, 1, 6, 0, 6))
    )
    shown = {(one["reporting"]["key"], one["concerned"]["key"]): one["count"] for one in public(new)["pairs"]}
    assert (shown["a", "c"], shown["u", "c"]) == (None, 6)
    assert not any("A → C" in label for _measure, label, _what in found(old, new))


def test_lists_merged_in_different_ways_are_compared_as_the_groups_that_both_tell():
    """January and February stand together in the first, apart in the second."""
    spread = [Case(month=1)] * 3 + [Case(month=2)] * 5 + [Case(month=3)] * 5
    more = [*spread, *[Case(month=1)] * 2, Case(month=2)]
    assert public(data(spread))["by_month"][0]["label"] == "januari–februari"
    assert found(data(spread), data(more))["by_month", "januari + februari", "count"] == (8, 11)
    themes, later = ([Case(theme=name) for name in names] for names in ("tttttttuuuuvvv", "tttttttuuuuuvvvvv"))
    told = found(data(themes), data(later))
    assert told["by_theme", "U + V", "count"] == (7, 10)
    assert ("by_theme", "T", "count") not in told


def test_what_is_left_of_a_whole_counts_where_its_part_does_not_tell_it():
    """Seven more of whom six are answered: the numbers differ by enough, those without an answer by one."""
    there = [ANSWERED] * 10 + [Case()] * 10
    told = found(data(there), data([*there, *[ANSWERED] * 6, Case()]))
    assert told["answered", "", "rest"] == (10, 11)
    assert ("answered", "", "count") not in told
    assert ("answered", "", "rest") not in found(data(there), data([*there, Case()]))


def test_reports_of_two_years_are_compared_in_what_both_tell():
    """Last year's report said how many came in; this year's says it again, and by theme."""
    last = year_before([Case(theme="a")] * 8 + [Case(theme="b")] * 15)
    assert near(last, data([Case()] * 40, earlier={YEAR - 1: 23})) == [
        Difference("by_theme", "all", f"A, {YEAR - 1}", 8, 7),
        Difference("by_theme", "all", f"B, {YEAR - 1}", 15, 16),
    ]
    told = found(last, data([Case()] * 40, earlier={YEAR - 1: 24}))
    assert told["received", str(YEAR - 1), "count"] == (23, 24)


def test_of_actions_with_few_of_a_kind_the_commonest_is_compared_and_the_others_are_not():
    hidden, later = (data([Case()] * 9, actions={"training": most, "routine": 8, "x": 1}) for most in (12, 14))
    assert hidden["public"]["by_action_type"] == []
    told = {key for key in found(hidden, later) if key[0] == "by_action_type"}
    assert {label for _measure, label, _what in told} == {""} | {
        hidden["public"]["commonest"]["by_action_type"][0]["label"]
    }


def test_p30_what_became_of_those_that_were_open_a_year_before_is_compared():
    """Seven were open at the end of last year. Fifteen are at the end of this year, of whose twenty ten were closed:
    five are left of the seven, so that two were closed.
    """
    last = year_before([Case()] * 7 + [Case(closed=True)] * 10)
    this = data([Case()] * 10 + [Case(closed=True)] * 10, earlier={YEAR - 1: 17})
    this["public"]["numbers"]["open_at_year_end"]["value"] = 15
    assert last["public"]["numbers"]["open_at_year_end"]["value"] == 7
    assert found(last, this)["open_at_year_end", str(YEAR - 1), "still_open"] == (7, 5)
    this["public"]["numbers"]["open_at_year_end"]["value"] = 10
    assert ("open_at_year_end", str(YEAR - 1), "still_open") not in found(last, this)
    this["public"]["numbers"]["closed"]["value"] = None
    assert ("open_at_year_end", str(YEAR - 1), "still_open") not in found(last, this)


def year_before(cases: list[Case]) -> dict[str, Any]:
    made = report_data(cases, trend="first_year") | {"year": YEAR - 1, "per_year": {str(YEAR - 1): len(cases)}}
    return {**made, "public": public(made)}


names = st.sampled_from(["a", "b", "c", None])
cases = st.lists(
    st.builds(
        Case,
        reporting=names,
        concerned=names,
        theme=names,
        municipality=st.sampled_from(["m", "m", "n"]),
        month=st.integers(1, 12),
        answered=st.none() | st.integers(0, 80),
        closed=st.booleans(),
        faults=st.frozensets(st.sampled_from(["F", "G"]), max_size=1),
    ),
    max_size=10,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(there=cases, times=st.integers(1, 3), more=cases, fewer=st.integers(0, 4))
def test_p30_whatever_one_can_subtract_cell_by_cell_is_found(there, times, more, fewer):
    old, new = data(there * times), data([*more, *(there * times)[fewer:]])
    told = {one.measure for one in near(old, new)}
    assert {measure for measure, difference in subtracted(public(old), public(new)) if 0 < abs(difference) < 5} <= told


def subtracted(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Written without the product's code: the same cell of both, where both show it."""
    for year in old["per_year"].keys() & new["per_year"].keys():
        yield from _both("received", old["per_year"][year], new["per_year"][year])
    for name in old["numbers"].keys() & new["numbers"].keys():
        yield from _both(name, old["numbers"][name]["value"], new["numbers"][name]["value"])
    for name in LISTS:
        was, now = ({_what(line, name, side): line["count"] for line in side[name]} for side in (old, new))
        for key in was.keys() & now.keys():
            yield from _both(name, was[key], now[key])
    pairs = [
        {(pair["reporting"]["key"], pair["concerned"]["key"]): pair["count"] for pair in side["pairs"] or ()}
        for side in (old, new)
    ]
    for key in pairs[0].keys() & pairs[1].keys():
        if "others" not in key:
            yield from _both("pairs", pairs[0][key], pairs[1][key])
    faults = [{line["number"]: line["count"] for line in side["faults"]} for side in (old, new)]
    for key in faults[0].keys() & faults[1].keys():
        yield from _both("faults", faults[0][key], faults[1][key])


def _what(line: dict[str, Any], name: str, side: dict[str, Any]) -> tuple[Any, ...]:
    """What a line counts, as a reader sees it."""
    if line["key"] == "others":
        return "others", *side["merged"][name]["labels"]
    return line["key"], line.get("last")


def _both(name: str, was: int | None, now: int | None) -> Iterator[tuple[str, int]]:
    if was is not None and now is not None:
        yield name, now - was
