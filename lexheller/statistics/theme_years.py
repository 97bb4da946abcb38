"""Reports by theme over the years up to the report's, and the days on which the list of themes became another.

Counted like `by_theme`: by the theme that each case has now. What a break means in words is `action_reports.breaks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from lexheller.cases.fact_models import CaseFact
from lexheller.core.db import db
from lexheller.organisations.models import Theme, ThemeChange, ThemeChangeKind
from lexheller.organisations.names import swedish_order
from lexheller.organisations.theme_history import theme_changes
from lexheller.statistics.figures import UNKNOWN

MOST_YEARS = 5


@dataclass(frozen=True, slots=True)
class ThemeYears:
    """`cases` are the diary numbers of each year that is counted, those with none too, in order of receipt."""

    key: str
    label: str
    cases: Mapping[int, tuple[str, ...]]

    @property
    def per_year(self) -> dict[int, int]:
        return {year: len(numbers) for year, numbers in self.cases.items()}


@dataclass(frozen=True, slots=True)
class Break:
    """Keys and labels as they were on the day; see `ThemeChangeKind`."""

    on_day: date
    kind: ThemeChangeKind
    from_keys: tuple[str, ...]
    from_labels: tuple[str, ...]
    to_keys: tuple[str, ...]
    to_labels: tuple[str, ...]


def themes_per_year(federation_id: int, year: int) -> list[ThemeYears]:
    """The last five years, from the first with any report. The year's largest first; no theme last.

    The themes of a year sum to its reports. Labels are in the language of the caller's locale.
    """
    first = _first_day(federation_id)
    if first is None or first.year > year:
        return []
    years = range(max(first.year, year - MOST_YEARS + 1), year + 1)
    query = (
        select(CaseFact.received_on, CaseFact.number, Theme.key, Theme.label)
        .outerjoin(Theme, Theme.id == CaseFact.theme_id)
        .where(
            CaseFact.federation_id == federation_id,
            CaseFact.received_on.between(date(years[0], 1, 1), date(year, 12, 31)),
        )
        .order_by(CaseFact.received_on, CaseFact.case_id)
    )
    cases: dict[tuple[str, int], list[str]] = {}
    labels: dict[str, str] = {}
    for received_on, number, key, label in db.session.execute(query):
        labels[key or UNKNOWN] = label or _("Inget tema satt")
        cases.setdefault((key or UNKNOWN, received_on.year), []).append(number)
    found = [
        ThemeYears(key, label, {one: tuple(cases.get((key, one), ())) for one in years})
        for key, label in labels.items()
    ]
    return sorted(found, key=lambda one: _largest_first(one, year))


def breaks(federation_id: int, year: int, cut_off: date) -> list[Break]:
    """Changes of the list of themes in the years that `themes_per_year` counts, up to the cut-off day, in order.

    What was changed before the first report breaks nothing; nor does what was undone on the same day.
    """
    first = _first_day(federation_id)
    last = min(cut_off, date(year, 12, 31))
    if first is None:
        return []
    start = max(date(year - MOST_YEARS + 1, 1, 1), first)
    changes = [change for change in theme_changes(federation_id, start, last) if change.on_day > first]
    return _without_undone(_break(change) for change in changes)


def _first_day(federation_id: int) -> date | None:
    return db.session.scalar(select(func.min(CaseFact.received_on)).where(CaseFact.federation_id == federation_id))


def _largest_first(one: ThemeYears, year: int) -> tuple[bool, int, int, str, str]:
    every = sum(one.per_year.values())
    return (one.key == UNKNOWN, -one.per_year[year], -every, swedish_order(one.label), one.key)


def _break(change: ThemeChange) -> Break:
    return Break(
        change.on_day,
        ThemeChangeKind(change.kind),
        tuple(change.from_keys),
        tuple(change.from_labels),
        tuple(change.to_keys),
        tuple(change.to_labels),
    )


def _without_undone(found: Iterable[Break]) -> list[Break]:
    """Without pairs of one day that take each other back: in use and out of it, or a name that was put right."""
    kept: list[Break] = []
    for one in found:
        other = next((place for place, past in enumerate(kept) if _undoes(one, past)), None)
        if other is None:
            kept.append(one)
        else:
            del kept[other]
    return kept


def _undoes(one: Break, past: Break) -> bool:
    if one.on_day != past.on_day:
        return False
    there_and_back = (one.from_keys, one.from_labels) == (past.to_keys, past.to_labels)
    return there_and_back and (one.to_keys, one.to_labels) == (past.from_keys, past.from_labels)
