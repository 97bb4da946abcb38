"""Take words out of a text for good: what is hidden is gone, and a mark of one length stands in its place.

The mark tells neither how long the hidden words were nor how many they were. Pure: which text, who may and why it is
done belong to the records room.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

MARK = "[maskat]"
MASKED = "text.masked"
"""The event of it. It changes words and nothing else, so every table of steps lets it pass from any status."""

_UNSEEN = r"\u00ad\u200b-\u200d\u2060\ufeff"
_WITHIN_WORDS = rf"[{_UNSEEN}]*"
_BETWEEN_WORDS = rf"[\s{_UNSEEN}]+"


class MaskReason(StrEnum):
    """PERSON: somebody can be recognised. SECRECY: the law keeps it secret. ASKED: by whom it is about."""

    PERSON = "person"
    SECRECY = "secrecy"
    NOT_OURS = "not_ours"
    ASKED = "asked"
    OTHER = "other"


class MaskDecision(StrEnum):
    """SEAL: the original is kept apart. DESTROY: it is nowhere afterwards."""

    SEAL = "seal"
    DESTROY = "destroy"


class Passage(NamedTuple):
    """Half open, in code points of the text: text[start:end] is to be hidden."""

    start: int
    end: int


def masked(text: str, passages: Iterable[tuple[int, int]]) -> str:
    """The text with every passage replaced by one mark.

    Passages that overlap or touch become one mark, and so does a passage that touches an earlier mark: two marks beside
    each other would tell that two things stood there. What lies outside the text is ignored. Never raises.
    """
    pieces, at = [], 0
    for start, end in joined(text, passages):
        pieces += [text[at:start], MARK]
        at = end
    return "".join([*pieces, text[at:]])


def joined(text: str, passages: Iterable[tuple[int, int]]) -> tuple[Passage, ...]:
    """The passages in order, within the text, never empty, never overlapping or touching each other or a mark."""
    asked = [Passage(max(start, 0), min(end, len(text))) for start, end in passages]
    asked = [one for one in asked if one.start < one.end]
    marks = marks_in(text) if asked else ()
    grown = _merged([*asked, *marks])
    return tuple(one for one in grown if any(one.start < other.end and other.start < one.end for other in asked))


def _merged(passages: Iterable[Passage]) -> list[Passage]:
    merged: list[Passage] = []
    for one in sorted(passages):
        if merged and one.start <= merged[-1].end:
            merged[-1] = Passage(merged[-1].start, max(merged[-1].end, one.end))
        else:
            merged.append(one)
    return merged


def marks_in(text: str) -> tuple[Passage, ...]:
    """Where words have been hidden before."""
    return tuple(Passage(found.start(), found.end()) for found in re.finditer(re.escape(MARK), text))


def occurrences(text: str, words: str) -> tuple[Passage, ...]:
    """Where these words stand in the text, whatever their case, however they are spaced, broken over lines or composed.

    The words are taken as they are written, not as a pattern; nothing is found for words that are only blanks.
    """
    pattern = _BETWEEN_WORDS.join(_word(part) for part in unicodedata.normalize("NFC", words).split())
    if not pattern:
        return ()
    return tuple(Passage(found.start(), found.end()) for found in re.finditer(pattern, text, re.IGNORECASE))


def _word(word: str) -> str:
    return _WITHIN_WORDS.join(_letter(letter) for letter in word)


def _letter(letter: str) -> str:
    """Composed or as a letter and its mark, as texts pasted from a file may have it."""
    parted = unicodedata.normalize("NFD", letter)
    return re.escape(letter) if parted == letter else f"(?:{re.escape(letter)}|{re.escape(parted)})"


def hidden_words(text: str, passages: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """What the passages hide, without earlier marks and the blanks around; each once, in the order of the text."""
    found = [
        piece.strip() for start, end in joined(text, passages) for piece in text[start:end].split(MARK) if piece.strip()
    ]
    return tuple(dict.fromkeys(found))
