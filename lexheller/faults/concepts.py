"""Words that mean the same thing to a caseworker: which things a text is about. Pure; the words stand in `data`.

The list is reviewed by people, like the office's themes; nothing in it is learned from reports. Stops at naming things:
how much they weigh and what resembles what is `alike`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from lexheller.cases.search import terms_of

MOST_REMEMBERED = 50_000
FILE = Path(__file__).parent / "data" / "concepts.txt"


@dataclass(slots=True)
class Concepts:
    """Forms of words are stems, as the index of cases keeps them.

    `pairs` leads from one of two words to the other and the thing that they name together.
    """

    whole: dict[str, set[str]] = field(default_factory=dict)
    beginnings: list[tuple[str, str]] = field(default_factory=list)
    endings: list[tuple[str, str]] = field(default_factory=list)
    pairs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    remembered: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, name: str, word: str) -> None:
        """One word of the list, as it is written there."""
        if "+" in word:
            one, other = (_stem(part) for part in word.split("+"))
            self.pairs.setdefault(one, []).append((other, name))
            return
        bare = word.strip("*")
        self.whole.setdefault(_stem(bare), set()).add(name)
        if word.endswith("*"):
            self.beginnings.append((bare, name))
        if word.startswith("*"):
            self.endings.append((_stem(bare), name))

    def named_by(self, stem: str) -> frozenset[str]:
        """What one word names by itself. Remembered: a language has few words that are used."""
        found = self.remembered.get(stem)
        if found is None:
            names = set(self.whole.get(stem, ()))
            names |= {name for beginning, name in self.beginnings if stem.startswith(beginning)}
            names |= {name for ending, name in self.endings if stem.endswith(ending)}
            found = frozenset(names)
            if len(self.remembered) < MOST_REMEMBERED:
                self.remembered[stem] = found
        return found

    def of(self, stems: Collection[str]) -> frozenset[str]:
        """What a text with these stems is about. All of its stems: `stå` and `utan` mean something together."""
        found: set[str] = set()
        for stem in stems:
            found |= self.named_by(stem)
            if stem in self.pairs:
                found |= {name for other, name in self.pairs[stem] if other in stems}
        return frozenset(found)


@lru_cache(maxsize=1)
def concepts() -> Concepts:
    """The list as it stands in the file. Raises ValueError on a line that is not `name: words`."""
    found = Concepts()
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, words = line.partition(":")
        if not colon or not words.strip():
            raise ValueError(f"not a line of concepts: {line[:40]}")
        for word in words.split():
            found.add(name.strip(), word)
    return found


def _stem(word: str) -> str:
    return terms_of(word)[0]
