"""What leaves the office: no small number, and none that can be worked out from what is there (P30).

The attacker here knows the published numbers, the names, that what a merged line names has at least one each, and that
what is said to be below the limit is so. None of the product's code is used to attack.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexheller.action_reports.publishing import public
from tests.unit.action_reports.made_up import YEAR, Case, report_data

LISTS = ("by_organisation", "by_reporting_organisation", "by_theme", "by_municipality")

names = st.sampled_from(["a", "b", "c", "d", None])
several = st.sampled_from([True, False, False, False])
case = st.builds(
    Case,
    reporting=names,
    concerned=names,
    theme=names,
    municipality=st.sampled_from(["m", "m", "m", "n", "o"]),
    month=st.integers(1, 12),
    answered=st.none() | st.integers(0, 80),
    closed=st.booleans(),
    told=several,
    sent=several,
    reopened=several,
    not_solved=several,
    faults=st.frozensets(st.sampled_from(["F", "G", "H"]), max_size=2),
)
figures = st.builds(
    report_data,
    st.lists(case, max_size=12).flatmap(lambda few: st.integers(1, 3).map(lambda times: few * times)),
    earlier=st.dictionaries(st.integers(YEAR - 3, YEAR - 1), st.integers(1, 20), max_size=3),
    open_before=st.integers(0, 8),
    closed_before=st.integers(0, 8),
    occurrences=st.integers(0, 8),
    answers=st.tuples(st.integers(0, 9), st.integers(9, 20)),
    actions=st.dictionaries(st.sampled_from(["training", "x", "y"]), st.integers(1, 8), max_size=3),
    effects=st.tuples(*[st.integers(0, 8)] * 4),
    actions_open=st.integers(0, 8),
    least=st.integers(3, 6),
    trend=st.just("increase"),
).map(lambda data: {**data, "trend": trend_of(data)})
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def trend_of(data: dict[str, Any]) -> str:
    before = data["per_year"].get(str(YEAR - 1), 0)
    if len(data["per_year"]) < 2:
        return "first_year"
    return "unchanged" if data["received"] == before else "increase" if data["received"] > before else "decrease"


def counts(found: Any, path: str = "") -> Iterator[tuple[str, int]]:
    """Every number that counts something, wherever it stands."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key not in ("measures", "year", "least", "days", "median", "nine_of_ten"):
                yield from counts(value, f"{path}/{key}")
        if isinstance(found.get("count"), int):
            yield f"{path}/count", found["count"]
        for one in (found["days"] if isinstance(found.get("days"), dict) else {}).values():
            yield from counts(one, f"{path}/days")
    elif isinstance(found, list):
        for place, value in enumerate(found):
            yield from counts(value, f"{path}/{place}")
    elif isinstance(found, int) and not isinstance(found, bool):
        yield path, found


@often
@given(figures)
def test_p30_no_published_number_is_small(data: dict[str, Any]) -> None:
    told = public(data)
    assert [one for one in counts(told) if 0 < one[1] < data["least"]] == []
    assert "N0" not in json.dumps(told)
    assert not {"cases", "cases_behind", "facts"} & set(told)


def sums(ranges: list[tuple[int, int]], total: int) -> list[set[int]]:
    """For each range, which of its numbers can stand in a sum of them all that is `total`."""

    def reach(some: list[tuple[int, int]]) -> set[int]:
        found = {0}
        for low, high in some:
            found = {number + one for number in found for one in range(low, min(high, total) + 1)}
        return found

    return [
        {
            one
            for one in range(low, min(high, total) + 1)
            if total - one in reach([*ranges[:place], *ranges[place + 1 :]])
        }
        for place, (low, high) in enumerate(ranges)
    ]


@often
@given(figures)
def test_p30_nothing_merged_can_be_told_from_its_sum(data: dict[str, Any]) -> None:
    told = public(data)
    for name, held in told["merged"].items():
        total = next(line["count"] for line in told[name] if line["key"] == "others")
        highest = data["least"] - 1 if held["small"] else total
        assert all(len(possible) > 1 for possible in sums([(1, highest)] * len(held["labels"]), total)), name
        assert held["labels"] == sorted(held["labels"])
    for labels in told["names"].values():
        assert all(len(possible) > 1 for possible in sums([(1, data["received"])] * len(labels), data["received"]))
    for line in told["by_month"]:
        first, last = int(line["key"][-2:]), int(line["last"][-2:])
        assert line["count"] == sum(one["count"] for one in data["by_month"][first - 1 : last])


def solutions(
    rows: dict[str, int | None],
    columns: dict[str, int | None],
    total: int,
    ranges: dict[tuple[str, str], tuple[int, int]],
    odd: tuple[tuple[str, str], int],
) -> bool:
    """Whether a table with these sums exists in which one cell is something else than it is. None: a sum not known."""
    cells = sorted(ranges, key=lambda cell: (ranges[cell][1] - ranges[cell][0], cell))
    steps = 0

    def filled(place: int, made: dict[tuple[str, str], int]) -> bool:
        nonlocal steps
        steps += 1
        assert steps < 60_000, "too large a table for the attack"
        if sum(made.values()) > total:
            return False
        for names, at in ((rows, 0), (columns, 1)):
            for name, known in names.items():
                if known is None:
                    continue
                inside = [cell for cell in cells if cell[at] == name]
                there = sum(made[cell] for cell in inside if cell in made)
                left = [cell for cell in inside if cell not in made]
                if there + sum(ranges[cell][0] for cell in left) > known:
                    return False
                if there + sum(ranges[cell][1] for cell in left) < known:
                    return False
        if place == len(cells):
            return sum(made.values()) == total
        cell = cells[place]
        low, high = ranges[cell]
        for number in range(low, high + 1):
            if (cell, number) != odd and filled(place + 1, {**made, cell: number}):
                return True
        return False

    return filled(0, {})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["p", "q", "r", "a"]), st.integers(1, 9)),
        max_size=7,
    ),
    st.lists(st.tuples(st.sampled_from([*"abc", None]), st.just(None), st.integers(1, 4)), max_size=2),
)
def test_p30_no_hidden_pair_can_be_worked_out_from_the_lists(
    known: list[tuple[str, str, int]], unknown: list[tuple[str | None, None, int]]
) -> None:
    cases = [Case(of, about) for of, about, times in [*known, *unknown] for _one in range(times)]
    data = report_data(cases, trend="first_year")
    told = public(data)
    if told["pairs"] is None:
        return
    total = told["received"]
    sides = []
    for name in ("by_reporting_organisation", "by_organisation"):
        found = {line["key"]: line["count"] for line in told[name]}
        sides.append(found or {"others": total})
    rows, columns = sides
    shown = {(pair["reporting"]["key"], pair["concerned"]["key"]): pair["count"] for pair in told["pairs"]}
    ranges = {
        cell: ((0, total) if "unknown" in cell else (0, 0))
        if cell not in shown
        else ((1, total) if shown[cell] is None else (shown[cell], shown[cell]))
        for cell in product(rows, columns)
    }
    true = grouped(cases, told)
    for cell, number in shown.items():
        if number is None:
            assert solutions(rows, columns, total, ranges, (cell, true[cell]))
        else:
            assert number == true[cell]


def grouped(cases: list[Case], told: dict[str, Any]) -> dict[tuple[str, str], int]:
    """The true table with the merged names as one."""
    rows, columns = ({line["key"] for line in told[name]} for name in ("by_reporting_organisation", "by_organisation"))
    found: dict[tuple[str, str], int] = {}
    for one in cases:
        of, about = one.reporting or "unknown", one.concerned or "unknown"
        cell = of if of in rows else "others", about if about in columns else "others"
        found[cell] = found.get(cell, 0) + 1
    return found


@often
@given(figures)
def test_p30_the_themes_of_a_year_tell_no_more_than_its_list(data: dict[str, Any]) -> None:
    """What is not told of a year is together enough, and more than one number."""
    told = public(data)
    for year, total in told["per_year"].items():
        now = [line["per_year"][year] for line in told["themes_per_year"]]
        true = [line["per_year"][year] for line in data["themes_per_year"]]
        missing = (total or 0) - sum(number or 0 for number in now)
        assert total is not None or not any(now)
        assert not now or missing in (0, total) or (missing >= data["least"] and sum(map(bool, true)) > 1)
    current = {line["key"]: line["per_year"][str(YEAR)] for line in told["themes_per_year"] if data["received"]}
    shown = {line["key"]: line["count"] for line in told["by_theme"] if line["key"] != "others"}
    assert {key: number for key, number in current.items() if number} == {
        key: shown[key] for key in shown if key in current
    }


@often
@given(figures)
def test_p30_an_activity_tells_nothing_that_the_lists_hide(data: dict[str, Any]) -> None:
    """What it adds is the number of reports with it on both sides, and what it lacks the number on one."""
    told = public(data)
    for line in told["by_activity"]:
        one, other = (
            next((row["count"] for row in data[name] if row["key"] == line["key"]), 0)
            for name in ("by_reporting_organisation", "by_organisation")
        )
        both = one + other - line["count"]
        parts = [both, one, other, one - both, other - both]
        shown = [
            {row["key"] for row in told[name]} | {"others"} for name in ("by_reporting_organisation", "by_organisation")
        ]
        assert not 0 < both < data["least"]
        assert not 0 < one < data["least"]
        assert not 0 < other < data["least"]
        assert all(line["key"] in keys for keys, number in zip(shown, (one, other), strict=True) if number) or (
            0 in parts[1:3]
        )


@often
@given(figures)
def test_p30_no_hidden_part_can_be_worked_out(data: dict[str, Any]) -> None:
    """By trying every number that the parts could be, with all that is published and how things lie in each other."""
    told, least, total = public(data), data["least"], data["received"]
    if told["received"] is None or not total:
        return
    shown = {name: told["numbers"][name]["value"] for name in ("answered", "closed", "fed_back")}
    spread = told["days"]["answer_days"]
    small = [*range(1, least), *range(max(total - least + 1, 1), total)]
    every = range(total + 1)
    answered = [
        one
        for one in ([shown["answered"]] if shown["answered"] is not None else small)
        if (spread["median"] is None or one >= least) and (spread["nine_of_ten"] is None or one >= 2 * least)
    ]
    closed = [shown["closed"]] if shown["closed"] is not None else small
    back = [shown["fed_back"]] if shown["fed_back"] is not None else list(every)
    possible = [(a, c, f) for a, c, f in product(answered, closed, back) if f >= max(a, c)]
    truth = tuple(data["numbers"][name]["value"] for name in ("answered", "closed", "fed_back"))
    assert truth in possible
    for place, name in enumerate(("answered", "closed", "fed_back")):
        if shown[name] is None:
            assert len({one[place] for one in possible}) > 1, name
    inner = [shown[name] for name in ("answered", "closed") if shown[name] is not None]
    if shown["fed_back"] is not None:
        assert not any(0 < shown["fed_back"] - one < least for one in inner)
    left = told["numbers"]["open_at_year_end"]["value"]
    if left is not None and shown["closed"] is not None:
        assert not 0 < left - (total - shown["closed"]) < least
    assert left is None or shown["closed"] is not None
    first = told["days"]["days_to_first_answer"]["count"]
    if first is not None and shown["answered"] is not None:
        assert not 0 < first - shown["answered"] < least


@often
@given(figures)
def test_p30_what_is_left_of_a_part_is_not_small_either(data: dict[str, Any]) -> None:
    told = public(data)
    for name, one in told["numbers"].items():
        if one["value"] is not None and one["of"] is not None:
            assert not 0 < one["of"] - one["value"] < data["least"], name
    for line in [*told["faults"], *told["by_activity"]]:
        if line["count"] is not None:
            assert not 0 < told["received"] - line["count"] < data["least"]
    steps = [0, *(step["count"] for step in told["answered_within"])]
    if told["answered_within"]:
        steps.append(told["numbers"]["answered"]["value"])
        steps.append(told["received"])
    assert not [one for one, other in pairwise(steps) if 0 < other - one < data["least"]]


@often
@given(figures)
def test_p30_faults_and_their_sum_do_not_tell_who_is_in_several(data: dict[str, Any]) -> None:
    told = public(data)
    together = (told["numbers"].get("reports_in_faults") or {"value": None})["value"]
    known = [line["count"] for line in told["faults"]]
    if together is None:
        return
    assert None not in known
    assert not [one for one in known if 0 < together - one < data["least"]]
    assert not 0 < sum(known) - together < data["least"]


@often
@given(figures)
def test_p30_what_is_shown_is_true(data: dict[str, Any]) -> None:
    told = public(data)
    if told["received"] is None:
        assert 0 < data["received"] < data["least"]
        return
    for name in LISTS:
        given_lines = {line["key"]: line["count"] for line in data[name]}
        rows = told[name]
        assert all(given_lines[line["key"]] == line["count"] for line in rows if line["key"] != "others")
        assert not rows or sum(line["count"] for line in rows) == data["received"]
    assert sum(line["count"] for line in told["by_month"]) == data["received"]


def test_of_too_few_reports_nothing_is_told_but_that_they_are_few() -> None:
    told = public(report_data([Case(answered=3)] * 4, trend="first_year", actions={"training": 6}))
    assert told["received"] is None
    assert told["per_year"] == {"2024": None}
    assert [told[name] for name in (*LISTS, "by_month", "faults")] == [[]] * 6
    assert "färre än 5 Lex Heller-anmälningar" in told["text"]["sv"][0]
    assert "fewer than 5 Lex Heller reports" in told["text"]["en"][0]
    assert told["text"]["sv"][1].startswith("Utbildning gavs vid sex tillfällen")


def test_small_years_are_hidden_and_no_trend_compares_them() -> None:
    told = public(report_data([Case()] * 9, earlier={2022: 2, 2023: 4}, trend="continued_increase"))
    assert told["per_year"] == {"2022": None, "2023": None, "2024": 9}
    assert told["trend"] == "increase"
    assert "en ökning från året före" in told["text"]["sv"][0]


@pytest.mark.parametrize(
    ("answered", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (12, 12), (13, None), (16, None), (17, 17)]
)
def test_a_part_is_hidden_when_it_or_the_rest_is_small(answered: int, shown: int | None) -> None:
    cases = [Case(answered=3)] * answered + [Case()] * (17 - answered)
    told = public(report_data(cases, trend="first_year"))
    assert told["numbers"]["answered"] == {"value": shown, "of": 17}
    assert told["days"]["answer_days"]["count"] == shown
    assert (told["days"]["answer_days"]["median"] is None) == (answered < 5)


def test_p30_who_was_told_without_an_answer_is_not_the_difference_of_two_parts() -> None:
    cases = [Case(answered=3)] * 20 + [Case(told=True)] * 2 + [Case()] * 8
    told = public(report_data(cases, trend="first_year"))
    assert told["numbers"]["answered"]["value"] == 20
    assert told["numbers"]["fed_back"]["value"] is None


def test_p30_what_is_told_of_days_does_not_tell_how_many() -> None:
    """Nine of 13 is hidden for the four; that there is no nine of ten must not say that they are below ten."""
    for answered in (9, 10, 12):
        told = public(report_data([Case(answered=3)] * answered + [Case()] * (13 - answered), trend="first_year"))
        assert told["days"]["answer_days"] == {"count": None, "median": 3, "nine_of_ten": None}


def test_p30_steps_of_answer_times_are_left_out_when_few_came_between() -> None:
    spans = [5] * 20 + [10] * 2 + [26] * 10
    told = public(report_data([Case(answered=span) for span in spans], trend="first_year"))
    assert [(step["days"], step["count"]) for step in told["answered_within"]] == [
        (7, 20),
        (28, 32),
        (60, 32),
        (90, 32),
    ]


def test_small_lines_are_one_and_say_what_they_hold() -> None:
    cases = [Case(theme="t")] * 9 + [Case(theme="u")] * 4 + [Case(theme="v")] * 2 + [Case(theme="w")] * 5
    told = public(report_data(cases, trend="first_year"))
    assert [(line["label"], line["count"]) for line in told["by_theme"]] == [
        ("T", 9),
        ("W", 5),
        ("Övriga (färre än 5 var)", 6),
    ]
    assert told["merged"]["by_theme"] == {"labels": ["U", "V"], "small": True}


def test_one_small_line_takes_the_next_with_it() -> None:
    cases = [Case(theme="t")] * 9 + [Case(theme="u")] * 7 + [Case(theme="v")] * 2
    told = public(report_data(cases, trend="first_year"))
    assert [(line["label"], line["count"]) for line in told["by_theme"]] == [("T", 9), ("Övriga", 9)]
    assert told["merged"]["by_theme"] == {"labels": ["U", "V"], "small": False}


def test_neighbouring_months_go_together_until_none_is_small() -> None:
    months = {1: 2, 2: 1, 3: 4, 6: 5, 9: 6, 11: 1}
    cases = [Case(month=month) for month, times in months.items() for _one in range(times)]
    told = public(report_data(cases, trend="first_year"))
    assert [(line["label"], line["count"]) for line in told["by_month"] if line["count"]] == [
        ("januari–mars", 7),
        ("juni", 5),
        ("september–november", 7),
    ]


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ({"x": 1, "y": 1, "z": 1}, "Åtgärder vidtogs: info om x0, info om y0 samt info om z0."),
        ({"x": 2, "y": 2}, "Åtgärder vidtogs: info om x0, info om x1, info om y0 samt info om y1."),
        ({"x": 1}, "Några få åtgärder vidtogs: info om x0."),
    ],
)
def test_actions_of_few_kinds_are_told_together(done: dict[str, int], said: str) -> None:
    told = public(report_data([Case()] * 9, trend="first_year", actions=done, least=3))
    assert told["by_action_type"] == []
    assert told["text"]["sv"][1].startswith(said)


def test_p30_where_any_kind_has_few_actions_only_the_commonest_is_counted() -> None:
    done = {"information_to_managers": 9, "x": 6, "samverkanskoppen": 3, "training": 3}
    told = public(report_data([Case()] * 9, trend="first_year", actions=done))
    assert told["by_action_type"] == []
    assert told["actions_total"] == 21
    assert [group["count"] for group in told["actions"]] == [9, None, None, None]
    said = told["text"]["sv"][1]
    assert said.startswith("Sammanlagt vidtogs 21 åtgärder. Berörda chefer informerades nio gånger")
    assert "Samverkanskoppen hölls flera gånger: " in said
    assert "Utbildning gavs flera gånger: " in said
    assert "Några åtgärder gällde X: " in said


@often
@given(
    st.dictionaries(st.sampled_from(["training", "x", "y", "z"]), st.integers(1, 12), max_size=4),
    st.tuples(*[st.integers(0, 8)] * 4),
    st.integers(3, 6),
)
def test_p30_the_list_of_actions_undoes_nothing(
    done: dict[str, int], effects: tuple[int, int, int, int], least: int
) -> None:
    """Whoever counts the lines of the list knows each kind's number: nothing merged may stand beside it."""
    told = public(report_data([Case()] * 9, trend="first_year", actions=done, effects=effects, least=least))
    for name, true in (("by_action_type", list(done.values())), ("effects", [one for one in effects if one])):
        total = told["actions_total" if name == "by_action_type" else "effects_total"]
        numbers = [line["count"] for line in told[name] if line["count"]]
        assert numbers == [] or sorted(numbers) == sorted(true)
        assert bool(numbers) == (bool(true) and min(true) >= least)
        first = [line["count"] for line in told["commonest"][name]]
        assert first in ([], [max(true, default=0)] * true.count(max(true, default=0)))
        left = sum(true) - sum(first)
        assert not first or (first[0] >= least and not 0 < left < least and total == sum(true))
    counted = [group["count"] for group in told["actions"] if group["count"] is not None]
    assert sorted(counted) == sorted(
        line["count"] for line in told["by_action_type"] or told["commonest"]["by_action_type"]
    )


def test_p30_the_order_of_what_is_hidden_says_nothing() -> None:
    few = {"z": 4, "y": 3, "b": 2, "a": 1}
    cases = [Case(theme="t")] * 9 + [
        Case(theme=name, faults=frozenset(name)) for name in few for _one in range(few[name])
    ]
    told = public(report_data(cases, earlier={2023: 30}, trend="decrease"))
    assert [line["key"] for line in told["themes_per_year"]] == ["t", "a", "b"]
    assert told["merged"]["by_theme"]["labels"] == ["A", "B", "Y", "Z"]
    assert [line["number"] for line in told["faults"]] == ["S1", "S2", "S3", "S4"]


def test_the_public_data_is_json_and_the_same_each_time() -> None:
    data = report_data([Case(answered=3)] * 9, trend="first_year")
    assert json.dumps(public(data), sort_keys=True) == json.dumps(public(data), sort_keys=True)
