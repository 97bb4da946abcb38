"""The yearly report as data: the figures, their cases, the ready text, and one hash over all of it.

The same data gives the same bytes and the same hash (P29). Nothing here depends on the time or on who asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from flask_babel import force_locale

from lexheller.action_reports.sentences import ActionGroup, text_block
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import municipalities, organisations
from lexheller.statistics.figures import ActionLine, Count, YearFigures, year_figures

LISTS = ("by_organisation", "by_theme", "by_municipality", "by_month", "by_action_type")
LANGUAGES = ("sv", "en")


def compiled(federation: Federation, year: int) -> dict[str, Any]:
    """The report's data, JSON-ready, in Swedish with the text block in both languages."""
    with force_locale("sv"):
        figures = year_figures(federation, year)
    data = _data(federation, figures)
    return {**data, "hash": hash_of(data)}


def canonical(data: dict[str, Any]) -> bytes:
    """The bytes that are hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(data: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({key: value for key, value in data.items() if key != "hash"})).hexdigest()


def _data(federation: Federation, figures: YearFigures) -> dict[str, Any]:
    times = figures.answer_times
    lists: dict[str, tuple[Count, ...]] = {name: getattr(figures, name) for name in LISTS}
    return {
        "federation": federation.slug,
        "federation_name": federation.name,
        "year": figures.year,
        "received": figures.received,
        "received_previous": figures.received_previous,
        "trend": str(figures.trend),
        "closed": figures.closed,
        "answer_days": {
            "answered": times.answered,
            "median": times.median,
            "nine_of_ten": times.nine_of_ten,
        },
        **{name: [_line(count) for count in counts] for name, counts in lists.items()},
        "actions": [_action(line) for line in figures.actions],
        "cases": list(figures.cases),
        "cases_behind": {name: {count.key: list(count.cases) for count in counts} for name, counts in lists.items()},
        "text": {language: _text(federation, figures, language) for language in LANGUAGES},
    }


def _line(count: Count) -> dict[str, Any]:
    return {"key": count.key, "label": count.label, "count": count.count}


def _action(line: ActionLine) -> dict[str, Any]:
    return {
        "type": line.type_key,
        "text": line.text,
        "date": line.action_on.isoformat(),
        "cases": list(line.cases),
    }


def _text(federation: Federation, figures: YearFigures, language: Any) -> list[str]:
    """The block's paragraphs."""
    names = [row.name for row in organisations(federation.id)]
    names += [row.name for row in municipalities(federation.id)]
    previous = None if str(figures.trend) == "first_year" else figures.received_previous
    block = text_block(
        year=figures.year,
        received=figures.received,
        previous=previous,
        trend=str(figures.trend),
        actions=_groups(figures.by_action_type, figures.actions),
        answered=figures.answer_times.answered,
        median_days=figures.answer_times.median,
        closed=figures.closed,
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
