"""How much two reports are about the same fault, and what speaks for it. Pure.

Reports of one fault seldom use the same words: so what is compared first is the things they name, by whatever word
(`concepts`), weighed by how seldom they are named; then the words themselves. That the parties, the theme or the
municipality are the same makes more of it, but says nothing alone. The figures were set on the tuning half of the
labelled reports and are measured on both halves by `lexheller measure-suggestions`. Stops at numbers: which cases are
compared is `suggestions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from lexheller.cases.telling import telling
from lexheller.faults.concepts import concepts

MOST_CASES, MOST_FAULTS = 5, 3
ENOUGH = 0.3
SHARE_OF_BEST = 0.6  # what resembles much less than the best one is not shown beside it
WORDS = 0.05  # a word weighs this much of what a thing named weighs
SMOOTHING = 0.25  # of an average text: so that a text of few words does not resemble everything that holds them
LEAST_TEXTS = 50  # with fewer texts than this, words weigh as if there were as many
SAME_CONCERNED, SAME_REPORTING, SAME_THEME, SAME_MUNICIPALITY = 0.3, 0.05, 0.6, 0.03


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of a case or a fault: its telling stems, the things it names, and ids, None where not known.

    A fault may lie with either of two parties: `concerned_ids` holds all that it could be.
    """

    stems: frozenset[str]
    concepts: frozenset[str]
    reporting_id: int | None = None
    concerned_ids: frozenset[int] = frozenset()
    theme_id: int | None = None
    municipality_id: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """`concepts` and `stems` are what both hold, the weightiest first."""

    score: float
    concepts: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    same_concerned: bool = False
    same_reporting: bool = False
    same_theme: bool = False
    same_municipality: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """How much stems and concepts tell in a federation. `average` is the weight of an average text of it."""

    concepts: Mapping[str, float]
    stems: Mapping[str, float]
    unseen: float
    average: float

    def of_text(self, sketch: Sketch) -> float:
        return sum(self.of_concept(name) for name in sketch.concepts) + sum(self.of_stem(x) for x in sketch.stems)

    def of_concept(self, name: str) -> float:
        return self.concepts.get(name, self.unseen)

    def of_stem(self, stem: str) -> float:
        return self.stems.get(stem, WORDS * self.unseen)


def sketch_of(stems: Collection[str], **ids: object) -> Sketch:
    """From all the stems of a text, as `search.terms_of` gives them; `ids` are further fields of the sketch."""
    held = stems if isinstance(stems, (set, frozenset)) else frozenset(stems)
    telling_ones = frozenset(stem for stem in telling(held) if not stem[0].isdigit())
    return Sketch(telling_ones, concepts().of(held), **ids)  # type: ignore[arg-type]


def weights_of(texts: Collection[Sketch]) -> Weights:
    """From a federation's latest texts: squared, since what is seldom named tells most."""
    size = max(len(texts), LEAST_TEXTS)
    named = Counter(name for text in texts for name in text.concepts)
    held = Counter(stem for text in texts for stem in text.stems)
    of_concepts = {name: _rarity(count, size) for name, count in named.items()}
    of_stems = {stem: WORDS * _rarity(count, size) for stem, count in held.items()}
    whole = sum(of_concepts[name] * count for name, count in named.items())
    whole += sum(of_stems[stem] * count for stem, count in held.items())
    return Weights(of_concepts, of_stems, _rarity(0, size), whole / max(len(texts), 1))


def likeness(one: Sketch, other: Sketch, weights: Weights) -> Likeness:
    """What the two have in common; score 0 where they share neither things nor words, 1 where all is the same."""
    shared_concepts, shared_stems = one.concepts & other.concepts, one.stems & other.stems
    shared = sum(map(weights.of_concept, shared_concepts)) + sum(map(weights.of_stem, shared_stems))
    if shared <= 0:
        return Likeness(0.0)
    smooth = SMOOTHING * weights.average
    whole = sqrt((weights.of_text(one) + smooth) * (weights.of_text(other) + smooth))
    concerned = bool(one.concerned_ids & other.concerned_ids)
    reporting = _same(one.reporting_id, other.reporting_id)
    theme, municipality = _same(one.theme_id, other.theme_id), _same(one.municipality_id, other.municipality_id)
    more = (
        1
        + SAME_CONCERNED * concerned
        + SAME_REPORTING * reporting
        + SAME_THEME * theme
        + SAME_MUNICIPALITY * municipality
    )
    return Likeness(
        shared / whole * more,
        tuple(sorted(shared_concepts, key=lambda name: (-weights.of_concept(name), name))),
        tuple(sorted(shared_stems, key=lambda stem: (-weights.of_stem(stem), stem))),
        concerned,
        reporting,
        theme,
        municipality,
    )


def ranked(scores: Iterable[float], most: int = MOST_CASES) -> list[int]:
    """Positions of the highest scores above zero, best first; equal ones in the order given."""
    placed = sorted(((score, -place) for place, score in enumerate(scores) if score > 0), reverse=True)
    return [-place for _score, place in placed[:most]]


def worth_showing(scores: Sequence[float]) -> int:
    """How many of the scores, best first, are shown."""
    return sum(score >= max(ENOUGH, SHARE_OF_BEST * scores[0]) for score in scores)


def _rarity(count: int, texts: int) -> float:
    """From 0, in every text, to 1, in none."""
    share = log((texts + 1) / (count + 0.5)) / log((texts + 1) / 0.5)
    return max(share, 0.0) ** 2


def _same(one: int | None, other: int | None) -> bool:
    return one is not None and one == other
