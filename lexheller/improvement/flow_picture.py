"""Where a picture of reports between organisations has its lines: from who reported, on the left, to whom it concerned.

Pure geometry in the units of the picture's own box; the template draws it and a table beside it says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 360
BAR = 8
GAP = 18
TALLEST = 220
THINNEST = 2.0
COLOURS = 6


@dataclass(frozen=True, slots=True)
class Link:
    """So many reports from one organisation about another."""

    left: str
    right: str
    number: int


@dataclass(frozen=True, slots=True)
class Bar:
    """An organisation at one side. `y` is the upper edge."""

    name: str
    number: int
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Band:
    """One link as an outline; `colour` counts from 0 by the organisation on the left."""

    link: Link
    outline: str
    colour: int


@dataclass(frozen=True, slots=True)
class Picture:
    height: float
    left: list[Bar]
    right: list[Bar]
    bands: list[Band]


def picture_of(links: Sequence[Link], *, gap: float = GAP, last: str = "") -> Picture:
    """The largest organisation first on both sides; as thick as it has reports, never too thin to be seen.

    `gap` is left free above each bar; `last` is the name that stands last whatever it has.
    """
    scale = TALLEST / max(sum(link.number for link in links), 1)
    left = _side(((link.left, link.number) for link in links), scale, gap, last)
    right = _side(((link.right, link.number) for link in links), scale, gap, last)
    places = {bar.name: place for place, bar in enumerate(left)}
    goals = {bar.name: place for place, bar in enumerate(right)}
    from_y, to_y = {bar.name: bar.y for bar in left}, {bar.name: bar.y for bar in right}
    bands = []
    for link in sorted(links, key=lambda one: (places[one.left], goals[one.right])):
        thick = link.number * scale
        bands.append(Band(link, _outline(from_y[link.left], to_y[link.right], thick), places[link.left] % COLOURS))
        from_y[link.left] += thick
        to_y[link.right] += thick
    return Picture(max((bar.y + bar.height for bar in (*left, *right)), default=0) + gap / 2, left, right, bands)


def _side(parts: Iterable[tuple[str, int]], scale: float, gap: float, last: str) -> list[Bar]:
    numbers: dict[str, int] = {}
    for name, number in parts:
        numbers[name] = numbers.get(name, 0) + number
    bars: list[Bar] = []
    y = gap / 2
    for name in sorted(numbers, key=lambda one: (one == last, -numbers[one], one)):
        height = max(numbers[name] * scale, THINNEST)
        bars.append(Bar(name, numbers[name], round(y, 2), round(height, 2)))
        y += height + gap
    return bars


def _outline(left: float, right: float, thick: float) -> str:
    """A band that leaves and arrives level."""
    near, far, middle = BAR, WIDTH - BAR, WIDTH / 2
    thick = max(thick, THINNEST)
    return (
        f"M{near} {left:.2f} C{middle} {left:.2f} {middle} {right:.2f} {far} {right:.2f} "
        f"L{far} {right + thick:.2f} C{middle} {right + thick:.2f} {middle} {left + thick:.2f} {near} "
        f"{left + thick:.2f} Z"
    )
