"""How often each: themes, organisations, municipalities, kinds of action, as bars under their names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from lexheller.action_reports.action_texts import lowered
from lexheller.action_reports.charts import svg
from lexheller.action_reports.charts.words import Number, each, left_out, listed, part_of, sentences, shown

_THICK = 15.0
_BETWEEN = 11.0
_HIDDEN_WIDE = 44.0
_NAMES_WIDE = 152.0
_MOST_TIED = 3


class Kind(StrEnum):
    """What the bars are of, for the words of the summary."""

    THEME = "theme"
    ORGANISATION = "organisation"
    """That the reports are about."""
    REPORTING = "reporting"
    """That the reports came from."""
    MUNICIPALITY = "municipality"
    ACTION_TYPE = "action_type"


@dataclass(frozen=True, slots=True)
class Bar:
    """`number` is None when hidden. `rest`: the line for all others together, which stands last."""

    label: str
    number: Number
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """`total` is what the numbers are parts of; None when it is not told. A report may stand under several labels, so
    it need not be their sum. `hidden`: see `trend.Trend`.
    """

    kind: Kind
    bars: tuple[Bar, ...]
    total: int | None = None
    hidden: str = ""


def worth_drawing(bars: Bars) -> bool:
    """At least three bars to see that are not all as long."""
    seen = [bar.number for bar in bars.bars if bar.number is not None]
    return sum(bool(number) for number in seen) >= 3 and len(set(seen)) > 1


def drawn(bars: Bars, prefix: str, title: str) -> str:
    """The chart as SVG: the largest first, then what is hidden, all others together last.

    Names stand beside the bars when they all have room there, else above them.
    """
    rows = _in_order(bars)
    beside = _beside(rows)
    left = beside + 8 if beside else 0.0
    seen = [bar.number for bar in rows if bar.number is not None]
    room = max((svg.text_width(str(number), bold=True) for number in seen), default=0) + 8
    scale = (svg.WIDTH - left - room) / (max(seen, default=0) or 1)
    parts: list[str] = []
    y = 2.0
    for bar in rows:
        name, down, high = _name_beside(bar, beside, y) if beside else _name_above(bar, y)
        length = _HIDDEN_WIDE if bar.number is None else max(bar.number * scale, 1.5)
        parts += [name, _bar(bar, left, y + down, length, bars.hidden)]
        y += high + _BETWEEN
    return svg.picture(prefix, title, summary(bars), max(y - _BETWEEN + 2, svg.LINE), parts)


def summary(bars: Bars) -> str:
    """What the chart shows, in words that hold for the hidden numbers too."""
    named = [bar for bar in _in_order(bars) if not bar.rest and bar.number]
    levels = sorted({bar.number for bar in named if bar.number}, reverse=True)
    groups = [[bar for bar in named if bar.number == level] for level in levels]
    return sentences(
        _largest(bars, groups[0]) if groups else "",
        _next(bars, groups[1]) if len(groups) > 1 and len(groups[0]) <= _MOST_TIED else "",
        left_out([bar.number for bar in bars.bars]),
    )


def _in_order(bars: Bars) -> list[Bar]:
    return sorted(bars.bars, key=lambda bar: (bar.rest, bar.number is None, -(bar.number or 0), bar.label))


def _beside(rows: list[Bar]) -> float:
    """How wide the names are when each fits in two lines beside the bars with no word broken, else 0."""
    lines = [svg.wrapped(bar.label, _NAMES_WIDE, svg.SMALL, most=99) for bar in rows]
    words = [word for bar in rows for word in bar.label.split()]
    if any(len(found) > 2 for found in lines) or any(svg.text_width(word, svg.SMALL) > _NAMES_WIDE for word in words):
        return 0.0
    return max((svg.text_width(one, svg.SMALL) for found in lines for one in found), default=0.0)


def _name_beside(bar: Bar, width: float, y: float) -> tuple[str, float, float]:
    """With how far down its bar stands, and how high both are."""
    lines = svg.wrapped(bar.label, width, svg.SMALL)
    high = max(len(lines) * svg.LINE, _THICK)
    foot = y + (high - len(lines) * svg.LINE) / 2 + 12
    return svg.stacked(width, foot, lines, anchor="end"), (high - _THICK) / 2, high


def _name_above(bar: Bar, y: float) -> tuple[str, float, float]:
    lines = svg.wrapped(bar.label, svg.WIDTH - 2)
    name = "".join(svg.letters(0, y + place * svg.LINE + 12, one) for place, one in enumerate(lines))
    down = len(lines) * svg.LINE + 2
    return name, down, down + _THICK


def _bar(bar: Bar, x: float, y: float, length: float, hidden: str) -> str:
    value = shown(bar.number, hidden)
    foot = y + _THICK - 3
    if bar.number is None:
        return svg.hatched(x, y, length, _THICK) + svg.letters(x + length + 6, foot, value, size=svg.SMALL)
    filling, edge = (svg.PALE, svg.EDGE) if bar.rest else (svg.STRONG, None)
    return svg.box(x, y, length, _THICK, filling, edge=edge) + svg.letters(x + length + 6, foot, value, bold=True)


def _largest(bars: Bars, group: list[Bar]) -> str:
    """With hidden numbers only what is shown can be compared: one of them may be larger."""
    number = part_of(group[0].number, bars.total)
    if len(group) > 1:
        number = each(number)
    if len(group) > _MOST_TIED:
        return str(
            _("%(count)s är lika stora och störst av dem som visas: %(number)s.", count=len(group), number=number)
        )
    values = {"labels": listed([_in_text(bars, bar) for bar in group]), "number": number}
    if any(bar.number is None for bar in bars.bars):
        return str(_("Störst av dem som visas: %(labels)s, %(number)s.", **values))
    match bars.kind:
        case Kind.ACTION_TYPE:
            return str(_("Vanligaste åtgärd: %(labels)s, %(number)s.", **values))
        case Kind.REPORTING:
            return str(_("Flest anmälningar kom från %(labels)s: %(number)s.", **values))
        case Kind.MUNICIPALITY:
            return str(_("Flest anmälningar handlar om något som hände i %(labels)s: %(number)s.", **values))
        case _:
            return str(_("Flest anmälningar gällde %(labels)s: %(number)s.", **values))


def _next(bars: Bars, group: list[Bar]) -> str:
    if len(group) > _MOST_TIED or any(bar.number is None for bar in bars.bars):
        return ""
    number = str(group[0].number)
    labels = listed([_in_text(bars, bar) for bar in group])
    return str(
        _("Därefter kommer %(labels)s: %(number)s.", labels=labels, number=each(number) if len(group) > 1 else number)
    )


def _in_text(bars: Bars, bar: Bar) -> str:
    """Names keep their capital letter, kinds of things lose it."""
    return lowered(bar.label) if bars.kind in (Kind.THEME, Kind.ACTION_TYPE) else bar.label
