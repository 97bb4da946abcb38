"""What two texts have in common, in the words that stand in them; and how a long text begins. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lexheller.cases.search import terms_of
from lexheller.faults.alike import Likeness
from lexheller.faults.concepts import concepts

LONGEST_BEGINNING = 160
_WORD = re.compile(r"\w+(?:[:/-]\w+)*")


@dataclass(frozen=True, slots=True)
class Spoken:
    """`same`: words that both use. `other`: pairs in a row, this text's word and the other's for the same thing."""

    same: tuple[str, ...]
    other: tuple[str, ...]


def spoken(found: Likeness, one: str, other: str, *, most: int) -> Spoken:
    """At most `most` of each. Words that name a thing come before those that merely stand in both."""
    here, there = written_forms(one), written_forms(other)
    known = concepts()
    same: dict[str, None] = {}
    pairs: list[tuple[str, str]] = []
    for name in found.concepts:
        mine = [stem for stem in here if name in known.named_by(stem)]
        theirs = [stem for stem in there if name in known.named_by(stem)]
        both = [stem for stem in mine if stem in there]
        if both:
            same.setdefault(here[both[0]])
        elif mine and theirs:
            pairs.append((here[mine[0]], there[theirs[0]]))
    for stem in found.stems:
        if stem in here and stem in there:
            same.setdefault(here[stem])
    row = tuple(word for pair in pairs[:most] for word in pair)
    return Spoken(tuple(same)[:most], row)


def written_forms(text: str) -> dict[str, str]:
    """By stem, the first word of the text that has it, in lower case."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        for stem in terms_of(word):
            found.setdefault(stem, word.lower())
    return found


def beginning_of(text: str) -> str:
    """The text on one line, cut between words where it is long."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_BEGINNING:
        return line
    return line[:LONGEST_BEGINNING].rsplit(" ", 1)[0].rstrip(".,;:") + " …"
