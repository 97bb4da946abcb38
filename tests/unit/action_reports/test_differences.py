"""Differences between two reports: what changed is named, and nothing else; equal ones have none."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.action_reports.differences import Difference, differences


def report() -> dict[str, Any]:
    """The shape of a year's report, with a little of everything in it."""
    return {
        "federation": "sodra", "federation_name": "Södra", "year": 2024, "cut_off": "2024-12-31",
        "received": 3, "received_previous": 2, "trend": "increase", "per_year": {"2023": 2, "2024": 3},
        "numbers": {"closed": {"value": 1, "of": 3}, "occurrences": {"value": 2, "of": None}},
        "days": {"answer_days": {"count": 2, "median": 12.5, "nine_of_ten": 20}},
        "by_theme": [
            {"key": "sip", "label": "SIP", "count": 2}, {"key": "bemotande", "label": "Bemötande", "count": 1},
        ],
        "by_month": [{"key": "2024-01", "label": "januari", "count": 3}],
        "pairs": [
            {
                "key": "af~fk", "count": 1,
                "reporting": {"key": "af", "label": "AF"}, "concerned": {"key": "fk", "label": "FK"},
            }
        ],
        "faults": [{"number": "2024:11 / 9", "title": "Glapp", "status": "lifted", "count": 2}],
        "actions": [{"type": "training", "text": "Utbildning om SIP", "date": "2024-05-02", "cases": ["2024:11 / 1"]}],
        "cases": ["2024:11 / 1", "2024:11 / 2", "2024:11 / 3"],
        "cases_behind": {"by_theme": {"sip": ["2024:11 / 1", "2024:11 / 2"], "bemotande": ["2024:11 / 3"]}},
        "facts": [
            {"number": f"2024:11 / {number}", "theme": "sip", "milestones": [["2024-02-01", "sent", None]]}
            for number in (1, 2, 3)
        ],
        "measures": {"closed": {"version": 1, "definition": {"sv": "Avslutade."}}},
        "text": {"sv": ["Tre kom in."]},
        "texts": {"summary": "Ett bra år."},
        "goals": [{"text": "Fler rutiner", "fulfilment": "met", "comment": ""}],
        "least": 5,
        "public": {"received": None},
        "told": {"sv": {"title": "Rapport", "chapters": []}},
        "hash": "a",
    }  # fmt: skip


def changed(**parts: Any) -> list[Difference]:
    return differences(report(), {**report(), **parts, "hash": "b"})


def test_equal_reports_have_no_differences_whatever_their_hash():
    assert changed() == []


def test_figures_that_changed_are_named_with_both_values():
    assert changed(numbers={**report()["numbers"], "closed": {"value": 2, "of": 3}}) == [
        Difference("closed", "all", "", 1, 2)
    ]
    assert changed(days={"answer_days": {"count": 2, "median": 13.0, "nine_of_ten": 20}}) == [
        Difference("answer_days", "all", "", 12.5, 13.0, "median")
    ]
    assert changed(received=4, per_year={"2023": 2, "2024": 4}) == [Difference("received", "all", "", 3, 4)]


def test_a_line_that_is_missing_is_none_and_one_that_says_zero_is_no_difference():
    lines = report()["by_theme"]
    assert changed(by_theme=lines[:1]) == [Difference("by_theme", "bemotande", "Bemötande", 1, None)]
    assert changed(by_theme=[*lines, {"key": "ny", "label": "Ny", "count": 0}])[0].what == "other"
    renamed = [{**lines[0], "label": "Samordnad plan"}, lines[1]]
    assert changed(by_theme=renamed) == [
        Difference("by_theme", "sip", "Samordnad plan", "SIP", "Samordnad plan", "label")
    ]


def test_the_same_number_of_other_cases_is_a_difference():
    behind = {"by_theme": {"sip": ["2024:11 / 1", "2024:11 / 3"], "bemotande": ["2024:11 / 2"]}}
    assert changed(cases_behind=behind) == [
        Difference("by_theme", "sip", "SIP", "2024:11 / 2", "2024:11 / 3", "cases"),
        Difference("by_theme", "bemotande", "Bemötande", "2024:11 / 3", "2024:11 / 2", "cases"),
    ]


def themes(of_last_year: int) -> list[dict[str, Any]]:
    return [{"key": "sip", "label": "SIP", "per_year": {"2023": of_last_year, "2024": 2}}]


def test_the_themes_of_earlier_years_are_compared_with_their_cases():
    """The report's own year is its list of themes."""
    assert differences({**report(), "themes_per_year": themes(1)}, {**report(), "themes_per_year": themes(2)}) == [
        Difference("themes_per_year", "sip~2023", "SIP, 2023", 1, 2)
    ]
    was, now = (
        {**report(), "themes_per_year": themes(1), "cases_behind": {"themes_per_year": {"sip~2023": [number]}}}
        for number in ("2023:11 / 1", "2023:11 / 2")
    )
    assert differences(was, now) == [
        Difference("themes_per_year", "sip~2023", "SIP, 2023", "2023:11 / 1", "2023:11 / 2", "cases")
    ]


def test_an_edition_from_before_the_cases_of_a_measure_were_kept_says_nothing_of_them():
    behind = {**report()["cases_behind"], "received_per_year": {"2023": ["2023:11 / 1"]}}
    assert {(one.measure, one.what) for one in changed(cases_behind=behind, received=4)} == {("received", "count")}


def test_texts_goals_actions_and_facts_are_compared():
    found = changed(
        texts={"summary": "Ett bättre år.", "themes": "Nytt."},
        goals=[{"text": "Fler rutiner", "fulfilment": "partly", "comment": "Två av tre."}],
        actions=[],
        facts=report()["facts"][:2],
        least=3,
    )
    assert found == [
        Difference("facts", "2024:11 / 3", "2024:11 / 3", "2024-02-01 sent, theme: sip", None, "case"),
        Difference("actions", "training", "2024-05-02", "Utbildning om SIP (2024:11 / 1)", None, "action"),
        Difference("texts", "summary", "", "Ett bra år.", "Ett bättre år.", "text"),
        Difference("texts", "themes", "", None, "Nytt.", "text"),
        Difference("goals", "1", "Fler rutiner", "met", "partly", "fulfilment"),
        Difference("goals", "1", "Fler rutiner", "", "Två av tre.", "comment"),
        Difference("least", "all", "", 5, 3, "least"),
    ]


def test_a_measure_that_is_counted_in_another_way_is_told():
    measures = {"closed": {"version": 2, "definition": {"sv": "Avslutade."}}}
    assert changed(measures=measures) == [Difference("closed", "all", "", 1, 2, "version")]


@pytest.mark.parametrize("part", sorted(set(report()) - {"hash"}))
def test_no_part_can_change_unseen(part):
    """Whatever is changed in whichever part, also one that others are made from."""
    data = {**report(), part: _other(report()[part])}
    assert differences(report(), data)
    assert differences(data, report())


def wording(summary: str, language: str = "sv") -> dict[str, Any]:
    blocks = [{"kind": "paragraph", "text": summary}, {"kind": "paragraph", "text": "Samma."}]
    return {language: {"title": "Rapport", "chapters": [{"key": "summary", "heading": "Kort", "blocks": blocks}]}}


def test_other_words_are_a_difference_when_nothing_else_tells_why():
    old, new = ({**report(), "told": wording(words)} for words in ("Tre kom in.", "Det kom in tre."))
    assert differences(old, new) == [Difference("told", "summary", "", "Tre kom in.", "Det kom in tre.", "words")]
    assert differences(old, {**new, "received": 4}) == [Difference("received", "all", "", 3, 4)]
    renamed = {**old, "told": {"sv": {**old["told"]["sv"], "title": "Årsrapport"}}}
    assert differences(old, renamed) == [Difference("told", "all", "sv", None, None, "words")]
    assert {one.measure for one in differences(report(), new)} == {"told"}


def test_data_from_before_a_part_existed_can_be_compared():
    old = {key: report()[key] for key in ("federation", "year", "received", "by_theme", "hash")}
    assert differences(old, report())
    assert differences(report(), old)
    assert differences({}, report())


paths = [
    ("numbers", "closed", "value"), ("days", "answer_days", "median"), ("by_theme", 0, "count"),
    ("by_theme", 1, "label"), ("pairs", 0, "count"), ("faults", 0, "status"), ("actions", 0, "text"),
    ("facts", 2, "milestones"),
    ("goals", 0, "comment"), ("goals", 0, "fulfilment"), ("texts", "summary"), ("per_year", "2023"),
    ("measures", "closed", "version"), ("cases_behind", "by_theme", "bemotande"),
]  # fmt: skip


@given(st.lists(st.sampled_from(paths), unique=True))
def test_there_is_a_difference_for_each_thing_that_changed(places):
    data = copy.deepcopy(report())
    for path in places:
        there: Any = data
        for step in path[:-1]:
            there = there[step]
        there[path[-1]] = _other(there[path[-1]])
    found = differences(report(), data)
    assert bool(found) == bool(places)
    assert len(found) >= len(places)


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return f"{value}, ändrat"
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, list):
        return value[:-1]
    return {key: _other(one) for key, one in value.items()} if isinstance(value, dict) else "nytt"
