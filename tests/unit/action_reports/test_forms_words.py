"""How wide the columns of a table are on paper, in every form that has paper."""

from __future__ import annotations

import pytest

from lexheller.action_reports.document import Cell, Table
from lexheller.action_reports.forms_words import shares
from tests.unit.action_reports.sample import sample, tables

LINE = 84


def table(columns: tuple[str, ...], *rows: tuple[str, ...], numeric: tuple[bool, ...] = ()) -> Table:
    cells = tuple(tuple(Cell(text, text) for text in row) for row in rows)
    return Table("m", "Tabell", columns, numeric or (False,) * len(columns), cells, "")


@pytest.mark.parametrize("found", tables(sample()), ids=lambda one: one.measure)
def test_no_word_is_broken(found):
    wide = shares(found)
    for width, heading, *texts in zip(wide, found.columns, *[[c.text for c in row] for row in found.rows], strict=True):
        assert max(len(word) for text in (heading, *texts) for word in [*text.split(), ""]) <= max(width, 34)
    assert min(wide) > 0


def test_a_short_text_and_a_long_word_stay_on_their_line_beside_long_texts():
    long, word = "ord " * 80, "informationsöverföring"
    columns = ("Mått", "Värde", "Så räknas det", "Dag")
    name, value, text, day = shares(table(columns, ("Tid till svar", "17 av 17 dagar", long, f"{word} {word}")))
    assert name >= len("Tid till svar") and value >= len("17 av 17 dagar") and day >= len(word)
    assert text > len("räknas") + 4 and name + value + text + day <= LINE


def test_a_space_that_does_not_break_is_no_place_to_break():
    number = "1\N{NO-BREAK SPACE}204\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000"
    assert shares(table(("Antal", "Så"), (number, "ord " * 80), numeric=(True, False)))[0] >= len(number)


def test_many_narrow_columns_leave_room_for_the_first():
    months = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
    wide = shares(table(("Tema", *months), ("Överlämning", *("17",) * 12), numeric=(False, *(True,) * 12)))
    assert wide[0] / sum(wide) > 0.14 and len(set(wide[1:])) == 1
