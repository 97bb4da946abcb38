"""Who reported about whom, made fit for publishing together with the two lists that are its sums. Pure.

The table is closed first: what is unknown on either side stands in it too, and what is merged in a list is merged here,
so that its sums are exactly the published lists. Nothing is told when the sums themselves could not be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lexheller.action_reports.publishing_lists import OTHERS, Merged
from lexheller.privacy.small_numbers import TOTAL, suppress

UNKNOWN = "unknown"
Cells = dict[tuple[str, str], int]
Side = dict[str, str]
"""What a key is called."""


def pairs(data: Mapping[str, Any], reporting: Merged, concerned: Merged, least: int) -> list[dict[str, Any]] | None:
    """Each pair that has reports, its `count` None where hidden; None when no pair of two names can be told.

    Pairs with an unknown side are reckoned with and not told; a merged side holds them where its list does.
    """
    if not (reporting.lines and concerned.lines):
        return None
    cells = _closed(data)
    if cells is None:
        return None
    grouped = _grouped(cells, reporting, concerned)
    hidden = suppress(grouped, least)
    if any(TOTAL in key for key in hidden):
        return None
    names = _names(reporting), _names(concerned)
    told = [_pair(key, number, names, hidden=key in hidden) for key, number in grouped.items() if UNKNOWN not in key]
    shown = sorted(
        filter(lambda pair: pair["count"] is not None, told), key=lambda pair: (-pair["count"], _order(pair))
    )
    rest = sorted((pair for pair in told if pair["count"] is None), key=_order)
    return [*shown, *rest] if any(OTHERS not in _keys(pair) for pair in shown) else None


def activities(
    data: Mapping[str, Any], reporting: Merged, concerned: Merged, told: list[dict[str, Any]] | None
) -> list[dict[str, Any]]:
    """The funded activities whose number tells nothing more than the lists and the pairs do: a report counts once for
    an activity on both sides, so that the number and the two lists would tell how many those are.
    """
    return [dict(line) for line in data["by_activity"] if _is_known(line, reporting, concerned, told)]


def _is_known(line: Mapping[str, Any], reporting: Merged, concerned: Merged, told: list[dict[str, Any]] | None) -> bool:
    key, count = line["key"], line["count"]
    from_it, about_it = _of(reporting, key), _of(concerned, key)
    if from_it is None or about_it is None:
        return False
    if 0 in (from_it, about_it):
        return bool(count == from_it + about_it)
    if told is None:
        return False
    both = [pair["count"] for pair in told if pair["reporting"]["key"] == pair["concerned"]["key"] == key]
    return None not in both and bool(count == from_it + about_it - sum(both))


def _of(side: Merged, key: str) -> int | None:
    """None when it is in a merged line, or when the list is not told."""
    if not side.lines or key in dict(side.holds):
        return None
    return sum(int(line["count"]) for line in side.lines if line["key"] == key)


def _closed(data: Mapping[str, Any]) -> Cells | None:
    """All reports by both sides; None when the pairs and the lists contradict each other."""
    cells = {(pair["reporting"]["key"], pair["concerned"]["key"]): pair["count"] for pair in data["pairs"]}
    rows = {line["key"]: line["count"] for line in data["by_reporting_organisation"] if line["key"] != UNKNOWN}
    columns = {line["key"]: line["count"] for line in data["by_organisation"] if line["key"] != UNKNOWN}
    without = {row: number - sum(n for (of, _about), n in cells.items() if of == row) for row, number in rows.items()}
    lone = {
        col: number - sum(n for (_of, about), n in cells.items() if about == col) for col, number in columns.items()
    }
    closed = {
        **cells,
        **{(row, UNKNOWN): n for row, n in without.items()},
        **{(UNKNOWN, c): n for c, n in lone.items()},
    }
    closed[UNKNOWN, UNKNOWN] = data["received"] - sum(closed.values())
    known = all(row in rows and column in columns for row, column in cells)
    return {key: n for key, n in closed.items() if n} if known and min(closed.values()) >= 0 else None


def _grouped(cells: Cells, reporting: Merged, concerned: Merged) -> Cells:
    rows, columns = dict(reporting.holds), dict(concerned.holds)
    grouped: Cells = {}
    for (row, column), number in cells.items():
        key = OTHERS if row in rows else row, OTHERS if column in columns else column
        grouped[key] = grouped.get(key, 0) + number
    return grouped


def _names(side: Merged) -> Side:
    return {line["key"]: line["label"] for line in side.lines}


def _pair(key: tuple[str, str], number: int, names: tuple[Side, Side], *, hidden: bool) -> dict[str, Any]:
    return {
        "reporting": {"key": key[0], "label": names[0][key[0]]},
        "concerned": {"key": key[1], "label": names[1][key[1]]},
        "count": None if hidden else number,
    }


def _keys(pair: Mapping[str, Any]) -> tuple[str, str]:
    return pair["reporting"]["key"], pair["concerned"]["key"]


def _order(pair: Mapping[str, Any]) -> tuple[bool, str, bool, str]:
    """By name, what is merged last."""
    one, other = pair["reporting"], pair["concerned"]
    return one["key"] == OTHERS, one["label"], other["key"] == OTHERS, other["label"]
