"""Whether what stands in a column of diary numbers has the shape of one. Pure.

A number is open to everybody and stands in the event log for ever, so words have nothing to do in it. Stops at the
shape: whether a number may point out a person is the scanner's matter.
"""

from __future__ import annotations

import re

LONGEST, LONGEST_WORD, MOST_WORDS, MOST_DIGITS = 40, 6, 2, 16

_SIGNS = re.compile(r"[^\W_ ]+(?:[ .:/_-]{1,3}[^\W_ ]+)*")
_WORDS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"[0-9]")


def has_number_shape(text: str) -> bool:
    """Digits, with the signs of a series between them and no more than two short words: `2021/12`, `HSN 2021/45 a`."""
    words, digits = _WORDS.findall(text), _DIGITS.findall(text)
    return (
        len(text) <= LONGEST
        and _SIGNS.fullmatch(text) is not None
        and 0 < len(digits) <= MOST_DIGITS
        and len(words) <= MOST_WORDS
        and all(len(word) <= LONGEST_WORD for word in words)
    )
