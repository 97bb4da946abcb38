"""The themes over the years: a table of them all, pictures of the largest, and where the series breaks.

Reads what is public. Nothing for one year alone, or when no number can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from lexheller.action_reports import breaks
from lexheller.action_reports.chapter_pieces import Telling, text
from lexheller.action_reports.charts import trend
from lexheller.action_reports.document import Block, Cell, Chart, Table
from lexheller.statistics.figures import UNKNOWN

MEASURE, LABELLED_AS = "themes_per_year", "by_theme"
MOST_PICTURES = 3


def over_years(telling: Telling) -> list[Block]:
    series = telling.told.get("themes_per_year", [])
    years = list(series[0]["per_year"]) if series else []
    if len(years) < 2:
        return []
    this_year = [line for line in series if line["key"] != UNKNOWN and line["per_year"][str(telling.told["year"])]]
    pictures = [chart for line in this_year for chart in _picture(telling, line)]
    return [_table(telling, series, years), *pictures[:MOST_PICTURES]]


def _table(telling: Telling, series: list[dict[str, Any]], years: list[str]) -> Table:
    rows = tuple(
        (text(telling.label(LABELLED_AS, line)), *(telling.number(line["per_year"][year]) for year in years))
        for line in series
    )
    columns, own = (telling.words.theme, *years), telling.told.get("breaks", [])
    made = _made(telling, telling.name(_measure(telling)), columns, rows, own)
    return replace(made, notes=(*made.notes, *_without(telling, series, years)))


def _without(telling: Telling, series: list[dict[str, Any]], years: list[str]) -> list[str]:
    """That some themes are not in the table, where no hidden number says so."""
    numbers = [line["per_year"][year] for line in series for year in years]
    if None in numbers or sum(numbers) == sum(telling.told["per_year"].get(year) or 0 for year in years):
        return []
    return [_("Teman med så få anmälningar att någon skulle kunna kännas igen är inte med.")]


def _measure(telling: Telling) -> str:
    """Data from before it was a measure of its own names it by the themes of one year."""
    return MEASURE if MEASURE in telling.told["measures"] else LABELLED_AS


def _picture(telling: Telling, line: Mapping[str, Any]) -> list[Chart]:
    numbers = {int(year): count for year, count in line["per_year"].items()}
    own = breaks.of_theme(telling.told.get("breaks", []), line["key"])
    picture = trend.Trend(
        tuple(trend.Year(year, count) for year, count in numbers.items()), telling.told["year"], breaks.marks(own)
    )
    if not trend.worth_drawing(picture):
        return []
    title = _("%(theme)s år för år", theme=telling.label(LABELLED_AS, line))
    rows = tuple((text(str(year)), telling.number(count)) for year, count in numbers.items())
    table = _made(telling, title, (telling.words.year, telling.words.number), rows, own)
    return [Chart(title, trend.summary(picture), trend.drawn(picture, f"theme-{line['key']}", title), table)]


def _made(
    telling: Telling, caption: str, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], own: breaks.Breaks
) -> Table:
    """All but the first column are numbers."""
    hidden = any(cell.value is None for row in rows for cell in row)
    return Table(
        measure=_measure(telling),
        caption=caption,
        columns=columns,
        numeric=(False, *(True for _column in columns[1:])),
        rows=rows,
        definition=telling.definition(_measure(telling)),
        notes=(*breaks.sentences(own), *([telling.words.hidden_note] if hidden else [])),
    )
