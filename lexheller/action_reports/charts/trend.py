"""How many reports each year, the report's own year standing out, breaks in the series marked."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from lexheller.action_reports.charts import svg
from lexheller.action_reports.charts.words import Number, left_out, listed, sentences, shown

MOST = 10
"""Years that are drawn, the newest ones."""

_HIGH = 150.0
_HIDDEN_HIGH = 26.0
_WIDEST = 44.0


@dataclass(frozen=True, slots=True)
class Year:
    """`number` is None when hidden. A year the federation did not count is left out, it is not 0."""

    year: int
    number: Number


@dataclass(frozen=True, slots=True)
class Break:
    """From `year` on something is counted in another way; `label` says what, in two or three words."""

    year: int
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """`hidden`: the words for a hidden number when all that is hidden here is under a limit ("färre än 5")."""

    years: tuple[Year, ...]
    report_year: int
    breaks: tuple[Break, ...] = ()
    hidden: str = ""


def worth_drawing(trend: Trend) -> bool:
    """At least three numbers to see, and not all the same."""
    seen = [one.number for one in _drawn_years(trend) if one.number is not None]
    return len(seen) >= 3 and len(set(seen)) > 1


def drawn(trend: Trend, prefix: str, title: str) -> str:
    """The chart as SVG. `prefix` begins its ids."""
    years = _drawn_years(trend)
    if not years:
        return svg.picture(prefix, title, summary(trend), svg.LINE, ())
    first = years[0].year
    slot = svg.WIDTH / (years[-1].year - first + 1)
    breaks = _breaks(trend)
    top = 4 + len(breaks) * svg.LINE
    foot = top + svg.LINE * _value_lines(years, trend.hidden, slot) + _HIGH
    tallest = max((one.number for one in years if one.number is not None), default=0) or 1
    parts = [_mark(one, svg.LINE * (place + 1), (one.year - first) * slot, foot) for place, one in enumerate(breaks)]
    for one in years:
        middle = (one.year - first + 0.5) * slot
        parts.append(_column(one, trend, middle, slot, foot, tallest))
        name = str(one.year)
        bold = one.year == trend.report_year
        parts.append(svg.letters(middle, foot + svg.LINE, name, size=svg.SMALL, bold=bold, anchor="middle"))
    parts.append(svg.line(0, foot, svg.WIDTH, foot))
    return svg.picture(prefix, title, summary(trend), foot + svg.LINE + 8, parts)


def summary(trend: Trend) -> str:
    """What the chart shows, in words that hold for the hidden numbers too."""
    years = _drawn_years(trend)
    return sentences(
        _this_year(trend),
        _place_among(trend),
        _broken(_breaks(trend)),
        left_out([one.number for one in years]),
    )


def _drawn_years(trend: Trend) -> list[Year]:
    return sorted(trend.years, key=lambda one: one.year)[-MOST:]


def _breaks(trend: Trend) -> list[Break]:
    """Those between two years that are drawn."""
    years = [one.year for one in _drawn_years(trend)]
    between = [one for one in trend.breaks if years and years[0] < one.year <= years[-1]]
    return sorted(between, key=lambda one: (one.year, one.label))


def _lines(one: Year, hidden: str, slot: float) -> list[str]:
    if one.number is not None:
        return [str(one.number)]
    return svg.wrapped(shown(None, hidden), max(slot - 2, 30), svg.SMALL)


def _value_lines(years: list[Year], hidden: str, slot: float) -> int:
    return 1 if any(one.number is not None for one in years) else max(len(_lines(one, hidden, slot)) for one in years)


def _column(one: Year, trend: Trend, middle: float, slot: float, foot: float, tallest: int) -> str:
    width = min(slot * 0.7, _WIDEST)
    left = middle - width / 2
    bold = one.year == trend.report_year
    if one.number is None:
        high = _HIDDEN_HIGH
        column = svg.hatched(left, foot - high, width, high)
    else:
        high = one.number / tallest * _HIGH
        filling, edge = (svg.STRONG, None) if bold else (svg.PALE, svg.EDGE)
        column = svg.box(left, foot - high, width, high, filling, edge=edge) if high else ""
    lines = _lines(one, trend.hidden, slot)
    lowest = foot - high - 5
    return column + svg.stacked(middle, lowest - (len(lines) - 1) * svg.LINE, lines, anchor="middle", bold=bold)


def _mark(one: Break, y: float, x: float, foot: float) -> str:
    """A dashed line up to its label, which stands on the side where there is room."""
    right = x < svg.WIDTH / 2
    room = (svg.WIDTH - x if right else x) - 6
    label = svg.cut(one.label, room, svg.SMALL)
    text = svg.letters(x + 5 if right else x - 5, y, label, size=svg.SMALL, anchor="start" if right else "end")
    return svg.line(x, y - 10, x, foot + 6, dashed=True) + text


def _broken(breaks: list[Break]) -> str:
    if not breaks:
        return ""
    where = listed([f"{one.year} ({one.label.strip()})" for one in breaks])
    return str(_("Sättet att räkna ändrades %(where)s; tal före och efter går inte rakt av att jämföra.", where=where))


def _this_year(trend: Trend) -> str:
    numbers = {one.year: one.number for one in trend.years}
    year = trend.report_year
    if year not in numbers:
        return ""
    number, before = numbers[year], numbers.get(year - 1)
    if number is None:
        return str(_("Antalet anmälningar %(year)s visas inte.", year=year))
    if before is None:
        return str(_("Antal anmälningar %(year)s: %(number)s.", year=year, number=number))
    values = {"year": year, "number": number, "before": before, "last": year - 1}
    if number > before:
        return str(_("Antal anmälningar %(year)s: %(number)s, fler än %(last)s (%(before)s).", **values))
    if number < before:
        return str(_("Antal anmälningar %(year)s: %(number)s, färre än %(last)s (%(before)s).", **values))
    return str(_("Antal anmälningar %(year)s: %(number)s, lika många som %(last)s.", **values))


def _place_among(trend: Trend) -> str:
    """Whether it is the most or the fewest of the years drawn; nothing when a hidden year could say otherwise."""
    years = _drawn_years(trend)
    numbers = [one.number for one in years if one.number is not None]
    own = next((one.number for one in years if one.year == trend.report_year), None)
    if own is None or len(numbers) < max(len(years), 3) or numbers.count(own) > 1:
        return ""
    values = {"first": years[0].year, "last": years[-1].year}
    if own == max(numbers):
        return str(_("Det är det högsta antalet %(first)s–%(last)s.", **values))
    return str(_("Det är det lägsta antalet %(first)s–%(last)s.", **values)) if own == min(numbers) else ""
