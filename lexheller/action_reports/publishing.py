"""What of a report leaves the office: everything below the federation's minimum is merged or left out (P30). Pure.

All tables and all sentences are made from this and from nothing else, so that no number of one contradicts another or
gives it away. None stands for what is hidden. Case numbers and fact rows never leave. A zero is nobody's and is told.

An action is the office's own doing and no person; its description is written to be read by others and stays, under its
kind, as annual reports have it. That list would undo any merging of the numbers beside it: how many there are of each
kind is told only when no kind has few. Otherwise there are the total, the commonest kind and the list. So with effects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lexheller.action_reports.blocks import LANGUAGES
from lexheller.action_reports.breaks import hide_small
from lexheller.action_reports.publishing_lists import OTHERS, Line, Merged, merged, merged_months
from lexheller.action_reports.publishing_pairs import UNKNOWN, activities, pairs
from lexheller.action_reports.publishing_parts import days, faults, is_small, numbers, within, years
from lexheller.action_reports.publishing_words import block, merged_label, months_label
from lexheller.organisations.names import swedish_order
from lexheller.privacy.small_numbers import LEAST, LOWEST_LEAST

ONE_WAY = ("by_organisation", "by_reporting_organisation", "by_theme", "by_municipality")
AS_IT_IS = ("federation", "federation_name", "year", "cut_off", "measures", "texts", "goals", "breaks")


def public(data: Mapping[str, Any]) -> dict[str, Any]:
    """The report data as it may be published, JSON-ready, in the shape that `chapters` reads.

    Beside the lists: `merged` by list says what a merged line holds; `left_out` names the lists that cannot be told,
    `names` what those have, in Swedish order and without numbers. `received` is None when the year's whole is small:
    then nothing that is counted of its reports is there.
    """
    least = max(LOWEST_LEAST, data.get("least", LEAST))
    per_year, trend = years(data, least)
    told: dict[str, Any] = {name: data[name] for name in AS_IT_IS if name in data}
    told |= {"least": least, "per_year": per_year, "received": per_year.get(str(data["year"]), data["received"])}
    if is_small(data["received"], least):
        told |= {"received": None, "trend": None, **_nothing_of_reports()}
    else:
        told |= {"trend": trend, **_of_reports(data, least)}
    told["received_previous"] = per_year.get(str(data["year"] - 1), 0)
    told["numbers"]["actions_open"] = numbers(data, least)["actions_open"]
    told |= _of_actions(data, least)
    told["text"] = {language: block(told, _names(data), language) for language in LANGUAGES}
    return told


def _nothing_of_reports() -> dict[str, Any]:
    return {
        "numbers": {},
        "days": {},
        "answered_within": [],
        **{name: [] for name in (*ONE_WAY, "by_month", "by_activity", "faults", "themes_per_year")},
        "merged": {},
        "left_out": [],
        "names": {},
        "pairs": None,
    }


def _of_reports(data: Mapping[str, Any], least: int) -> dict[str, Any]:
    shown = numbers(data, least)
    lines, gathered = faults(data, least)
    lists = {name: merged(data[name], least) for name in ONE_WAY}
    reporting, concerned = lists["by_reporting_organisation"], lists["by_organisation"]
    told = pairs(data, reporting, concerned, least)
    known = activities(data, reporting, concerned, told)
    kept = {name: one for name, one in lists.items() if one.is_worth_showing}
    left = [name for name in ONE_WAY if name not in kept and data[name]]
    return {
        "numbers": {**shown, "reports_in_faults": gathered},
        "days": days(data, shown, least),
        "answered_within": within(data, shown, least),
        "faults": lines,
        **{name: _labelled(kept[name], least) if name in kept else [] for name in ONE_WAY},
        "by_month": _months(data, least),
        "by_activity": known,
        "themes_per_year": _themes_over_years(data, least),
        "pairs": None if told is None else [_with_labels(pair) for pair in told],
        "merged": {name: _holds(one) for name, one in kept.items() if one.holds},
        "left_out": [*left, *(["by_activity"] if len(known) < len(data["by_activity"]) else [])],
        "names": {name: _present(data, name) for name in left},
    }


def _themes_over_years(data: Mapping[str, Any], least: int) -> list[dict[str, Any]]:
    """Those with most this year first, as far as that is told; the order of the others says nothing."""
    year = str(data["year"])

    def order(line: Mapping[str, Any]) -> tuple[bool, int, str]:
        return line["key"] == UNKNOWN, -(line["per_year"].get(year) or 0), swedish_order(line["label"])

    return sorted(hide_small(data.get("themes_per_year", []), least), key=order)


def _holds(one: Merged) -> dict[str, Any]:
    return {"labels": [label for _key, label in one.holds], "small": one.small}


def _labelled(one: Merged, least: int) -> list[Line]:
    label = merged_label(least if one.small else None, "sv")
    return [{**line, "label": label} if line["key"] == OTHERS else line for line in one.lines]


def _with_labels(pair: Mapping[str, Any]) -> dict[str, Any]:
    label = merged_label(None, "sv")
    sides = {
        side: {**pair[side], "label": label} if pair[side]["key"] == OTHERS else pair[side]
        for side in ("reporting", "concerned")
    }
    return {**pair, **sides}


def _months(data: Mapping[str, Any], least: int) -> list[Line]:
    return [
        {
            "key": group[0]["key"],
            "last": group[-1]["key"],
            "label": months_label(group[0]["label"], group[-1]["label"]),
            "count": sum(line["count"] for line in group),
        }
        for group in merged_months(data["by_month"], least)
    ]


def _present(data: Mapping[str, Any], name: str) -> list[str]:
    """What a list that is left out has, unless its length and the whole would tell how many of each."""
    labels = [line["label"] for line in data[name] if line["count"]]
    return sorted(labels, key=swedish_order) if 1 < len(labels) < data["received"] else []


def _of_actions(data: Mapping[str, Any], least: int) -> dict[str, Any]:
    """`actions`: one group by type, with its descriptions, and its count where that is told; `actions_total` is None
    where it is small or would tell how many there are of each, `effects_total` when it is small. `commonest`: the lines
    with most, where that is told.
    """
    done, judged = (merged(data[name], least) for name in ("by_action_type", "effects"))
    commonest = {
        "by_action_type": _commonest(data["by_action_type"], done),
        "effects": _commonest(data["effects"], judged),
    }
    total, all_judged = (sum(line["count"] for line in data[name]) for name in ("by_action_type", "effects"))
    lines = [] if done.holds else done.lines
    return {
        "by_action_type": lines,
        "actions": _groups(data, lines or commonest["by_action_type"]),
        "actions_total": total if not is_small(total, least) and (done.lines or not total) else None,
        "actions_are_few": is_small(total, least),
        "effects": judged.lines if all_judged and not judged.holds else [],
        "effects_total": None if is_small(all_judged, least) else all_judged,
        "commonest": commonest,
    }


def _commonest(lines: Sequence[Mapping[str, Any]], made: Merged) -> list[Line]:
    """Those with most; none when their number, or what it leaves for the others, tells a small one."""
    most = max((line["count"] for line in lines), default=0)
    first = [line for line in lines if line["count"] and line["count"] == most]
    told = {line["key"] for line in made.lines} if made.is_worth_showing else set()
    return [dict(line) for line in first] if all(line["key"] in told for line in first) else []


def _groups(data: Mapping[str, Any], counted: Sequence[Line]) -> list[dict[str, Any]]:
    """One for each type that has any; `count` is None where it is not among the `counted`."""
    told = {line["key"]: line["count"] for line in counted}
    return [
        {
            "key": line["key"],
            "label": line["label"],
            "count": told.get(line["key"]),
            "texts": _descriptions(data, line["key"]),
        }
        for line in data["by_action_type"]
        if line["count"]
    ]


def _descriptions(data: Mapping[str, Any], key: str) -> list[str]:
    """Each once."""
    return list(dict.fromkeys(action["text"] for action in data["actions"] if action["type"] == key and action["text"]))


def _names(data: Mapping[str, Any]) -> list[str]:
    """Organisations and municipalities, which keep their capital letter in running text."""
    lists = ("by_organisation", "by_reporting_organisation", "by_municipality", "by_activity")
    return sorted({line["label"] for name in lists for line in data[name]} | {data["federation_name"]})
