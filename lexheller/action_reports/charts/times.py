"""How soon reports were answered: how many of all within 10, 20, 30 … days, as bars that fill towards all of them.

One bar for each limit says "14 of 17 within 30 days", which is what a board asks; a median and a percentile would have
to be explained first.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from lexheller.action_reports.charts import svg
from lexheller.action_reports.charts.words import Number, hidden_words, left_out, part_of, sentences
from lexheller.action_reports.sentences_shapes import ENOUGH_FOR_PERCENT, percent

_THICK = 15.0
_BETWEEN = 12.0
_HIDDEN_WIDE = 44.0


@dataclass(frozen=True, slots=True)
class Within:
    """`number` were answered within `days` from when they came in, None when hidden."""

    days: int
    number: Number


@dataclass(frozen=True, slots=True)
class Times:
    """`total`: all reports whose answers are looked at, the unanswered ones too. `median` days of those that were
    answered. `hidden`: see `trend.Trend`. What lies between two limits is a number too: whoever publishes them sees to
    it that none is small.
    """

    limits: tuple[Within, ...]
    total: Number
    unanswered: Number = 0
    median: float | None = None
    hidden: str = ""


def worth_drawing(times: Times) -> bool:
    """At least three reports and three limits to see, of which two differ."""
    seen = [one.number for one in _drawn_limits(times) if one.number is not None]
    return times.total is not None and times.total >= 3 and len(seen) >= 3 and len(set(seen)) > 1


def drawn(times: Times, prefix: str, title: str) -> str:
    """The chart as SVG."""
    parts, y = [], 2.0
    for one in _drawn_limits(times):
        parts.append(_row(times, str(_("Inom %(days)s", days=_days(one.days))), one.number, y, waiting=False))
        y += svg.LINE + 2 + _THICK + _BETWEEN
    if times.unanswered != 0:
        parts.append(svg.line(0, y - 3, svg.WIDTH, y - 3))
        y += 5
        parts.append(_row(times, _("Inget svar ännu"), times.unanswered, y, waiting=True))
        y += svg.LINE + 2 + _THICK + _BETWEEN
    return svg.picture(prefix, title, summary(times), max(y - _BETWEEN + 2, svg.LINE), parts)


def _half(median: float | None) -> str:
    if median is None:
        return ""
    if not median:
        return str(_("Hälften av svaren kom samma dag."))
    return str(_("Hälften av svaren kom inom %(days)s.", days=_days(median)))


def summary(times: Times) -> str:
    """What the chart shows, in words that hold for the hidden numbers too."""
    limits = _drawn_limits(times)
    return sentences(
        _main(times),
        _all_within(times),
        _half(times.median),
        ngettext(
            "%(num)d anmälan har ännu inte fått svar.", "%(num)d anmälningar har ännu inte fått svar.", times.unanswered
        )
        if times.unanswered
        else "",
        left_out([*(one.number for one in limits), times.unanswered, times.total]),
    )


def _drawn_limits(times: Times) -> list[Within]:
    """Without limits that say nothing more: before the first answer, and after the last."""
    limits = sorted(times.limits, key=lambda one: one.days)
    return [
        one
        for place, one in enumerate(limits)
        if not (
            (one.number == 0 and place + 1 < len(limits) and limits[place + 1].number == 0)
            or (place and one.number is not None and limits[place - 1].number == one.number == times.total)
        )
    ]


def _days(days: float) -> str:
    return str(ngettext("%(days)s dag", "%(days)s dagar", 1 if days == 1 else 2, days=format_decimal(days)))


def _value(times: Times, number: Number) -> str:
    if number is None:
        return hidden_words(times.hidden)
    if times.total is None or times.total < ENOUGH_FOR_PERCENT:
        return part_of(number, times.total)
    return f"{part_of(number, times.total)} ({format_percent(percent(number, times.total) / 100)})"


def _whole(times: Times) -> int:
    """What a full bar stands for."""
    seen = [one.number for one in times.limits if one.number is not None]
    return max(seen, default=0) or 1 if times.total is None else max(times.total, 1)


def _row(times: Times, label: str, number: Number, y: float, *, waiting: bool) -> str:
    value = _value(times, number)
    room = svg.WIDTH - svg.text_width(value, bold=True) - 8
    foot, top = y + 12, y + svg.LINE + 2
    words = svg.letters(0, foot, svg.cut(label, room))
    words += svg.letters(svg.WIDTH, foot, value, bold=number is not None, anchor="end")
    track = svg.box(0, top, svg.WIDTH, _THICK, svg.PAPER, edge=svg.EDGE)
    if number is None:
        return words + track + svg.hatched(0, top, _HIDDEN_WIDE, _THICK)
    length = svg.WIDTH * min(number / _whole(times), 1)
    if not length:
        return words + track
    filled = svg.box(0, top, length, _THICK, svg.SOFT if waiting else svg.STRONG)
    return words + track + filled


def _main_limit(times: Times) -> Within | None:
    """The first one within which at least half were answered."""
    total = times.total or 0
    known = [one for one in _drawn_limits(times) if one.number is not None]
    return next((one for one in known if 2 * (one.number or 0) >= total > 0), None)


def _main(times: Times) -> str:
    limit = _main_limit(times)
    if limit is None or times.total is None:
        return ""
    return str(
        _(
            "%(number)s av %(total)s anmälningar fick svar inom %(days)s.",
            number=limit.number,
            total=times.total,
            days=_days(limit.days),
        )
    )


def _all_within(times: Times) -> str:
    everyone = next((one.days for one in _drawn_limits(times) if times.total and one.number == times.total), None)
    limit = _main_limit(times)
    if everyone is None or (limit is not None and limit.days == everyone):
        return ""
    return str(_("Alla hade fått svar inom %(days)s.", days=_days(everyone)))
