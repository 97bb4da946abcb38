"""A mask takes the words away whole, leaves every other letter as it was, and can be laid again (P25)."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.privacy.masking import MARK, Passage, joined, marks_in, masked, occurrences

# Letters that stand in no mark: what survives of such a text can be recognised.
TEXTS = st.text("BCDEFGH 0123456789\nåäö\u200b", min_size=1, max_size=80)
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=120)
PLACES = st.lists(st.tuples(st.integers(-5, 130), st.integers(-5, 130)), max_size=6)


@given(TEXTS, PLACES)
def test_p25_nothing_hidden_is_left_and_everything_else_is_untouched(text: str, places: list[tuple[int, int]]) -> None:
    hidden = {at for start, end in places for at in range(max(start, 0), min(end, len(text)))}
    kept = [
        "".join(text[at] for at in run)
        for is_hidden, run in itertools.groupby(range(len(text)), key=hidden.__contains__)
        if not is_hidden
    ]
    covered = masked(text, places)
    # What is between the marks is what was not hidden, in order, and nothing but that.
    assert [piece for piece in covered.split(MARK) if piece] == kept
    assert covered.count(MARK) == sum(
        1 for is_hidden, _run in itertools.groupby(range(len(text)), key=hidden.__contains__) if is_hidden
    )


@given(st.integers(0, 30), st.integers(0, 30), st.integers(3, 40))
def test_p25_no_run_of_what_was_hidden_survives(before: int, after: int, length: int) -> None:
    secret = "".join(chr(0x4E00 + n) for n in range(length))
    covered = masked("x" * before + secret + "y" * after, [(before, before + length)])
    assert covered == "x" * before + MARK + "y" * after
    assert not any(secret[n : n + 3] in covered for n in range(length - 2))


@given(ANYTHING, PLACES)
def test_a_mask_laid_again_changes_nothing(text: str, places: list[tuple[int, int]]) -> None:
    once = masked(text, places)
    assert masked(once, marks_in(once)) == (once if MARK * 2 not in once else once.replace(MARK * 2, MARK))
    assert masked(once, []) == once
    assert masked(text, joined(text, places)) == once


@given(ANYTHING, PLACES)
def test_passages_are_in_order_apart_and_within_the_text(text: str, places: list[tuple[int, int]]) -> None:
    found = joined(text, places)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end < other.start for one, other in itertools.pairwise(found))


def test_the_mark_tells_neither_length_nor_number() -> None:
    assert masked("Bo ringde", [(0, 2)]) == masked("Bartholomeus Karlsson ringde", [(0, 21)]) == f"{MARK} ringde"
    assert masked("Bo Ek ringde", [(0, 3), (3, 5)]) == f"{MARK} ringde"


def test_what_touches_an_earlier_mark_becomes_one_with_it() -> None:
    text = f"Hos {MARK}Ek i Habo och {MARK}"
    at = text.index("Ek")
    assert masked(text, [(at, at + 2)]) == f"Hos {MARK} i Habo och {MARK}"
    assert masked(text, [(6, 7)]) == f"Hos {MARK}Ek i Habo och {MARK}"


@pytest.mark.parametrize(
    "spelled",
    ["Åsa Ek", "ÅSA EK", "Åsa\u00a0Ek", "Åsa\n   Ek", "Å\u00adsa \u200bEk", unicodedata.normalize("NFD", "Åsa Ek")],
)
def test_words_are_found_however_they_are_spelled(spelled: str) -> None:
    text = f"Först {spelled} och sedan {spelled}."
    assert masked(text, occurrences(text, " åsa  ek ")) == f"Först {MARK} och sedan {MARK}."


def test_words_are_words_and_no_pattern() -> None:
    assert occurrences("Habo", ".*") == ()
    assert occurrences("a.*b", ".*") == (Passage(1, 3),)
    assert occurrences("Habo", "  ") == occurrences("", "Habo") == ()
