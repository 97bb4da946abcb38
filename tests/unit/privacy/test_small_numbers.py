"""What is hidden of a table cannot be worked out from what is shown: tried against every other table there could be."""

from collections import Counter
from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as some

from lexheller.privacy.small_numbers import LEAST, TOTAL, Key, suppress

leasts = some.integers(2, 6)
small_tables = some.integers(1, 3).flatmap(
    lambda width: some.lists(some.lists(some.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=3)
)
any_table = some.dictionaries(
    some.tuples(some.sampled_from("ABCDEFG"), some.sampled_from("RSTUVX")), some.integers(0, 40), max_size=30
)


def table(rows: list[list[int]]) -> dict[Key, int]:
    return {(f"r{row}", f"c{column}"): n for row, numbers in enumerate(rows) for column, n in enumerate(numbers)}


def with_sums(cells: dict[Key, int]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for (row, column), number in cells.items():
        for key in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            found[key] += number
    return found


def others(cells: dict[Key, int], hidden: frozenset[Key]) -> Iterator[Counter[Key]]:
    """All tables that show the same, whose hidden numbers are one or more and at most one away from the true ones."""
    true = with_sums(cells)
    rows = sorted({row for row, _column in cells})

    def row_of(row: str) -> list[dict[Key, int]]:
        keys = [key for key in cells if key[0] == row]
        spans = [range(max(1, cells[key] - 1), cells[key] + 2) if key in hidden else [cells[key]] for key in keys]
        ways = [dict(zip(keys, way, strict=True)) for way in product(*spans)]
        return [way for way in ways if (row, TOTAL) in hidden or sum(way.values()) == true[row, TOTAL]]

    for parts in product(*(row_of(row) for row in rows)):
        found = with_sums({key: number for part in parts for key, number in part.items()})
        if all(found[key] == true[key] for key in true if key not in hidden):
            yield found


@settings(max_examples=120, deadline=None)
@given(small_tables, leasts)
def test_p30_no_hidden_number_of_a_table_has_one_value_only(rows, least):
    cells = table(rows)
    hidden, true = suppress(cells, least), with_sums(cells)
    open_yet = set(hidden)
    for other in others(cells, hidden):
        open_yet -= {key for key in open_yet if other[key] != true[key]}
        if not open_yet:
            break
    assert not open_yet, (rows, hidden)


@settings(deadline=None)
@given(any_table, leasts)
def test_p30_no_small_number_is_shown_nor_left_by_subtracting_along_a_row_or_column(cells, least):
    hidden, true = suppress(cells, least), with_sums(cells)
    assert hidden <= {key for key, number in true.items() if number}, "a zero is nobody's"
    assert all(number >= least for key, number in true.items() if number and key not in hidden)
    for place, name in {(place, key[place]) for key in true for place in (0, 1)}:
        of_line = [key for key in true if key[place] == name]
        parts = [key for key in of_line if key[1 - place] != TOTAL]
        (total,) = set(of_line) - set(parts)
        together = [true[key] for key in parts if key in hidden]
        if together and total not in hidden:
            assert len(together) > 1
            assert sum(together) >= least
    if all(number >= least for number in true.values() if number):
        assert not hidden


def test_a_small_cell_takes_one_more_of_its_row_and_column_with_it():
    cells = table([[20, 30, 3], [40, 9, 8], [50, 60, 70]])
    assert suppress(cells) == {("r0", "c2"), ("r0", "c0"), ("r1", "c2"), ("r1", "c0")}
    assert suppress(table([[LEAST, 30], [40, LEAST]])) == frozenset()
