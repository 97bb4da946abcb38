"""What the overview shows to whom: numbers with links to their cases for those who see the cases, others without.

Stops at values for the template: counting is `overview_queries`, what may be shown to others `overview_rules`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from lexheller.accounts.rights import Actor
from lexheller.actions.labels import JUDGEMENT
from lexheller.actions.library import OnlyActions
from lexheller.actions.queries import counted, to_judge
from lexheller.actions.states import Judgement
from lexheller.core import clock
from lexheller.faults.labels import STATUS as FAULT_STATUS
from lexheller.faults.permissions import sees_all
from lexheller.improvement import overview_queries as counts
from lexheller.improvement.flow_picture import Link, Picture, picture_of
from lexheller.improvement.overview_rules import (
    Age,
    Cell,
    Period,
    Shown,
    biggest,
    for_others,
    last_whole_year,
    period_of,
    quarters_until,
)
from lexheller.organisations.models import Federation
from lexheller.privacy.small_numbers import LEAST

MOST_DRAWN = 60
SHOWN_OPEN = 8
UNKNOWN = "0"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; `href` leads to the cases behind the number, None for who does not see them."""

    names: tuple[str, ...]
    number: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme with its number in each quarter; `tallest` is the largest number of all themes and quarters."""

    row: Row
    quarters: list[Row]


def values(actor: Actor, federation: Federation, chosen: str | None) -> dict[str, Any]:
    """For the template of the page. Others than the office see one table alone, of a year that is over."""
    whole, today = sees_all(actor, federation.id), clock.today()
    period = period_of(chosen, today) if whole else last_whole_year(today)
    pairs = [_named(cell) for cell in counts.between_whom(federation.id, period)]
    shown = Shown(pairs, [], sum(cell.number for cell in pairs)) if whole else for_others(pairs, _("Alla"))
    quarters = quarters_until(today)
    themes = counts.by_theme(federation.id, quarters) if whole else []
    rows = _pair_rows(federation, biggest([*shown.cells, *shown.sums]), period, links=whole)
    return {
        "whole": whole,
        "period": period,
        "chosen": chosen or "",
        "years": counts.years_with_reports(federation.id) if whole else [],
        "received": shown.total,
        "least": LEAST,
        "pairs": rows,
        "shown_open": SHOWN_OPEN,
        "picture": _picture(shown.cells),
        "quarters": quarters,
        "themes": _theme_rows(federation, themes, quarters),
        "tallest": max((number for _cell, numbers in themes for number in numbers), default=0),
        "faults": _faults(federation, today) if whole else [],
        "effects": _effects(federation) if whole else [],
        "to_judge_href": url_for("improvement.actions", federation=federation.slug, only=str(OnlyActions.TO_JUDGE)),
        "to_judge": counted(to_judge(actor, federation.id))[0] if whole else 0,
    }


def _named(cell: Cell) -> Cell:
    return replace(cell, names=tuple(name or str(_("Okänd")) for name in cell.names))


def _pair_rows(federation: Federation, cells: Sequence[Cell], period: Period, *, links: bool) -> list[Row]:
    return [
        Row(
            cell.names,
            cell.number,
            _queue(federation, period, by=_id(cell.ids[0]), organisation=_id(cell.ids[1])) if links else None,
        )
        for cell in cells
    ]


def _picture(cells: Sequence[Cell]) -> Picture | None:
    """The pairs of the table, as far as so many can be drawn; a single one needs no picture."""
    links = [Link(cell.names[0], cell.names[1], cell.number) for cell in biggest(cells)[:MOST_DRAWN]]
    return picture_of(links) if len(links) > 1 else None


def _theme_rows(
    federation: Federation, themes: Sequence[tuple[Cell, list[int]]], quarters: Sequence[Period]
) -> list[ThemeRow]:
    span = Period(quarters[0].first, quarters[-1].last)
    found = []
    for cell, numbers in themes:
        name, theme = cell.names[0] or _("Utan tema"), _id(cell.ids[0])
        by_quarter = [
            Row((quarter_name(one),), number, _queue(federation, one, theme=theme) if number else None)
            for one, number in zip(quarters, numbers, strict=True)
        ]
        found.append(ThemeRow(Row((name,), cell.number, _queue(federation, span, theme=theme)), by_quarter))
    return found


def _faults(federation: Federation, today: date) -> list[tuple[Row, list[int]]]:
    found = counts.faults_by_status(federation.id, today)
    return [
        (
            Row((str(label.label),), found[status].total(), _faults_in(federation, status)),
            [found[status][age] for age in Age],
        )
        for status, label in FAULT_STATUS.items()
        if status in found
    ]


def _effects(federation: Federation) -> list[Row]:
    found = counts.judged_actions(federation.id)
    return [
        Row(
            (str(JUDGEMENT[judgement]),),
            found[judgement],
            url_for("improvement.actions", federation=federation.slug, judgement=str(judgement)),
        )
        for judgement in Judgement
        if judgement in found
    ]


def quarter_name(quarter: Period) -> str:
    return str(_("kv %(quarter)s %(year)s", quarter=(quarter.first.month + 2) // 3, year=quarter.first.year))


def _id(found: int | None) -> str:
    return UNKNOWN if found is None else str(found)


def _queue(federation: Federation, period: Period, **chosen: str) -> str:
    values: dict[str, Any] = {**chosen, "from": period.first.isoformat(), "to": period.last.isoformat()}
    return url_for("desk.index", federation=federation.slug, **values)


def _faults_in(federation: Federation, status: str) -> str:
    return url_for("improvement.faults", federation=federation.slug, status=status)
