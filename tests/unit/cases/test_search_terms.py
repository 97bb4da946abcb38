"""Word stems: any Swedish form of a word gives the same, and a diary number can be found by its parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.cases.search import LONGEST_TERM, terms_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("handläggarens", "handläggare"),
        ("Handläggarna", "HANDLÄGGARE"),
        ("kontakten", "kontakter"),
        ("kommunens", "kommunen"),
        ("ﬁnansiering", "finansieringen"),
    ],
)
def test_forms_of_a_word_have_one_stem(written, meant):
    assert terms_of(written) == terms_of(meant)


def test_letters_composed_or_not_are_the_same():
    assert terms_of("a\u0308renden") == terms_of("ärenden")


def test_a_diary_number_gives_its_file_and_its_document():
    assert terms_of("2026:11 / 3") == ["2026:11", "2026", "11", "3"]


@given(st.text(max_size=300))
def test_terms_are_short_and_without_repeats(text):
    terms = terms_of(text)
    assert len(set(terms)) == len(terms)
    assert all(0 < len(term) <= LONGEST_TERM for term in terms)
