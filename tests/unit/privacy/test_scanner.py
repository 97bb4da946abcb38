"""Promises of the whole scanner: any input, true offsets, masks that hide, and the measured figures."""

import csv
import itertools
import random
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from lexheller.privacy.kinds import Kind
from lexheller.privacy.measure import fictitious_number, measure, read_corpus, spell
from lexheller.privacy.scanner import mask, scan, stops

DATA = Path(__file__).parents[2] / "data"
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=300)
OFFICE = st.text("Anna Karlsson 0123456789-+/.,:@()\n\u200b\u00adåäö", max_size=200)


@settings(max_examples=150)
@given(st.one_of(ANYTHING, OFFICE))
def test_any_text_is_scanned_with_true_offsets(text: str) -> None:
    found = scan(text)
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.text
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))
    assert stops(text) == [each for each in found if each.certainty == "stop"]


@given(st.integers(min_value=0, max_value=2**32))
def test_p23_a_mask_leaves_nothing_of_the_number(seed: int) -> None:
    chance = random.Random(seed)
    spelled = spell(fictitious_number(chance), chance)
    text = f"före {spelled} efter"
    found = stops(text)
    if found:
        assert mask(text, found) == "före ██████ efter"


def test_mask_covers_overlapping_findings_once_and_hides_length() -> None:
    text = "Anna Karlsson och Bo"
    long, short = scan("Anna Karlsson")[0], scan("Anna")[0]
    assert mask(text, [short, long]) == "██████ och Bo"
    assert mask(text, [], sign="x") == text


def test_heldout_figures() -> None:
    figures = measure(DATA / "privacy" / "heldout.jsonl", numbers=1000)
    assert float(str(figures["numbers_stopped"])) >= 0.995
    assert figures["clean_stopped"] == 0
    kinds = figures["kinds"]
    assert isinstance(kinds, dict)
    assert kinds[Kind.PERSONAL_IDENTITY_NUMBER.value]["recall"] == 1.0
    for figure in kinds.values():
        assert figure["labels"] >= 10
        assert figure["recall"] >= 0.90
        assert figure["precision"] >= 0.80


def test_corpus_is_large_and_half_of_it_clean() -> None:
    rows = [*read_corpus(DATA / "privacy" / "dev.jsonl"), *read_corpus(DATA / "privacy" / "heldout.jsonl")]
    assert len(rows) >= 400
    assert sum(not wanted for _, wanted in rows) >= 150


def test_real_looking_reports_are_clean() -> None:
    with (DATA / "sodra-vatterbygden-2024.csv").open(encoding="utf-8-sig") as lines:
        cells = [cell for row in csv.reader(lines, delimiter=";") for cell in row]
    for path in sorted(DATA.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
            cells += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert len(cells) > 600
    assert [found for cell in cells for found in scan(cell)] == []
