"""Numbers by themselves made fit for publishing: parts of the year's reports, days, systemic faults. Pure.

A part is hidden when it, or what is left of the whole, is small: "12 of 17" tells of five, "14 of 17" of three. None
and all are told: a zero is nobody's, and what is said of all points nobody out. Where one part always lies within
another, what is between them is a number too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

LIMITS = (7, 14, 28, 60, 90)
"""Days within which answers came, where that is told."""

OF_REPORTS = ("answered", "closed", "fed_back", "reopened", "not_solved")
ALONE = ("open_at_year_end", "occurrences", "actions_open")


def is_small(number: int, least: int) -> bool:
    return 0 < number < least


def is_telling(part: int, whole: int, least: int) -> bool:
    """Whether a part of a known whole would tell of too few."""
    return is_small(part, least) or is_small(whole - part, least)


def numbers(data: Mapping[str, Any], least: int) -> dict[str, dict[str, int | None]]:
    """`value` is None where it is hidden; `of` too where the whole is. `reports_in_faults` is not among them."""
    given = data["numbers"]
    shown = {name: _part(given[name], least) for name in (*OF_REPORTS, "answers_in_time")}
    for within in ("answered", "closed"):
        inner, outer = shown[within]["value"], shown["fed_back"]["value"]
        if inner is not None and outer is not None and is_small(outer - inner, least):
            shown["fed_back"] = _hidden(given["fed_back"])
    for name in ALONE:
        value = given[name]["value"]
        shown[name] = {"value": None if is_small(value, least) else value, "of": None}
    if _tells_of_closed(data, shown, least):
        shown["open_at_year_end"] = {"value": None, "of": None}
    return shown


def _part(one: Mapping[str, Any], least: int) -> dict[str, int | None]:
    if is_small(one["of"], least):
        return {"value": None, "of": None}
    return _hidden(one) if is_telling(one["value"], one["of"], least) else {"value": one["value"], "of": one["of"]}


def _hidden(one: Mapping[str, Any]) -> dict[str, int | None]:
    return {"value": None, "of": one["of"]}


def _tells_of_closed(data: Mapping[str, Any], shown: Mapping[str, Mapping[str, int | None]], least: int) -> bool:
    """What was open at the year's end holds what came in this year and was not closed: the rest is a number too."""
    closed = shown["closed"]["value"]
    if closed is None:
        return True
    return is_small(abs(data["numbers"]["open_at_year_end"]["value"] - (data["received"] - closed)), least)


def days(
    data: Mapping[str, Any], shown: Mapping[str, Mapping[str, int | None]], least: int
) -> dict[str, dict[str, Any]]:
    """`count` is None where it is hidden. A median is told of `least` lengths or more, the nine of ten of twice as many
    and only with its count; whether it is told must not tell the count.
    """
    received = data["received"]
    told = {}
    for name, one in data["days"].items():
        count = _count(name, data, shown, least)
        lengths = one.get("lengths", one["count"])
        has_median = lengths >= least and (count is not None or received >= 2 * least)
        told[name] = {
            "count": count,
            "median": one["median"] if has_median else None,
            "nine_of_ten": one["nine_of_ten"] if count is not None and lengths >= 2 * least else None,
        }
    return told


def _count(name: str, data: Mapping[str, Any], shown: Mapping[str, Mapping[str, int | None]], least: int) -> int | None:
    count: int = data["days"][name]["count"]
    if name == "answer_days":
        return shown["answered"]["value"]
    if name == "days_to_close":
        closed = shown["closed"]["value"]
        hidden = closed is None or is_small(count, least) or is_small(abs(count - closed), least)
        return None if hidden else count
    answered = shown["answered"]["value"]
    between = name == "days_to_first_answer" and answered is not None and is_small(count - answered, least)
    return None if between or is_telling(count, data["received"], least) else count


def within(data: Mapping[str, Any], shown: Mapping[str, Mapping[str, int | None]], least: int) -> list[dict[str, int]]:
    """How many of the year's reports had been answered within so many days, as far as the steps between are not small.

    From the fact rows, as `answer_days` is; empty when the answered are hidden or too few rows tell it.
    """
    answered = shown["answered"]["value"]
    spans = _answer_spans(data)
    if not answered or len(spans) != answered:
        return []
    steps: list[dict[str, int]] = []
    before = 0
    for limit in LIMITS:
        count = sum(span <= limit for span in spans)
        if is_telling(count, answered, least) or is_small(count - before, least):
            continue
        steps.append({"days": limit, "count": count})
        before = count
    return steps


def _answer_spans(data: Mapping[str, Any]) -> list[int]:
    """Days from when a report of the year came in to its latest answer by the cut-off."""
    of_the_year = set(data.get("cases", ()))
    spans = []
    for row in data.get("facts", ()):
        answers = [str(on) for on, what, *_detail in row["milestones"] if what == "answered"]
        if row["number"] in of_the_year and answers:
            spans.append((date.fromisoformat(answers[-1]) - date.fromisoformat(row["received_on"])).days)
    return [span for span in spans if span >= 0]


def faults(data: Mapping[str, Any], least: int) -> tuple[list[dict[str, Any]], dict[str, int | None]]:
    """The faults with their counts, None where hidden, and how many reports belong to any of them.

    The last is told only when it tells nothing of any single fault: with the counts it says how many belong to
    several, and how many to all but one.
    """
    received = data["received"]
    lines = [
        {**line, "count": None if is_telling(line["count"], received, least) else line["count"]}
        for line in data["faults"]
    ]
    lines.sort(key=lambda line: (line["count"] is None, -(line["count"] or 0), line["number"]))
    gathered = data["numbers"]["reports_in_faults"]
    counts = [line["count"] for line in lines]
    hidden = None in counts or is_telling(gathered["value"], gathered["of"], least)
    hidden = hidden or any(is_small(gathered["value"] - count, least) for count in counts)
    hidden = hidden or is_small(sum(counts) - gathered["value"], least)
    return lines, _hidden(gathered) if hidden else {"value": gathered["value"], "of": gathered["of"]}


def years(data: Mapping[str, Any], least: int) -> tuple[dict[str, int | None], str]:
    """Each year's number, None where hidden, and the trend without what would compare two hidden years."""
    shown = {year: None if is_small(count, least) else count for year, count in sorted(data["per_year"].items())}
    before = shown.get(str(data["year"] - 1), 0)
    trend = data["trend"]
    return shown, trend.removeprefix("continued_") if before is None else trend
