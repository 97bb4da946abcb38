"""The yearly report as data: the figures, their cases, the ready text, and one hash over all of it.

The same data gives the same bytes and the same hash (P29). Nothing here depends on the time or on who asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import force_locale

from lexheller.action_reports.blocks import LANGUAGES, Language
from lexheller.action_reports.sentences import ActionGroup, text_block
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import municipalities, organisations
from lexheller.statistics.figures import ActionLine, Count, FactLine, Pair, YearFigures, year_figures
from lexheller.statistics.lines import theme_year_key
from lexheller.statistics.measures import LISTS, MEASURES, Measure
from lexheller.statistics.theme_years import Break, ThemeYears, breaks, themes_per_year


def compiled(federation: Federation, year: int, cut_off: date | None = None) -> dict[str, Any]:
    """The report's data, JSON-ready, in Swedish with the text block in both languages.

    What happened after `cut_off` is as if it had not; without one it is the last day of the year. But what a case is
    about, of which type an action is, and what everything is called are as they are now; and what turned out later not
    to have been carried out was not.
    """
    with force_locale("sv"):
        figures = year_figures(federation, year, cut_off or last_day(year))
        themes = themes_per_year(federation.id, year)
    changes = breaks(federation.id, year, figures.cut_off)
    data = {**_data(federation, figures, themes), **_over_years(themes, changes)}
    return {**data, "hash": hash_of(data)}


def last_day(year: int) -> date:
    return date(year, 12, 31)


def canonical(data: dict[str, Any]) -> bytes:
    """The bytes that are hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(data: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({key: value for key, value in data.items() if key != "hash"})).hexdigest()


def _data(federation: Federation, figures: YearFigures, themes: Iterable[ThemeYears]) -> dict[str, Any]:
    times = figures.days["answer_days"]
    numbers = figures.numbers
    return {
        "federation": federation.slug,
        "federation_name": federation.name,
        "year": figures.year,
        "cut_off": figures.cut_off.isoformat(),
        "received": figures.received,
        "received_previous": figures.received_previous,
        "trend": str(figures.trend),
        "per_year": {str(year): count for year, count in figures.per_year.items()},
        "closed": numbers["closed"].value,
        "answer_days": {"answered": times.count, "median": times.median, "nine_of_ten": times.nine_of_ten},
        "numbers": {name: {"value": one.value, "of": one.of} for name, one in numbers.items()},
        "days": {
            name: {
                "count": one.count,
                "lengths": one.lengths,
                "median": one.median,
                "nine_of_ten": one.nine_of_ten,
            }
            for name, one in figures.days.items()
        },
        **{name: [_line(count) for count in figures.lists[name]] for name in LISTS},
        "pairs": [_pair(pair) for pair in figures.pairs],
        "faults": [
            {"number": line.number, "title": line.title, "status": line.status, "count": len(line.cases)}
            for line in figures.faults
        ],
        "actions": [_action(line) for line in figures.actions],
        "cases": list(figures.cases),
        "cases_behind": {**_cases_behind(figures), **_cases_of_earlier_years(figures, themes)},
        "facts": [_fact(line) for line in figures.facts],
        "measures": {name: _measure(measure) for name, measure in MEASURES.items()},
        "text": {language: _text(federation, figures, language) for language in LANGUAGES},
    }


def _over_years(themes: Iterable[ThemeYears], changes: Iterable[Break]) -> dict[str, Any]:
    return {
        "themes_per_year": [
            {
                "key": line.key,
                "label": line.label,
                "per_year": {str(year): count for year, count in line.per_year.items()},
            }
            for line in themes
        ],
        "breaks": [
            {
                "on": one.on_day.isoformat(),
                "kind": str(one.kind),
                "from": list(one.from_labels),
                "from_keys": list(one.from_keys),
                "to": list(one.to_labels),
                "to_keys": list(one.to_keys),
            }
            for one in changes
        ],
    }


def _cases_behind(figures: YearFigures) -> dict[str, dict[str, list[str]]]:
    """By measure and key; a number by itself has the key `all`."""
    return {
        "received": {"all": list(figures.cases)},
        **{name: {"all": list(number.cases)} for name, number in figures.numbers.items()},
        **{name: {"all": list(days.cases)} for name, days in figures.days.items()},
        **{name: {count.key: list(count.cases) for count in figures.lists[name]} for name in LISTS},
        "pairs": {_pair_key(pair): list(pair.cases) for pair in figures.pairs},
        "faults": {line.number: list(line.cases) for line in figures.faults},
    }


def _cases_of_earlier_years(figures: YearFigures, themes: Iterable[ThemeYears]) -> dict[str, dict[str, list[str]]]:
    """Those of the report's own year stand behind `received` and `by_theme`."""
    return {
        "received_per_year": {
            str(year): list(numbers) for year, numbers in figures.cases_per_year.items() if year != figures.year
        },
        "themes_per_year": {
            theme_year_key(line.key, year): list(numbers)
            for line in themes
            for year, numbers in line.cases.items()
            if year != figures.year
        },
    }


def _fact(line: FactLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "received_on": line.received_on.isoformat(),
        "reporting": line.reporting,
        "concerned": line.concerned,
        "municipality": line.municipality,
        "theme": line.theme,
        "milestones": [list(milestone) for milestone in line.milestones],
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "version": measure.version,
        "clock": str(measure.clock),
        "unit": str(measure.unit),
        "name": _in_both(measure.name),
        "definition": _in_both(measure.definition),
    }


def _in_both(words: Any) -> dict[str, str]:
    said: dict[str, str] = {}
    for language in LANGUAGES:
        with force_locale(language):
            said[language] = str(words)
    return said


def _pair(pair: Pair) -> dict[str, Any]:
    (reporting, reporting_label), (concerned, concerned_label) = pair.reporting, pair.concerned
    return {
        "key": _pair_key(pair),
        "reporting": {"key": reporting, "label": reporting_label},
        "concerned": {"key": concerned, "label": concerned_label},
        "count": pair.count,
    }


def _pair_key(pair: Pair) -> str:
    return f"{pair.reporting[0]}~{pair.concerned[0]}"


def _line(count: Count) -> dict[str, Any]:
    return {"key": count.key, "label": count.label, "count": count.count}


def _action(line: ActionLine) -> dict[str, Any]:
    return {
        "type": line.type_key,
        "text": line.text,
        "date": line.action_on.isoformat(),
        "cases": list(line.cases),
    }


def _text(federation: Federation, figures: YearFigures, language: Language) -> list[str]:
    """The block's paragraphs."""
    names = [row.name for row in organisations(federation.id)]
    names += [row.name for row in municipalities(federation.id)]
    previous = None if str(figures.trend) == "first_year" else figures.received_previous
    block = text_block(
        year=figures.year,
        received=figures.received,
        previous=previous,
        trend=str(figures.trend),
        actions=_groups(figures.lists["by_action_type"], figures.actions),
        answered=figures.days["answer_days"].count,
        median_days=figures.days["answer_days"].median,
        closed=figures.numbers["closed"].value,
        language=language,
        federation_name=federation.name,
        names=names,
    )
    return [paragraph for paragraph in block.paragraphs() if paragraph]


def _groups(counts: Iterable[Count], lines: tuple[ActionLine, ...]) -> list[ActionGroup]:
    return [
        ActionGroup(
            count.key,
            count.label,
            tuple(line.text for line in lines if line.type_key == count.key),
            count.count,
        )
        for count in counts
    ]
