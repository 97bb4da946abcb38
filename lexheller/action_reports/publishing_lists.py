"""One-way lists made fit for publishing: small lines merged, neighbouring months merged. Pure.

What a reader may know: every shown number, the list's sum, the names that a merged line holds (at least one of each)
and, where it says so, that each of them is below the limit. None of the merged numbers can be told from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lexheller.organisations.names import swedish_order

OTHERS = "others"
"""The key of a merged line."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """`lines` to show. `holds`: keys and names in the merged line in Swedish order, which says nothing of their
    numbers; none when nothing was merged. `small`: each of them is below the limit and it may be said.
    """

    lines: list[Line]
    holds: tuple[tuple[str, str], ...] = ()
    small: bool = False

    @property
    def is_worth_showing(self) -> bool:
        """A list of one merged line says nothing; nor does one that could not be made safe."""
        return bool(self.lines) and not (self.holds and sum(bool(line["count"]) for line in self.lines) < 2)


def merged(lines: Sequence[Mapping[str, Any]], least: int) -> Merged:
    """Lines below `least` as one line, last, with the next smallest for as long as that is needed.

    Lines of zero stay as they are. No lines at all when the whole sum is small.
    """
    known = [dict(line) for line in lines]
    counted = sorted((line for line in known if line["count"]), key=lambda line: (line["count"], str(line["key"])))
    if not any(line["count"] < least for line in counted):
        return Merged(known)
    if sum(line["count"] for line in counted) < least:
        return Merged([])
    size = sum(line["count"] < least for line in counted)
    while size < len(counted) and not _holds_together(counted[:size], least):
        size += 1
    together = counted[:size]
    keys = {line["key"] for line in together}
    holds = tuple(sorted(((line["key"], line["label"]) for line in together), key=lambda one: swedish_order(one[1])))
    small = all(line["count"] < least for line in together)
    rest = [line for line in known if line["key"] not in keys]
    if not _holds_together(together, least):
        return Merged([])
    return Merged([*rest, {"key": OTHERS, "label": "", "count": _sum(together)}], holds, small)


def _sum(lines: Sequence[Mapping[str, Any]]) -> int:
    return sum(line["count"] for line in lines)


def _holds_together(lines: Sequence[Mapping[str, Any]], least: int) -> bool:
    """Whether no number among them can be told from their sum, by one who knows that each is at least one, and below
    the limit when they all are.
    """
    size, total = len(lines), _sum(lines)
    if size < 2 or total < least or total == size:
        return False
    all_small = all(line["count"] < least for line in lines)
    return not (all_small and total == size * (least - 1))


def merged_months(lines: Sequence[Mapping[str, Any]], least: int) -> list[list[Line]]:
    """Neighbouring months together until no sum is small; each group is one line. Months of zero may stand alone.

    No groups when the whole year's sum is small.
    """
    if 0 < _sum(lines) < least:
        return []
    groups: list[list[Line]] = []
    waiting: list[Line] = []
    for line in lines:
        waiting.append(dict(line))
        if not _sum(waiting) or _sum(waiting) >= least:
            groups.append(waiting)
            waiting = []
    if not waiting:
        return groups
    zeros: list[list[Line]] = []
    while not waiting[-1]["count"]:
        zeros.insert(0, [waiting.pop()])
    while not _sum(waiting) >= least:
        waiting = groups.pop() + waiting
    return [*groups, waiting, *zeros]
