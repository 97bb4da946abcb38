"""P27: a table that is given out as CSV is text, whatever stands in it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.web.csv_file import MARK, STARTS_A_FORMULA, as_csv, cell


@pytest.mark.parametrize("start", [*STARTS_A_FORMULA, " =", "\N{NO-BREAK SPACE}@", "\x00="])
def test_p27_no_cell_starts_a_formula(start):
    assert cell(f"{start}1+1").startswith("'")


def test_a_number_is_a_number_and_nothing_is_empty():
    assert [cell(value) for value in (-1, None, "", "a-b")] == ["-1", "", "", "a-b"]


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", min_codepoint=32), max_size=20), min_size=1, max_size=5))
def test_p27_what_is_written_is_read_again_as_text(words):
    made = as_csv(["när"], [words])
    assert made.startswith(MARK)
    read = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read == [["när"], [cell(word) for word in words]]
    assert not any(field.lstrip(" \N{NO-BREAK SPACE}").startswith(STARTS_A_FORMULA) for field in read[1])
