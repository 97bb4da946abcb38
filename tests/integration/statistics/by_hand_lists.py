"""The lists of the year counted once more from what the last event of each case says that it is about: for P28."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlalchemy import text

from lexheller.core.db import db
from tests.integration.statistics.by_hand import Told, told_by_log

MOST_YEARS = 5


def lists(slug: str, year: int) -> dict[str, dict[str, int]]:
    """Numbers by key, without those that are none."""
    ours = [case for case in told_by_log(slug).values() if case.received_on.year == year]
    organisations, funded = _keys("organisation"), _funded()
    between = [(case.about["reporting_organisation"], case.about["concerned_organisation"]) for case in ours]
    return {
        "by_organisation": _counted(organisations.get(concerned) for _reporting, concerned in between),
        "by_reporting_organisation": _counted(organisations.get(reporting) for reporting, _concerned in between),
        "by_theme": _by("theme", ours),
        "by_municipality": _by("municipality", ours),
        "by_activity": _counted(organisations[side] for sides in between for side in funded & set(sides)),
        "by_month": _counted(f"{year}-{case.received_on.month:02d}" for case in ours),
        "pairs": _counted(
            f"{organisations[reporting]}~{organisations[concerned]}"
            for reporting, concerned in between
            if reporting and concerned
        ),
    }


def per_year(slug: str, year: int) -> dict[str, int]:
    return _counted(str(came) for case in told_by_log(slug).values() if (came := case.received_on.year) <= year)


def themes_per_year(slug: str, year: int) -> dict[str, dict[str, int]]:
    """By theme, each with all the years."""
    cases = told_by_log(slug).values()
    first = min((case.received_on.year for case in cases), default=year + 1)
    years = range(max(first, year - MOST_YEARS + 1), year + 1)
    counts = {one: _by("theme", [case for case in cases if case.received_on.year == one]) for one in years}
    themes = {theme for found in counts.values() for theme in found}
    return {theme: {str(one): counts[one].get(theme, 0) for one in years} for theme in themes}


def cases_of_earlier_years(slug: str, year: int) -> dict[str, dict[str, list[str]]]:
    """Diary numbers, in order of the alphabet, by year and by theme and year; without those that are none."""
    keys, cases = _keys("theme"), told_by_log(slug).values()
    by_year, by_theme = defaultdict(list), defaultdict(list)
    for case in sorted(cases, key=lambda one: one.number):
        came = case.received_on.year
        if came < year:
            by_year[str(came)].append(case.number)
        if year - MOST_YEARS < came < year:
            by_theme[f"{keys.get(case.about['theme']) or 'unknown'}~{came}"].append(case.number)
    return {"received_per_year": dict(by_year), "themes_per_year": dict(by_theme)}


def _by(kind: str, cases: Iterable[Told]) -> dict[str, int]:
    keys = _keys(kind)
    return _counted(keys.get(case.about[kind]) for case in cases)


def _keys(table: str) -> dict[int, str]:
    return {row.id: row.key for row in db.session.execute(text(f"SELECT id, key FROM {table}"))}


def _funded() -> set[int]:
    return set(db.session.execute(text("SELECT id FROM organisation WHERE kind = 'activity'")).scalars())


def _counted(keys: Iterable[str | None]) -> dict[str, int]:
    return dict(Counter(key or "unknown" for key in keys))
