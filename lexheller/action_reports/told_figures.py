"""Every number that a public report tells, and what it counts, so that two reports can be laid side by side. Pure.

What a number counts is a set of keys: a theme's line counts that theme, a merged line all that it holds. A report tells
of earlier years too; those numbers are named as the report of that year would name them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from lexheller.action_reports.labels import fault_name
from lexheller.action_reports.publishing import ONE_WAY
from lexheller.action_reports.publishing_lists import OTHERS
from lexheller.action_reports.publishing_pairs import UNKNOWN

Data = Mapping[str, Any]
OF_ACTIONS = {"by_action_type": "actions_total", "effects": "effects_total"}
HAS_OWN_WHOLE = "answers_in_time"
"""The other parts are of the year's reports."""
REST = "rest"
SAID_ELSEWHERE = "answer_days"
"""Its count is `answered`."""


@dataclass(frozen=True, slots=True)
class Name:
    """Of a number or a list, the same in whichever report it stands: the measure, of which year, and which part."""

    measure: str
    year: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """`number` is None when it is hidden. `what` is that of a `differences.Difference`."""

    counts: frozenset[Any]
    number: int | None
    label: str = ""
    what: str = "count"


Figures = dict[Name, list[Told]]


def figures(data: Data, told: Data) -> Figures:
    """`told` is what `data` has as `public`. What counts the same stands once."""
    year: int = told["year"]
    return {
        **_received(told),
        **_numbers(told, year),
        **_still_open(told, year),
        **_lists(data, told, year),
        **_lines_by_themselves(told, year),
        **_pairs(data, told, year),
        **_themes_of_earlier_years(data, told),
    }


def _one(number: int | None, label: str = "", what: str = "count") -> list[Told]:
    return [Told(frozenset({""}), number, label, what)]


def _received(told: Data) -> Figures:
    years = {int(year): number for year, number in told["per_year"].items()} | {told["year"]: told["received"]}
    return {Name("received", year): _one(number) for year, number in sorted(years.items(), reverse=True)}


def _numbers(told: Data, year: int) -> Figures:
    found: Figures = {}
    for measure, one in told["numbers"].items():
        value, whole = one["value"], one["of"]
        found[Name(measure, year)] = _one(value)
        if whole is not None:
            found[Name(measure, year, REST)] = _one(None if value is None else whole - value, what=REST)
        if measure == HAS_OWN_WHOLE:
            found[Name(measure, year, "of")] = _one(whole, what="of")
    for measure, one in told["days"].items():
        if measure != SAID_ELSEWHERE:
            found[Name(measure, year)] = _one(one["count"], what="how_many")
    for step in told["answered_within"]:
        limit = step["days"]
        found[Name("answer_days", year, str(limit))] = _one(step["count"], f"0–{limit}", "within")
    for measure, total in OF_ACTIONS.items():
        found[Name(measure, year, "total")] = _one(told[total])
    return found


def _still_open(told: Data, year: int) -> Figures:
    """Of what was open when the year began, that which still was at its end: all that was open then, less what came in
    this year and was not closed. It is what became of the number that the report of the year before tells.
    """
    at_end, closed = (told["numbers"].get(name, {}).get("value") for name in ("open_at_year_end", "closed"))
    if at_end is None or closed is None or told["received"] is None:
        return {}
    older = max(0, at_end - (told["received"] - closed))
    return {Name("open_at_year_end", year - 1): _one(older, what="still_open")}


def _lists(data: Data, told: Data, year: int) -> Figures:
    found: Figures = {}
    for measure in (*ONE_WAY, *OF_ACTIONS):
        if told[measure]:
            found[Name(measure, year)] = [
                Told(keys, line["count"], line["label"])
                for line in told[measure]
                if (keys := _keys_of(line["key"], data, told, measure))
            ]
    for measure in OF_ACTIONS:
        if told["commonest"][measure]:
            found.setdefault(Name(measure, year), _commonest(data, told, measure))
    months = [line["key"] for line in data["by_month"]]
    if told["by_month"]:
        found[Name("by_month", year)] = [
            Told(
                frozenset(months[months.index(line["key"]) : months.index(line["last"]) + 1]),
                line["count"],
                line["label"],
            )
            for line in told["by_month"]
        ]
    return found


def _commonest(data: Data, told: Data, measure: str) -> list[Told]:
    """Where the others are not counted: they are hidden."""
    lines = [Told(frozenset({line["key"]}), line["count"], line["label"]) for line in told["commonest"][measure]]
    others = frozenset(line["key"] for line in data[measure]).difference(*(line.counts for line in lines))
    return [*lines, Told(others, None)]


def _keys_of(key: str, data: Data, told: Data, measure: str) -> frozenset[str]:
    """A merged line holds all that have no line of their own."""
    if key != OTHERS:
        return frozenset({key})
    return frozenset(line["key"] for line in data[measure]) - {line["key"] for line in told[measure]}


def _lines_by_themselves(told: Data, year: int) -> Figures:
    """Lists that need not tell all: a line that is not there may be none or hidden."""
    activities = {
        Name("by_activity", year, line["key"]): _one(line["count"], line["label"]) for line in told["by_activity"]
    }
    faults = {Name("faults", year, line["number"]): _one(line["count"], fault_name(line)) for line in told["faults"]}
    return {**activities, **faults}


def _pairs(data: Data, told: Data, year: int) -> Figures:
    if not told["pairs"]:
        return {}
    sides = ("reporting", "by_reporting_organisation"), ("concerned", "by_organisation")
    lines = []
    for pair in told["pairs"]:
        of, about = (_keys_of(pair[side]["key"], data, told, measure) for side, measure in sides)
        label = f"{pair['reporting']['label']} → {pair['concerned']['label']}"
        lines.append(Told(frozenset(product(of, about)), pair["count"], label))
    every = product(*({UNKNOWN, *(line["key"] for line in data[measure])} for _side, measure in sides))
    untold = {pair for pair in every if UNKNOWN in pair}.difference(*(line.counts for line in lines))
    return {Name("pairs", year): [*lines, Told(frozenset(untold), None)]}


def _themes_of_earlier_years(data: Data, told: Data) -> Figures:
    """What is hidden of a year stands together, as much as its whole leaves over."""
    if not told["themes_per_year"]:
        return {}
    keys = frozenset(line["key"] for line in data["themes_per_year"])
    years = [year for year in told["themes_per_year"][0]["per_year"] if int(year) != told["year"]]
    return {Name("by_theme", int(year)): list(_themes_of(year, keys, told)) for year in years}


def _themes_of(year: str, keys: frozenset[str], told: Data) -> Iterator[Told]:
    known = [line for line in told["themes_per_year"] if line["per_year"][year] is not None]
    for line in known:
        yield Told(frozenset({line["key"]}), line["per_year"][year], line["label"])
    hidden, whole = keys.difference(line["key"] for line in known), told["per_year"].get(year)
    if hidden:
        left = None if whole is None else whole - sum(line["per_year"][year] for line in known)
        yield Told(hidden, left)
