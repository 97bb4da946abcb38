"""Which numbers of two published reports differ by so little that the difference tells of single cases (P30). Pure.

Whoever has both can subtract. Where two lists have merged their lines differently, the smallest groups that both tell
are compared. Stops at comparing: what a report tells is `told_figures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lexheller.action_reports.differences import Difference
from lexheller.action_reports.told_figures import REST, Name, Told, figures

ALL = "all"
Group = tuple[list[Told], list[Told]]


def near(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What differs, by less than the larger `least` of the two, in the new report's order.

    `old` and `new` are data of editions, of the same year or of two; what is compared is what they tell (`public`).
    What is left of a whole (`rest`) is said when its part alone would not give it away.
    """
    before, now = old["public"], new["public"]
    least = max(before["least"], now["least"])
    was, is_now = figures(old, before), figures(new, now)
    changed = {
        name: [group for group in _groups(was[name], lines) if _change(group)]
        for name, lines in is_now.items()
        if name in was
    }
    return [
        _difference(name, group, now["year"])
        for name, groups in changed.items()
        for group in groups
        if abs(_change(group)) < least and not (name.part == REST and _is_small_or_none(changed[_part(name)], least))
    ]


def _part(name: Name) -> Name:
    return Name(name.measure, name.year)


def _is_small_or_none(part: list[Group], least: int) -> bool:
    return all(abs(_change(group)) < least for group in part)


def _groups(old: list[Told], new: list[Told]) -> Iterator[Group]:
    """The smallest groups of lines that count the same on both sides; none that has something hidden in it.

    What one side does not have counts as none there.
    """
    waiting = [*new, *old]
    while waiting:
        keys = waiting[0].counts
        group = _touching(old, keys), _touching(new, keys)
        while (wider := keys.union(*(line.counts for side in group for line in side))) != keys:
            keys = wider
            group = _touching(old, keys), _touching(new, keys)
        waiting = [line for line in waiting[1:] if not line.counts & keys]
        if all(line.number is not None for side in group for line in side):
            yield group


def _touching(lines: Iterable[Told], keys: frozenset[Any]) -> list[Told]:
    return [line for line in lines if line.counts & keys]


def _change(group: Group) -> int:
    was, is_now = group
    return _sum(is_now) - _sum(was)


def _sum(lines: Iterable[Told]) -> int:
    return sum(line.number or 0 for line in lines)


def _difference(name: Name, group: Group, year: int) -> Difference:
    """`year` is the new report's: another one is said."""
    was, is_now = group
    lines = is_now or was
    which = [" + ".join(line.label for line in lines if line.label), str(name.year) if name.year != year else ""]
    what = lines[0].what if len(lines) == 1 else "count"
    return Difference(name.measure, ALL, ", ".join(filter(None, which)), _sum(was), _sum(is_now), what)
