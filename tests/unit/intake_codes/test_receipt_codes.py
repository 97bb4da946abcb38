"""Receipt codes: one for each submission, read in spite of how they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.intake.codes import ALPHABET, LENGTH, code_for, code_hash, grouped, normal

CODES = st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_p01_the_same_submission_has_the_same_code_and_others_have_others():
    codes = {code_for("secret", federation, str(number)) for federation in (1, 2) for number in range(2000)}
    assert len(codes) == 4000
    assert code_for("secret", 1, "a") == code_for("secret", 1, "a")
    assert code_for("other", 1, "a") != code_for("secret", 1, "a")
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)


@given(CODES, st.sampled_from(["-", " ", "", " - ", "\u2013", "."]), st.booleans())
def test_a_code_is_read_in_spite_of_how_it_is_typed(code, gap, small):
    typed = f"  {gap.join(code[start : start + 4] for start in range(0, LENGTH, 4))} "
    assert normal(typed.lower() if small else typed) == code


def test_misread_signs_are_taken_for_the_ones_that_were_meant():
    assert normal("oOiI-lL01-23ab") == "001111" + "0123AB"


@given(st.text(max_size=40))
def test_anything_typed_is_a_code_or_none(typed):
    found = normal(typed)
    assert found is None or (len(found) == LENGTH and set(found) <= set(ALPHABET))


@pytest.mark.parametrize(
    "typed", ["", "K7QF", "K7QF-3XMP-9TR", "K7QF-3XMP-9TRAA", "K7QF-3XMP-9TRU", "å" * 12, "１２３４５６７８９０１２"]
)
def test_what_is_no_code_is_none(typed):
    assert normal(typed) is None


def test_the_shown_form_is_grouped_and_the_stored_one_says_nothing():
    assert grouped("K7QF3XMP9TRA") == "K7QF-3XMP-9TRA"
    assert "K7QF" not in code_hash("K7QF3XMP9TRA")
    assert code_hash("K7QF3XMP9TRA") != code_hash("K7QF3XMP9TRB")
