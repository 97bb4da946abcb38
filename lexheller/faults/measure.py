"""How well suggestions find reports of the same fault: figures on labelled Swedish reports, beside plain search.

Each report asks all the others, of both halves and near misses alike. A near miss is a report of the same organisations
and theme, often in the same words, about something else: whatever is suggested for it is wrong. The figures of `alike`
were set on the tuning half alone. Nothing here is used while the application runs.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path

from lexheller.cases.search import terms_of
from lexheller.cases.telling import telling
from lexheller.faults.alike import likeness, ranked, sketch_of, weights_of, worth_showing

FILE = Path(__file__).parent / "labelled" / "reports.csv"
TUNING, HELD_OUT = "tuning", "held_out"
HALVES = (TUNING, HELD_OUT)
SHOWN = 5

Ranking = Callable[[int], list[tuple[float, int]]]
"""From a report's place to scores and places of others, best first."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """`fault` is empty for a near miss, `near` for the others."""

    half: str
    fault: str
    near: str
    reporting: str
    concerned: str
    theme: str
    municipality: str
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Recall: the share of a fault's other reports among the first five, and among those shown. Precision: the share of
    what is shown that is of the same fault. `shown` counts suggestions, `asked` reports.
    """

    recall_at_5: float
    recall_shown: float
    precision: float
    shown: int
    asked: int


def read_labelled(path: Path = FILE) -> list[Labelled]:
    with path.open(encoding="utf-8", newline="") as rows:
        return [Labelled(**row) for row in csv.DictReader(rows)]


def rules(reports: Sequence[Labelled]) -> dict[str, tuple[Ranking, Callable[[Sequence[float]], int]]]:
    """By name: how a rule ranks, and how many of the first five it shows."""
    everything: Callable[[Sequence[float]], int] = len
    plain = [frozenset(terms_of(row.text)) for row in reports]
    return {
        "suggestions": (_suggesting(reports), worth_showing),
        "suggestions_without_theme": (_suggesting(reports, with_theme=False), worth_showing),
        "matching_words": (_counting(plain), everything),
        "bm25": (_bm25([telling(stems) for stems in plain]), everything),
    }


def figures(
    reports: Sequence[Labelled], half: str, ranking: Ranking, shows: Callable[[Sequence[float]], int]
) -> Figures:
    places = [place for place, row in enumerate(reports) if row.half == half]
    found = seen = right = shown = 0.0
    grouped = 0
    for place in places:
        first = ranking(place)[:SHOWN]
        visible = first[: shows([score for score, _ in first])] if first else []
        same = _same_fault(reports, place)
        shown += len(visible)
        right += sum(other in same for _, other in visible)
        if same:
            grouped += 1
            most = min(SHOWN, len(same))
            found += sum(other in same for _, other in first) / most
            seen += sum(other in same for _, other in visible) / most
    return Figures(found / grouped, seen / grouped, right / max(shown, 1), int(shown), len(places))


def measure(reports: Sequence[Labelled]) -> dict[str, dict[str, Figures]]:
    """By rule and half."""
    return {
        name: {half: figures(reports, half, ranking, shows) for half in HALVES}
        for name, (ranking, shows) in rules(reports).items()
    }


def _same_fault(reports: Sequence[Labelled], place: int) -> set[int]:
    fault = reports[place].fault
    return {other for other, row in enumerate(reports) if fault and row.fault == fault and other != place}


def _suggesting(reports: Sequence[Labelled], *, with_theme: bool = True) -> Ranking:
    """The rule of the case page. Without theme: the report has just come in and the office has not set one yet."""
    ids = {name: number for number, name in enumerate(sorted({name for row in reports for name in _names(row)}))}
    known = [
        sketch_of(
            frozenset(terms_of(row.text)),
            reporting_id=ids[row.reporting],
            concerned_ids=frozenset({ids[row.concerned]}),
            theme_id=ids[row.theme],
            municipality_id=ids[row.municipality],
        )
        for row in reports
    ]
    weights = weights_of(known)
    arrived = known if with_theme else [replace(sketch, theme_id=None) for sketch in known]

    def ranking(place: int) -> list[tuple[float, int]]:
        scores = [
            likeness(arrived[place], other, weights).score if at != place else 0.0 for at, other in enumerate(known)
        ]
        return [(scores[found], found) for found in ranked(scores)]

    return ranking


def _names(row: Labelled) -> tuple[str, ...]:
    return (row.reporting, row.concerned, row.theme, row.municipality)


def _counting(texts: Sequence[frozenset[str]]) -> Ranking:
    """Plain full-text search: any of the words, those with most of them first."""

    def ranking(place: int) -> list[tuple[float, int]]:
        scores = [float(len(texts[place] & other)) if at != place else 0.0 for at, other in enumerate(texts)]
        return [(scores[found], found) for found in ranked(scores)]

    return ranking


def _bm25(texts: Sequence[frozenset[str]], k: float = 1.2, b: float = 0.75) -> Ranking:
    """Plain full-text search at its best: any of the words but those that stand everywhere, by BM25."""
    held = Counter(stem for stems in texts for stem in stems)
    tells = {stem: log(1 + (len(texts) - count + 0.5) / (count + 0.5)) for stem, count in held.items()}
    average = sum(map(len, texts)) / len(texts)
    factors = [(k + 1) / (1 + k * (1 - b + b * len(stems) / average)) for stems in texts]

    def ranking(place: int) -> list[tuple[float, int]]:
        scores = [
            sum(tells[stem] for stem in texts[place] & other) * factors[at] if at != place else 0.0
            for at, other in enumerate(texts)
        ]
        return [(scores[found], found) for found in ranked(scores)]

    return ranking
