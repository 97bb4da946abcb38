"""How much two texts are about the same thing, by the word stems they share and the place they name. Pure.

Words decide; that organisation, municipality or theme are the same only adds to it. Stops at numbers: which texts are
compared, and where the stems come from, is `similar`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

MOST_SHOWN = 3
ENOUGH = 0.4
FEWEST_SHARED = 3
SHORT = 4  # stems: where one of the texts has no more, two shared ones are enough
SAME_ORGANISATION, SAME_MUNICIPALITY, SAME_THEME = 0.15, 0.1, 0.1


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of a text: its stems without words that stand everywhere, and ids, None where not known."""

    stems: frozenset[str]
    organisation_id: int | None = None
    municipality_id: int | None = None
    theme_id: int | None = None


def most_alike(written: Sketch, known: Sequence[Sketch], *, most: int = MOST_SHOWN) -> list[int]:
    """Positions in `known` of what resembles the text, best first; those that are equally alike in the order given."""
    weights = weights_of(sketch.stems for sketch in known)
    scored = [(score(written, sketch, weights), -position) for position, sketch in enumerate(known)]
    found = sorted((pair for pair in scored if pair[0] >= ENOUGH), reverse=True)
    return [-position for _score, position in found[:most]]


def score(written: Sketch, known: Sketch, weights: Mapping[str, float]) -> float:
    """From 0, nothing in common, to 1.35. The words count by their share of the shorter text."""
    shared = written.stems & known.stems
    shorter = min(len(written.stems), len(known.stems))
    if len(shared) < (2 if shorter <= SHORT else FEWEST_SHARED):
        return 0.0
    whole = min(_weight(written.stems, weights), _weight(known.stems, weights))
    return (
        min(1.0, _weight(shared, weights) / whole)
        + SAME_ORGANISATION * _same(written.organisation_id, known.organisation_id)
        + SAME_MUNICIPALITY * _same(written.municipality_id, known.municipality_id)
        + SAME_THEME * _same(written.theme_id, known.theme_id)
    )


def weights_of(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """A stem weighs less the more texts it stands in; the one that stands nowhere weighs as if it stood in one."""
    counted: Counter[str] = Counter()
    number = 0
    for stems in texts:
        counted.update(stems)
        number += 1
    weights = {stem: log(1 + number / times) for stem, times in counted.items()}
    return {"": log(1 + max(number, 1)), **weights}


def _weight(stems: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(stem, weights[""]) for stem in stems)


def _same(one: int | None, other: int | None) -> bool:
    return one is not None and one == other
