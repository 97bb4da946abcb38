"""What the overview shows to whom: numbers with links to their cases for those who see the cases, others without.

Others are shown what the year's published report says and nothing that is counted here (P30). Stops at values for the
template: counting is `overview_queries`.
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
from lexheller.improvement.fault_page import AGE
from lexheller.improvement.flow_picture import Link, Picture, picture_of
from lexheller.improvement.overview_rules import (
    Age,
    Cell,
    Period,
    biggest,
    period_of,
    quarters_until,
)
from lexheller.improvement.published_pairs import published_pairs
from lexheller.organisations.models import Federation

MOST_DRAWN = 60
SHOWN_OPEN = 8
UNKNOWN = "0"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; `href` leads to what the number counts, None for who does not see it."""

    names: tuple[str, ...]
    number: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme with its number in each quarter; `tallest` is the largest number of all themes and quarters."""

    row: Row
    quarters: list[Row]


def values(actor: Actor, federation: Federation, chosen: str | None) -> dict[str, Any]:
    """For the template of the page. Others than the office see who reported about whom last year, and no more."""
    whole = sees_all(actor, federation.id)
    return {
        "whole": whole,
        "shown_open": SHOWN_OPEN,
        **(_for_office(actor, federation, chosen) if whole else _for_others(federation)),
    }


def _for_office(actor: Actor, federation: Federation, chosen: str | None) -> dict[str, Any]:
    today = clock.today()
    period, quarters = period_of(chosen, today), quarters_until(today)
    cells = [_named(cell) for cell in counts.between_whom(federation.id, period)]
    themes = counts.by_theme(federation.id, quarters)
    return {
        "period": period,
        "chosen": chosen or "",
        "years": counts.years_with_reports(federation.id),
        "received": sum(cell.number for cell in cells),
        "has_disposed": counts.has_disposed(federation.id, period),
        "pairs": _pair_rows(federation, biggest(cells), period),
        "sums": [],
        "picture": _picture([Link(cell.names[0], cell.names[1], cell.number) for cell in biggest(cells)]),
        "quarters": quarters,
        "themes": _theme_rows(federation, themes, quarters),
        "tallest": max((number for _cell, numbers in themes for number in numbers), default=0),
        "faults": _faults(federation, today),
        "effects": _effects(federation),
        "to_judge_href": url_for("improvement.actions", federation=federation.slug, only=str(OnlyActions.TO_JUDGE)),
        "to_judge": counted(to_judge(actor, federation.id))[0],
    }


def _for_others(federation: Federation) -> dict[str, Any]:
    """`published` is False until last year's report is. The picture is of all reports or there is none."""
    year = clock.local_year() - 1
    found = published_pairs(federation.id, year)
    if found is None:
        return {"year": year, "published": False}
    told = [(one, other, number) for one, other, number in found.pairs if number is not None]
    every = len(told) == len(found.pairs) and sum(number for _one, _other, number in told) == found.received
    return {
        "year": year,
        "published": True,
        "period": Period(date(year, 1, 1), date(year, 12, 31)),
        "received": found.received,
        "least": found.least,
        "pairs": [Row((one, other), number) for one, other, number in told],
        "sums": [
            (heading, [Row((name,), number) for name, number in side])
            for heading, side in ((_("Anmält av"), found.reporting), (_("Gäller"), found.concerned))
            if side
        ],
        "picture": _picture([Link(*pair) for pair in told]) if every else None,
    }


def _named(cell: Cell) -> Cell:
    return replace(cell, names=tuple(name or str(_("Okänd")) for name in cell.names))


def _pair_rows(federation: Federation, cells: Sequence[Cell], period: Period) -> list[Row]:
    return [
        Row(
            cell.names,
            cell.number,
            _queue(federation, period, by=_id(cell.ids[0]), organisation=_id(cell.ids[1])),
        )
        for cell in cells
    ]


def _picture(links: Sequence[Link]) -> Picture | None:
    """The pairs of the table, the largest first, as far as so many can be drawn; a single one needs no picture."""
    return picture_of(links[:MOST_DRAWN]) if len(links) > 1 else None


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


def _faults(federation: Federation, today: date) -> list[tuple[Row, list[Row]]]:
    """By status, with how many there are of each age."""
    found = counts.faults_by_status(federation.id, today)
    return [
        (
            Row((str(label.label),), found[status].total(), _faults_in(federation, status)),
            [
                Row(
                    (str(label.label), str(AGE[age])),
                    found[status][age],
                    _faults_in(federation, status, age) if found[status][age] else None,
                )
                for age in Age
            ],
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


def _faults_in(federation: Federation, status: str, age: Age | None = None) -> str:
    return url_for("improvement.faults", federation=federation.slug, status=status, age=age.value if age else None)
