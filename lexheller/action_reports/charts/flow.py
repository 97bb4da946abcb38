"""Between whom: ribbons from those at the left to those at the right, as thick as they have reports.

Where the ribbons run is worked out where the office's own overview does it; stops at what the report says beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from lexheller.action_reports.charts import svg
from lexheller.action_reports.charts.words import (
    Number,
    each,
    hidden_words,
    left_out,
    listed,
    part_of,
    sentences,
    shown,
)
from lexheller.improvement import flow_picture

MOST = 8
"""Names on each side at most; those with fewer reports are drawn as one, the table has them all."""
MOST_RIBBONS = 24
"""More than so many cannot be told apart: fewer names are kept then, but never fewer than `FEWEST`."""
FEWEST = 4

_FILLINGS = ("#dcebe3", "#f6e6c4", "#d9e6f1", "#f3ddd7", "#e9e9e4", "#cfdcd6")
_FITS_A_NUMBER = 12.0
_NUMBER_ROOM = 14.0
_BETWEEN = 9.0
_MOST_TIED = 3
_NAME_WIDE = svg.WIDTH / 2 - 5


@dataclass(frozen=True, slots=True)
class Stream:
    """So many reports between two; `number` is None when hidden."""

    left: str
    right: str
    number: Number


@dataclass(frozen=True, slots=True)
class Flow:
    """The headings say what the sides are ("Vem släppte?", "Vem borde ha tagit emot?"). `total`: all reports, None when
    it is not told. `hidden`: see `trend.Trend`.
    """

    left_heading: str
    right_heading: str
    streams: tuple[Stream, ...]
    total: int | None = None
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """What stands above a bar: one or two lines, the last one ending with `total`."""

    lines: tuple[str, ...]
    total: str


def worth_drawing(flow: Flow) -> bool:
    """At least three ribbons to see, not all of one report, and most of them between names, not between all others."""
    streams = [one for one in _together(flow) if one.number]
    known = sum(one.number or 0 for one in streams)
    nameless = sum(one.number or 0 for one in streams if one.left == one.right == _("Övriga"))
    return len(streams) >= 3 and any(one.number != 1 for one in streams) and 3 * nameless <= known


def drawn(flow: Flow, prefix: str, title: str) -> str:
    """The chart as SVG. A hidden number is a thin dashed ribbon, whatever it is."""
    streams = _together(flow)
    names = _names(streams, flow)
    high = svg.LINE * max((len(one.lines) for one in names.values()), default=1)
    links = [flow_picture.Link(one.left, one.right, one.number or 0) for one in streams]
    found = flow_picture.picture_of(links, gap=high + _BETWEEN, last=_("Övriga"))
    headings = [
        svg.wrapped(heading, svg.WIDTH / 2 - 8, svg.SMALL, bold=True)
        for heading in (flow.left_heading, flow.right_heading)
    ]
    down = max(map(len, headings)) * svg.LINE + high / 2 + 9
    parts = [
        svg.stacked(0, 14, headings[0], bold=True),
        svg.stacked(svg.WIDTH, 14, headings[1], anchor="end", bold=True),
        f'<g transform="translate(0 {svg.short(down)})">',
        *(_ribbon(band, flow) for band in found.bands),
        *_numbers(found),
        *(_bar(bar, names["left", bar.name], right=False) for bar in found.left),
        *(_bar(bar, names["right", bar.name], right=True) for bar in found.right),
        "</g>",
    ]
    return svg.picture(prefix, title, summary(flow), down + found.height - high / 2, parts)


def summary(flow: Flow) -> str:
    """What the chart shows, in words that hold for the hidden numbers too."""
    named = (one for one in flow.streams if one.number and _("Övriga") not in (one.left, one.right))
    seen = sorted(named, key=lambda one: (-(one.number or 0), one.left, one.right))
    return sentences(
        _thickest(flow, seen) if seen else "",
        _most_received(flow),
        left_out([one.number for one in flow.streams]),
    )


def _together(flow: Flow) -> list[Stream]:
    """With the smallest of each side under one name when there are too many to be told apart."""
    streams = _folded(flow.streams, MOST)
    for most in range(MOST - 1, FEWEST - 1, -1):
        if len(streams) <= MOST_RIBBONS:
            break
        streams = _folded(flow.streams, most)
    return streams


def _folded(streams: Sequence[Stream], most: int) -> list[Stream]:
    others = _("Övriga")
    left = _kept(((one.left, one.number) for one in streams), most)
    right = _kept(((one.right, one.number) for one in streams), most)
    sums: dict[tuple[str, str, bool], int] = {}
    for one in streams:
        if one.number == 0:
            continue
        names = one.left if one.left in left else others, one.right if one.right in right else others
        key = (*names, one.number is None)
        sums[key] = sums.get(key, 0) + (one.number or 0)
    return [Stream(one, other, None if secret else number) for (one, other, secret), number in sorted(sums.items())]


def _kept(parts: Iterable[tuple[str, Number]], most: int) -> set[str]:
    numbers: dict[str, int] = {}
    for name, number in parts:
        numbers[name] = numbers.get(name, 0) + (number or 0)
    ranked = sorted(numbers, key=lambda name: (-numbers[name], name))
    return set(ranked if len(ranked) <= most else ranked[: most - 1])


def _names(streams: Sequence[Stream], flow: Flow) -> dict[tuple[str, str], Name]:
    """By side and name."""
    numbers: dict[tuple[str, str], list[Number]] = {}
    for one in streams:
        numbers.setdefault(("left", one.left), []).append(one.number)
        numbers.setdefault(("right", one.right), []).append(one.number)
    return {(side, name): _name(name, _sum_words(found, flow.hidden)) for (side, name), found in numbers.items()}


def _name(name: str, total: str) -> Name:
    """Within half the picture; the last line leaves room for the number, or the number has a line of its own."""
    room = _NAME_WIDE - svg.text_width(f" {total}", svg.SMALL, bold=True)
    if svg.text_width(name, svg.SMALL) <= room:
        return Name((name,), total)
    lines = svg.wrapped(name, _NAME_WIDE, svg.SMALL, most=2)
    if len(lines) == 1:
        return Name((name, ""), total)
    return Name((lines[0], svg.cut(lines[1], room, svg.SMALL)), total)


def _ribbon(band: flow_picture.Band, flow: Flow) -> str:
    hidden = band.link.number == 0
    number = hidden_words(flow.hidden) if hidden else str(band.link.number)
    words = svg.escaped(f"{band.link.left} → {band.link.right}: {number}")
    look = (
        f'fill="{svg.PAPER}" stroke="{svg.EDGE}" stroke-dasharray="3 2"'
        if hidden
        else f'fill="{_FILLINGS[band.colour]}" fill-opacity="0.8" stroke="{svg.EDGE}" stroke-width="0.75"'
    )
    return f'<path d="{band.outline}" {look}><title>{words}</title></path>'


def _numbers(found: flow_picture.Picture) -> list[str]:
    """At both ends of each ribbon that is thick enough and more than one report, where a bar has several."""
    total = sum(band.link.number for band in found.bands)
    scale = flow_picture.TALLEST / max(total, 1)
    parts = []
    for bars, side in ((found.left, "left"), (found.right, "right")):
        ends = {bar.name: bar.y for bar in bars}
        several = {name for name in ends if sum(getattr(band.link, side) == name for band in found.bands) > 1}
        for band in found.bands:
            name, thick = getattr(band.link, side), band.link.number * scale
            if name in several and band.link.number > 1 and thick >= _FITS_A_NUMBER:
                x = _NUMBER_ROOM if side == "left" else svg.WIDTH - _NUMBER_ROOM
                anchor = "start" if side == "left" else "end"
                middle = ends[name] + thick / 2 + 4
                parts.append(svg.letters(x, middle, str(band.link.number), size=svg.SMALL, anchor=anchor))
            ends[name] += thick
    return parts


def _bar(bar: flow_picture.Bar, name: Name, *, right: bool) -> str:
    """With its name and sum above it."""
    x, anchor = (svg.WIDTH, "end") if right else (0, "start")
    edge = svg.WIDTH - flow_picture.BAR if right else 0
    parts = [svg.box(edge, bar.y, flow_picture.BAR, bar.height, svg.INK)]
    for up, words in enumerate(reversed(name.lines)):
        number = "" if up else name.total
        foot = bar.y - 5 - up * svg.LINE
        parts.append(svg.letters(x, foot, words, size=svg.SMALL, anchor=anchor, halo=True, number=number))
    return "".join(parts)


def _sum_words(numbers: Sequence[Number], hidden: str) -> str:
    """The sum, as far as it may be told."""
    known = sum(number for number in numbers if number is not None)
    if None not in numbers:
        return str(known)
    if known:
        return str(_("minst %(number)s", number=known))
    return shown(None, hidden if len(numbers) == 1 else "")


def _thickest(flow: Flow, seen: Sequence[Stream]) -> str:
    """With hidden numbers only what is shown can be compared: one of them may be larger."""
    tied = [one for one in seen if one.number == seen[0].number]
    number = part_of(seen[0].number, flow.total)
    if len(tied) > 1:
        number = each(number)
    if len(tied) > _MOST_TIED:
        return str(
            _("%(count)s flöden är lika stora och störst av dem som visas: %(number)s.", count=len(tied), number=number)
        )
    ways = listed([str(_("från %(left)s till %(right)s", left=one.left, right=one.right)) for one in tied])
    if any(one.number is None for one in flow.streams):
        return str(_("Störst av det som visas är flödet %(ways)s: %(number)s.", ways=ways, number=number))
    return str(_("Störst är flödet %(ways)s: %(number)s.", ways=ways, number=number))


def _most_received(flow: Flow) -> str:
    """Who has most at the right; nothing when it is not one alone, or a hidden number could say otherwise."""
    if any(one.number is None for one in flow.streams):
        return ""
    sums: dict[str, int] = {}
    for one in flow.streams:
        sums[one.right] = sums.get(one.right, 0) + (one.number or 0)
    most = max(sums.values(), default=0)
    names = [name for name, number in sums.items() if number == most]
    if len(names) != 1 or len(sums) < 2 or names[0] == _("Övriga"):
        return ""
    return str(_("Till %(right)s gick sammanlagt flest: %(number)s.", right=names[0], number=most))
