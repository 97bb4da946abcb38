"""Which passwords are refused: length, what is easy to guess, and nothing about kinds of signs (ASVS 5.0, 6.2)."""

from __future__ import annotations

import pytest

from lexheller.accounts.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD, common_words, refuse_weak_password
from lexheller.core.errors import InvalidInput

ABOUT = ("Maria Nilsson", "maria.nilsson@habo.example", "Södra Vätterbygden")


def refused(password: str) -> str | None:
    try:
        refuse_weak_password(password, *ABOUT)
    except InvalidInput as problem:
        assert problem.field == "password"
        return problem.code
    return None


@pytest.mark.parametrize(
    "password",
    [
        "fyra ord i en rad",
        "korven heter bosse",
        "kaffe på bron i regn",
        "correct horse battery staple",
        "utan versaler och utan siffror",
        "ÅÄÖ är bokstäver de med",
        "x7#Kq!pW2vR9",
        "🦡 bor under verandan",
        "jag heter Maria och odlar selleri",
    ],
)
def test_a_password_that_is_long_and_odd_is_taken_whatever_its_signs(password):
    assert refused(password) is None


def test_sixty_four_signs_and_more_are_taken_and_all_of_them_count():
    long = "vägen runt sjön är lång och den som går den ser tre grävlingar och en räv"
    assert 64 <= len(long) <= LONGEST_PASSWORD
    assert refused(long) is None
    assert refused(("åtta olyckliga ostronfiskare " * 9)[:LONGEST_PASSWORD]) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [("", "short"), ("kort", "short"), ("x7#Kq!pW2vR", "short"), ("ord " * 60, "long")],
)
def test_length(password, code):
    assert SHORTEST_PASSWORD == 12
    assert refused(password) == code


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "iloveyou1234",
        "123456789012",
        "qwertyuiop123",
        "qwertyuiopåä",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "2026112220261122",
        "lösenord1234",
        "Losenord2026",
        "Sommar2026!!",
        "S0mmar2026!!",
        "sommarsommar",
        "Stockholm2026!",
        "hejhejhejhej",
        "Älskling1234",
        # what an attacker would begin with
        "lexheller2026",
        "LexHeller!123",
        "samordningsförbund",
        "södravätterbygden",
        "SodraVatterbygden",
        "mariamaria12",
        "Maria.Nilsson1",
        "maria.nilsson@habo.example",
    ],
)
def test_what_many_have_and_what_the_account_is_about_is_refused(password):
    assert refused(password) == "guessable"


@pytest.mark.parametrize("sign", ["a", "å", "!", "a1", "".join(map(chr, range(33, 123)))])
def test_the_longest_are_judged_in_no_time_worth_naming(sign):
    """Only so much of it is estimated: the cost does not grow with the length."""
    assert refused((sign * LONGEST_PASSWORD)[:LONGEST_PASSWORD]) == "guessable"


def test_the_swedish_words_are_there_and_written_as_people_write_them():
    words = common_words()
    assert len(words) > 300
    assert {"sommar", "lösenord", "losenord", "älskling", "alskling"} <= set(words)
    assert all(word == word.casefold() for word in words)
