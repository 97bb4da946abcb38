"""Report data of made-up cases, counted here by itself: what `compiled` would give, for tests that need much of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel, force_locale

import lexheller
from lexheller.statistics.measures import MEASURES

YEAR = 2024
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november")
ACTIVITIES = ("a", "b")
"""Organisations that are funded activities."""


@dataclass(frozen=True, slots=True)
class Case:
    """`reporting`, `concerned`, `theme` and `municipality`: None is unknown. Days until something happened, or None."""

    reporting: str | None = "a"
    concerned: str | None = "c"
    theme: str | None = "t"
    municipality: str | None = "m"
    month: int = 1
    answered: int | None = None
    closed: bool = False
    told: bool = False
    sent: bool = False
    reopened: bool = False
    not_solved: bool = False
    faults: frozenset[str] = frozenset()


def lines(found: Iterable[str | None]) -> list[dict[str, Any]]:
    counts = Counter(one or "unknown" for one in found)
    ordered = sorted(counts.items(), key=lambda one: (one[0] == "unknown", -one[1], one[0]))
    return [{"key": key, "label": key.capitalize(), "count": count} for key, count in ordered]


def days(spans: list[int], count: int | None = None) -> dict[str, Any]:
    ordered, size = sorted(spans), len(spans)
    median = (ordered[(size - 1) // 2] + ordered[size // 2]) / 2 if spans else None
    last = ordered[-(-9 * size // 10) - 1] if spans else None
    return {"count": size if count is None else count, "lengths": size, "median": median, "nine_of_ten": last}


def report_data(
    cases: list[Case],
    *,
    earlier: dict[int, int] | None = None,
    open_before: int = 0,
    closed_before: int = 0,
    occurrences: int = 0,
    answers: tuple[int, int] = (0, 0),
    actions: dict[str, int] | None = None,
    effects: tuple[int, int, int, int] = (0, 0, 0, 0),
    actions_open: int = 0,
    least: int = 5,
    trend: str = "unchanged",
) -> dict[str, Any]:
    """`open_before`, `closed_before`: cases of earlier years that are open still, or were closed in the year."""

    def part(holds: Callable[[Case], bool]) -> dict[str, int]:
        return {"value": sum(map(holds, cases)), "of": len(cases)}

    done = actions or {}
    closed = part(lambda one: one.closed)
    spans = [one.answered for one in cases if one.answered is not None]
    known = [(one.reporting, one.concerned) for one in cases if one.reporting and one.concerned]
    titles = sorted({title for one in cases for title in one.faults})
    sides = [dict.fromkeys((one.reporting, one.concerned)) for one in cases]
    per_year = {str(year): count for year, count in {**(earlier or {}), YEAR: len(cases)}.items() if count}
    return {
        "federation": "x",
        "federation_name": "Xbygden",
        "year": YEAR,
        "cut_off": f"{YEAR}-12-31",
        "received": len(cases),
        "received_previous": per_year.get(str(YEAR - 1), 0),
        "trend": trend,
        "per_year": per_year,
        "numbers": {
            "answered": part(lambda one: one.answered is not None),
            "closed": closed,
            "fed_back": part(lambda one: one.told or one.closed or one.answered is not None),
            "reopened": part(lambda one: one.reopened),
            "not_solved": part(lambda one: one.not_solved),
            "reports_in_faults": part(lambda one: bool(one.faults)),
            "answers_in_time": {"value": answers[0], "of": answers[1]},
            "open_at_year_end": {"value": len(cases) - closed["value"] + open_before, "of": None},
            "occurrences": {"value": occurrences, "of": None},
            "actions_open": {"value": actions_open, "of": None},
        },
        "days": {
            "answer_days": days(spans),
            "days_to_send": days([3 for one in cases if one.sent]),
            "days_to_first_answer": days([9 for one in cases if one.answered is not None or one.sent]),
            "days_to_close": days([30] * (closed["value"] + closed_before)),
        },
        "by_organisation": lines(one.concerned for one in cases),
        "by_reporting_organisation": lines(one.reporting for one in cases),
        "by_theme": lines(one.theme for one in cases),
        "by_municipality": lines(one.municipality for one in cases),
        "by_activity": lines(side for both in sides for side in both if side in ACTIVITIES),
        "by_month": [
            {"key": f"{YEAR}-{place:02d}", "label": name, "count": sum(one.month == place for one in cases)}
            for place, name in enumerate((*MONTHS, "december"), 1)
        ],
        "by_action_type": lines(name for name, count in done.items() for _one in range(count)),
        "effects": [
            {"key": key, "label": key, "count": count}
            for key, count in zip(("worked", "partly", "did_not", "too_early"), effects, strict=True)
        ],
        "pairs": [
            {
                "key": f"{one}~{other}",
                "reporting": {"key": one, "label": one.capitalize()},
                "concerned": {"key": other, "label": other.capitalize()},
                "count": count,
            }
            for (one, other), count in sorted(Counter(known).items())
        ],
        "faults": [
            {
                "number": f"S{place}",
                "title": title,
                "status": "confirmed",
                "count": sum(title in one.faults for one in cases),
            }
            for place, title in enumerate(titles, 1)
        ],
        "actions": [
            {"type": name, "text": f"Info om {name}{place}", "date": f"{YEAR}-03-01", "cases": []}
            for name, count in done.items()
            for place in range(count)
        ],
        "themes_per_year": themes_per_year(lines(one.theme for one in cases), per_year),
        "breaks": [],
        "cases": [f"N{place}" for place in range(len(cases))],
        "facts": [
            {
                "number": f"N{place}",
                "received_on": f"{YEAR}-01-01",
                "milestones": [] if one.answered is None else [[_day(one.answered), "answered"]],
            }
            for place, one in enumerate(cases)
        ],
        "cases_behind": {},
        "measures": measures(),
        "texts": {},
        "goals": [],
        "least": least,
        "text": {},
    }


def themes_per_year(now: list[dict[str, Any]], per_year: dict[str, int]) -> list[dict[str, Any]]:
    """In earlier years a third were about one thing and the rest about another."""
    found = {
        key: dict.fromkeys(sorted({*per_year, str(YEAR)}), 0) for key in ["a", "b", *(line["key"] for line in now)]
    }
    for line in now:
        found[line["key"]][str(YEAR)] = line["count"]
    for year, count in per_year.items():
        if year != str(YEAR):
            found["a"][year], found["b"][year] = count // 3, count - count // 3
    return [{"key": key, "label": key.capitalize(), "per_year": counts} for key, counts in found.items()]


def _day(number: int) -> str:
    """So many days after the first of January; months of 28 days would be wrong, so the first 90 are spelled out."""
    month, day = (1, number + 1) if number < 31 else (2, number - 30) if number < 60 else (3, number - 59)
    return f"{YEAR}-{month:02d}-{day:02d}"


@cache
def measures() -> dict[str, Any]:
    return {
        name: {
            "version": one.version,
            "clock": str(one.clock),
            "unit": str(one.unit),
            "name": _in_both(one.name),
            "definition": _in_both(one.definition),
        }
        for name, one in MEASURES.items()
    }


@cache
def a_site() -> Flask:
    """With the interface's words and nothing else."""
    site = Flask("lexheller.app")
    Babel(site, default_translation_directories=str(Path(lexheller.__file__).parent / "translations"))
    return site


def _in_both(words: Any) -> dict[str, str]:
    said = {}
    for language in ("sv", "en"):
        with a_site().test_request_context(), force_locale(language):
            said[language] = str(words)
    return said
