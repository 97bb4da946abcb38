"""Which numbers of a table must be hidden so that no small one can be read or worked out (P30). Pure.

Small is more than none and fewer than `least`: few people can be recognised. A zero is nobody's and is not hidden; so a
reader knows that what is hidden is at least one, and the rules count on a reader who knows just that, every shown
number and every shown sum. Sums are numbers of the table like others: a small one is hidden, and a larger one where
nothing else helps. Stops at one table: what two tables or two days tell together is for whoever publishes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

LEAST, LOWEST_LEAST = 5, 3
"""What is small unless somebody has chosen otherwise, and the lowest choice: below it a hidden number is only one."""
TOTAL = "\N{GREEK CAPITAL LETTER SIGMA}"
"""The name of a sum: `(row, TOTAL)` of a row, `(TOTAL, column)` of a column, `(TOTAL, TOTAL)` of all."""

Key = tuple[str, str]


def suppress(cells: Mapping[Key, int], least: int = LEAST) -> frozenset[Key]:
    """What to hide of a table by row and column that is shown with the sums of its rows, of its columns and of all.

    Cells that are missing are zero. No row or column is named TOTAL. Of each row and column with a shown sum, what is
    hidden is together `least` or more; and each hidden number could be another with all that is shown staying the same.
    """
    numbers = _with_sums(cells)
    lines = _lines(numbers)
    hidden = {key for key, number in numbers.items() if 0 < number < least}
    while (near := _exposed(numbers, lines, hidden, least)) is not None:
        hidden.add(_next(numbers, hidden, near))
    return frozenset(hidden)


def _with_sums(cells: Mapping[Key, int]) -> dict[Key, int]:
    numbers = dict(cells)
    for (row, column), number in cells.items():
        for key in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            numbers[key] = numbers.get(key, 0) + number
    return numbers


def _lines(numbers: Iterable[Key]) -> list[tuple[Key, set[Key]]]:
    """Each row and each column: the name of its sum, and of its parts. The sums make a row and a column themselves."""
    rows: dict[str, set[Key]] = {}
    columns: dict[str, set[Key]] = {}
    for row, column in sorted(numbers):
        if column != TOTAL:
            rows.setdefault(row, set()).add((row, column))
        if row != TOTAL:
            columns.setdefault(column, set()).add((row, column))
    return [((row, TOTAL), parts) for row, parts in rows.items()] + [
        ((TOTAL, column), parts) for column, parts in columns.items()
    ]


def _exposed(
    numbers: Mapping[Key, int], lines: Iterable[tuple[Key, set[Key]]], hidden: set[Key], least: int
) -> set[Key] | None:
    """Among which numbers one more must be hidden: a row or column where the rest is small, or those of a number that
    can be only what it is; None when all that is hidden stays so.
    """
    for total, parts in lines:
        within = hidden & {total, *parts}
        if len(within) == 1 or (total not in hidden and 0 < sum(numbers[key] for key in within) < least):
            return {total, *parts}
    changes = _Changes(numbers, hidden)
    fixed = next((key for key in sorted(hidden) if not changes.possible(key)), None)
    return None if fixed is None else {key for key in numbers if key[0] == fixed[0] or key[1] == fixed[1]}


def _next(numbers: Mapping[Key, int], hidden: set[Key], near: set[Key]) -> Key:
    """Near what is exposed if possible, a cell before a sum, one that crosses something hidden, the smallest first.

    There is always one: when all is hidden, nothing is exposed.
    """
    rows, columns = Counter(row for row, _column in hidden), Counter(column for _row, column in hidden)

    def order(key: Key) -> tuple[bool, int, bool, int, Key]:
        crosses = rows[key[0]] > 0 and columns[key[1]] > 0
        return key not in near, key.count(TOTAL), not crosses, numbers[key], key

    return min((key for key, number in numbers.items() if number and key not in hidden), key=order)


class _Changes:
    """How hidden numbers could be others without a sum telling. A change goes from row to column when a cell grows and
    from column to row when it shrinks, the other way for the sum of a line; what comes back to where it began tells
    nothing. One is the least that a hidden number can be.
    """

    def __init__(self, numbers: Mapping[Key, int], hidden: set[Key]) -> None:
        self._ways: dict[Key, list[tuple[str, str]]] = {}
        self._from: dict[str, list[tuple[str, Key]]] = {}
        for key in sorted(hidden):
            row, column = f"row {key[0]}", f"column {key[1]}"
            grows, shrinks = (row, column), (column, row)
            if key.count(TOTAL) == 1:
                grows, shrinks = shrinks, grows
            self._ways[key] = [grows, shrinks] if numbers[key] > 1 else [grows]
            for start, end in self._ways[key]:
                self._from.setdefault(start, []).append((end, key))

    def possible(self, key: Key) -> bool:
        return any(self._leads(end, start, key) for start, end in self._ways[key])

    def _leads(self, start: str, goal: str, without: Key) -> bool:
        seen, waiting = {start}, [start]
        while waiting:
            for place, key in self._from.get(waiting.pop(), ()):
                if key != without and place not in seen:
                    seen.add(place)
                    waiting.append(place)
        return goal in seen
