"""The words of a text as the name rules see them: where they stand and what they could be."""

import re
from dataclasses import dataclass

from lexheller.privacy import lexicon

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad\u200b])*(?:['’\-][^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*)*")
_SPACE = re.compile(r"[ \t\u00a0]{1,3}|\s?\n\s?")
_ENDS_SENTENCE = re.compile(r"(?:[.!?:…]|\n|^|[-–•*]\s)[\s\"'”»(]*$|[\"”»(]$")
_SHORT = (
    "dr|fd|tel|ca|pat|handl|handläg|hl|kl|leg|bitr|ansv|kont|kontaktp|socsekr|socialsekr|ssk|usk|dsk|ang|enl|resp|inkl"
    "|bla|tex|adv|prof|doc|fam|fr|hr|kur|psyk|spec|sjuksk|koord|samordn"
)
_ABBREVIATED = re.compile(rf"\b(?:(?:{_SHORT})|d\.v\.s|bl\.a|t\.ex|f\.d|[A-ZÅÄÖ])\.\s*$", re.IGNORECASE)
_SHORTENED = frozenset(_SHORT.split("|"))
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "de",
        "der",
        "den",
        "del",
        "della",
        "la",
        "af",
        "al",
        "el",
        "bin",
        "ibn",
        "abu",
        "ben",
        "da",
        "dos",
        "di",
        "du",
        "ter",
        "y",
        "e",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str
    low: str
    opens: bool  # first in its sentence
    joined: bool  # only white space between it and the word before

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()

    @property
    def particle(self) -> bool:
        return self.low in _PARTICLES and not self.capital

    @property
    def initial(self) -> bool:
        return len(self.text) == 1 and self.capital

    @property
    def barred(self) -> bool:
        """Known to be something else than a name, whatever stands around it."""
        return (
            (self.low in lexicon.NOT_NAMES and not self.ambiguous)
            or self.text in ("NOVA", "FIA", "ENTER")
            or lexicon.is_institution(self.low)
        )

    @property
    def first(self) -> bool:
        return _any_form(self.low, lexicon.FIRST) or self._double

    @property
    def _double(self) -> bool:
        """Karl-Xander: two capitalised halves, one of them known."""
        parts = self.text.split("-")
        return (
            len(parts) == 2
            and all(len(part) > 2 and part.istitle() for part in parts)
            and any(part.casefold() in lexicon.FIRST for part in parts)
        )

    @property
    def ambiguous(self) -> bool:
        return self.low in lexicon.AMBIGUOUS_FIRST

    @property
    def last(self) -> bool:
        return any(lexicon.is_surname(part) for part in _forms(self.low))

    @property
    def sure(self) -> bool:
        """A name by the lists alone, and no place."""
        return (self.first or self.last) and not self.place

    @property
    def weak_last(self) -> bool:
        return any(lexicon.may_be_surname(part) for part in _forms(self.low))

    @property
    def place(self) -> bool:
        return self.low in lexicon.PLACES or self.low.removesuffix("s") in lexicon.PLACES


def _forms(low: str) -> list[str]:
    """The word, without a genitive s, and the parts of a double name."""
    forms = [low]
    if len(low) > 3 and low.endswith("s"):
        forms.append(low[:-1].rstrip("'’:"))
    if "-" in low:
        forms += [part for part in low.removesuffix("s").split("-") if len(part) > 2]
    return forms


def _any_form(low: str, names: frozenset[str]) -> bool:
    if low in names:
        return True
    if "-" in low:
        parts = low.split("-")
        return all(
            part in names or part.removesuffix("s") in names or part in lexicon.AMBIGUOUS_FIRST for part in parts
        )
    return len(low) > 3 and low.endswith("s") and low not in lexicon.AMBIGUOUS_FIRST and low[:-1] in names


def words(text: str) -> list[Word]:
    found: list[Word] = []
    last_end = 0
    for match in _WORD.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        opens = bool(_ENDS_SENTENCE.search(before)) if match.start() else True
        if opens and before.rstrip().endswith(".") and _ABBREVIATED.search(before):
            opens = False
        between = text[last_end : match.start()]
        joined = bool(found) and bool(_SPACE.fullmatch(between))
        if found and not joined and between.strip() == "." and len(found[-1].text) == 1 and len(between) <= 3:
            joined = found[-1].capital
        elif found and not joined and between == ". " and found[-1].low in _SHORTENED:
            joined = True
        low = match.group().replace("\u00ad", "").replace("\u200b", "").casefold()
        found.append(Word(match.start(), match.end(), match.group(), low, opens, joined))
        last_end = match.end()
    return found
