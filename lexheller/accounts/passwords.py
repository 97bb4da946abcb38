"""Which passwords are refused: the short ones and the guessable ones. No rules about kinds of signs (NIST SP 800-63B).

How guessable one is, zxcvbn estimates offline: from lists of passwords that leaked, from words, names, dates, rows of
keys and repetitions; here it knows common Swedish words and what the account is about too. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from threading import Lock

from zxcvbn import zxcvbn

from lexheller.core.errors import InvalidInput

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
FEWEST_GUESSES = 10**9
"""So many tries would be needed by somebody who knows how people choose: centuries at the rate of signing in."""

LOOKED_AT = 30
"""Signs at either end that are estimated: what is longer costs too much time, and is no easier to guess for it."""

FEWEST_SIGNS_BESIDES = 6
OURS = ("lexheller", "heller", "lex heller", "samordningsförbund", "samordningsförbundet", "förbundet", "finsam")
PLAIN = str.maketrans("åäöé", "aaoe")
_one_at_a_time = Lock()  # zxcvbn keeps the words it is given in one place for all threads


def refuse_weak_password(password: str, *about: str) -> None:
    """Raises InvalidInput on `password`: `short`, `long` or `guessable`. `about`: names and addresses that an attacker
    would begin with.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput("password", "short")
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput("password", "long")
    if is_guessable(password, about):
        raise InvalidInput("password", "guessable")


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    known = [*_parts(about), *OURS]
    if len(_besides(password, known)) < FEWEST_SIGNS_BESIDES:
        return True
    words = [*known, *common_words()]
    ends = {password[:LOOKED_AT], password[-LOOKED_AT:]}
    return all(_guesses(end, words) < FEWEST_GUESSES for end in ends)


def _guesses(password: str, words: list[str]) -> float:
    with _one_at_a_time:
        return float(zxcvbn(password, user_inputs=words)["guesses"])


def _besides(password: str, known: list[str]) -> str:
    """What is left when what an attacker would begin with is taken away."""
    left = password.casefold()
    for part in sorted(known, key=len, reverse=True):
        left = left.replace(part, "")
    return left


def _parts(about: Iterable[str]) -> list[str]:
    """Each text, run together too, an address without its domain, and its words of three signs and more."""
    found: dict[str, None] = {}
    for text in about:
        words = [word for word in re.split(r"[\W_]+", text.casefold()) if len(word) > 2]
        for part in (text.casefold(), text.casefold().partition("@")[0], "".join(words), *words):
            found.setdefault(part)
            found.setdefault(part.translate(PLAIN))
    return [part for part in found if part]


@cache
def common_words() -> tuple[str, ...]:
    """Swedish words that passwords are made of, the most usual first; also as they are written without å, ä and ö."""
    text = files("lexheller.accounts").joinpath("data/common_words.txt").read_text(encoding="utf-8")
    words = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return tuple(dict.fromkeys(form for word in words for form in (word, word.translate(PLAIN))))
