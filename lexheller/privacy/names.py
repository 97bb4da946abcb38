"""Personal names in Swedish office prose, by word lists, endings and the words around.

Runs of capitalised words are read as one name if something in them is a name for sure, or if a title, a verb
or a preposition says so. Authorities, activities, places and illnesses are not names; ``Lex Heller`` is a scheme."""

import re
from collections.abc import Iterator

from lexheller.privacy import lexicon
from lexheller.privacy.kinds import Finding, Kind, finding
from lexheller.privacy.lexicon import CUES
from lexheller.privacy.name_evidence import NOUN_ENDINGS, is_ordinary, looks_foreign, speaks_for_a_person
from lexheller.privacy.name_words import Word, words
from lexheller.privacy.small_names import small_letters

_LONGEST = 5
_INITIALS = re.compile(r"[A-ZÅÄÖ]-[A-ZÅÄÖ]")
_AGE_OR_COMMA = re.compile(r"\s?,\s?\Z")


def names(text: str) -> Iterator[Finding]:
    """Every name as one finding: first and last name together, a title before it left out."""
    listed = words(text)
    shouting = sum(word.shouted for word in listed) * 2 > len(listed) and len(listed) > 3
    at = 0
    while at < len(listed):
        run = _run(listed, at)
        if not run:
            span = small_letters(listed, at)
            if span:
                yield finding(Kind.PERSON_NAME, text, listed[at].start, listed[at + span - 1].end)
            at += span or 1
            continue
        kept = _name_in(text, listed, at, run, shouting)
        if kept:
            first, last = kept
            last = _swapped(text, listed, first, last)
            yield finding(Kind.PERSON_NAME, text, listed[first].start, _with_dot(text, listed[last]))
            at = last + 1
        else:
            at += len(run)


def _run(listed: list[Word], at: int) -> list[Word]:
    """Neighbouring capitalised words from ``at``; particles such as "von" or "al-" may stand inside."""
    run: list[Word] = []
    for word in listed[at : at + _LONGEST]:
        if run and (not word.joined or (word.opens and not run[-1].initial and not _wrapped(run, word))):
            break
        if word.capital and not (word.barred and run):
            run.append(word)
            if word.barred:
                break
        elif (word.particle and run) or (word.low.startswith(("al-", "el-")) and (run or _titled(listed, at))):
            run.append(word)
        else:
            break
    while run and run[-1].particle:
        run.pop()
    return run


def _wrapped(run: list[Word], word: Word) -> bool:
    """A first name at the end of a line and its surname on the next."""
    return len(run) == 1 and run[0].first and (word.last or word.weak_last) and not (word.first or word.barred)


def _is_company(listed: list[Word], first: int, last: int) -> bool:
    """ "Mattssons Måleri": a genitive before a word that is no name."""
    owner = listed[first].low
    if first + 1 != last or not owner.endswith("s") or owner in lexicon.FIRST or owner in lexicon.LAST:
        return False
    thing = listed[last]
    return not (thing.sure or thing.weak_last or thing.ambiguous or looks_foreign(thing.low))


def _initialled(text: str, listed: list[Word], first: int, last: int) -> bool:
    """ "P.G. Ahlin", "J-O ringde", "utredare E.S.": initials that only a person has."""
    word, end = listed[first], listed[last]
    initials = [each for each in listed[first : last + 1] if each.initial]
    if initials and last > first and not end.initial and text[word.end : word.end + 1] == ".":
        return len(end.text) > 2 and not (end.place or end.shouted)
    if len(initials) == last - first + 1:
        return len(initials) == 2 and text[word.end : end.start] == "." and _titled(listed, first)
    if _INITIALS.fullmatch(word.text) and last == first + 1:
        return len(end.text) > 2 and not (end.place or end.shouted)
    if first == last and _INITIALS.fullmatch(word.text):
        return _acts(listed, first) or _titled(listed, first) or (first > 0 and listed[first - 1].low in CUES["person"])
    return False


def _name_in(text: str, listed: list[Word], at: int, run: list[Word], shouting: bool) -> tuple[int, int] | None:
    """Positions of the first and last word of the name inside the run, or None."""
    first, last = at, at + len(run) - 1
    while first < last and _is_cue(listed[first], "titles") and not listed[first].sure:
        first += 1
    if listed[first].barred or (_is_cue(listed[first], "titles") and not listed[first].sure):
        return None
    if first and listed[first - 1].low in ("lex", "sankta", "sankt") and listed[first].joined:
        return None
    while last > first and listed[last].place and not (listed[last].weak_last or listed[last].last):
        last -= 1
    after = listed[last + 1] if last + 1 < len(listed) else None
    if after is not None and after.joined and not after.opens and _ends_other(after):
        return None
    if _is_company(listed, first, last):
        return None
    surest = next((place for place in range(first, last + 1) if listed[place].sure), None)
    if surest is None:
        told = _said_by_context(listed, first, last, shouting) or _initialled(text, listed, first, last)
        told = told or (first == last and speaks_for_a_person(text, listed, first))
        return (first, last) if told else None
    return _trimmed(listed, first, last, surest)


def _trimmed(listed: list[Word], first: int, last: int, surest: int) -> tuple[int, int] | None:
    """Drop what merely begins the sentence before the sure part, and what cannot belong after it."""
    while first < surest and _only_begins(listed, first, surest):
        first += 1
    alone = first == last
    word = listed[first]
    if alone and word.shouted and len(word.text) <= 3:
        return None
    return first, last


def _only_begins(listed: list[Word], first: int, surest: int) -> bool:
    word = listed[first]
    if _INITIALS.fullmatch(word.text):
        return False
    if word.place or (word.shouted and not listed[surest].shouted):
        return True
    if word.initial or word.ambiguous:
        return False
    if looks_foreign(word.low) or not (word.opens or word.low.endswith(NOUN_ENDINGS)):
        return False
    return listed[surest].first and not word.weak_last


def _said_by_context(listed: list[Word], first: int, last: int, shouting: bool) -> bool:
    """No sure name in the run: an ambiguous first name, a weak surname or an unknown word."""
    word = listed[first]
    rest = listed[first + 1 : last + 1]
    if word.place and not word.ambiguous and not (_titled(listed, first) and word.weak_last):
        return False
    if word.ambiguous and rest and not rest[0].place:
        return rest[0].weak_last or rest[0].initial or not word.opens
    if word.initial and rest and rest[0].weak_last and not rest[0].place:
        return not word.opens or len(rest) == 1
    if word.shouted and not (word.ambiguous and len(word.text) > 2):
        return False
    if _titled(listed, first):
        return not word.initial
    if not rest and first and listed[first - 1].low in CUES["named"]:
        return not word.initial
    if len(rest) == 1 and not rest[0].place:
        return _two_unknown(listed, first, last)
    if not word.ambiguous:
        return _unknown_alone(listed, first)
    return _ambiguous_alone(listed, first, shouting)


def _unknown_alone(listed: list[Word], at: int) -> bool:
    """A capitalised word no list knows, inside a sentence, where only a person fits."""
    word = listed[at]
    if word.opens or word.place or len(word.text) < 3 or not word.text.istitle():
        return False
    before = listed[at - 1] if at and word.joined else None
    if before is not None and before.low in CUES["person"]:
        return True
    if before is not None and before.low == "med" and at > 1 and listed[at - 2].low in CUES["meeting"]:
        return True
    if before is not None and before.low == "och" and at > 1 and listed[at - 2].sure:
        return True
    if word.low.endswith(NOUN_ENDINGS) or is_ordinary(word.low):
        return False
    return _acts(listed, at) and (word.weak_last or listed[at + 1].low not in CUES["anything"])


def _two_unknown(listed: list[Word], first: int, last: int) -> bool:
    """Two capitalised words that no list knows: a name if the second ends like one or a person is meant."""
    word, other = listed[first], listed[last]
    if word.shouted or other.shouted or word.place or min(len(word.text), len(other.text)) < 3:
        return False
    led = first > 0 and word.joined and listed[first - 1].low in CUES["reaching"]
    acts = _acts(listed, last) and listed[last + 1].low not in CUES["anything"]
    if is_ordinary(word.low) or is_ordinary(other.low) or (word.opens and word.low.endswith(("en", "et", "arna"))):
        return led and not word.opens
    return other.weak_last or led or acts or looks_foreign(word.low) or looks_foreign(other.low)


def _ambiguous_alone(listed: list[Word], at: int, shouting: bool) -> bool:
    word = listed[at]
    if shouting or word.shouted or (word.low in ("fia", "nova", "freja") and not _acts(listed, at)):
        return False
    if word.opens:
        return (_acts(listed, at) or _paired(listed, at)) and word.low not in _NEVER_OPENING
    before = listed[at - 1] if at else None
    led = before is not None and word.joined and before.low in CUES["before"]
    return (led and word.low not in _MONTHS) or (_acts(listed, at) and word.low not in _MONTHS)


_MONTHS = frozenset(["april", "maj", "juni", "juli", "august", "jul", "mars", "svea", "freja", "nova", "malta", "nu"])
_NEVER_OPENING = _MONTHS | frozenset(
    [
        "inga",
        "mina",
        "dina",
        "man",
        "vi",
        "en",
        "tom",
        "rosa",
        "mark",
        "sol",
        "roman",
        "isa",
        "ny",
        "van",
        "even",
        "long",
        "mini",
        "max",
        "per-capita",
        "sten",
        "mine",
        "nu",
        "fina",
        "dag",
        "ask",
        "tea",
    ]
)


def _paired(listed: list[Word], at: int) -> bool:
    """ "Stig och Gun": two names keep each other company."""
    if at + 2 >= len(listed):
        return False
    link, other = listed[at + 1], listed[at + 2]
    return link.low == "och" and other.capital and not other.barred and (other.first or other.ambiguous)


def _acts(listed: list[Word], at: int) -> bool:
    if at + 1 >= len(listed):
        return False
    after = listed[at + 1]
    return after.joined and after.low in CUES["verbs"]


def _titled(listed: list[Word], at: int) -> bool:
    """A title, a kinship word or a role stands right before, perhaps with a comma."""
    if at == 0:
        return False
    before, word = listed[at - 1], listed[at]
    near = word.start - before.end <= 2 and not word.opens
    if not near or not _is_cue(before, "titles") or (word.place and not word.weak_last):
        return False
    return word.joined or word.first


def _is_cue(word: Word, group: str) -> bool:
    return word.low in CUES[group]


def _ends_other(word: Word) -> bool:
    """What follows makes the run the name of an institution, a street or an illness."""
    return (
        word.low in CUES["organisation"] or word.low in CUES["illness"] or (word.capital and word.low.endswith(_BUILT))
    )


_BUILT = ("gatan", "vägen", "gata", "väg", "torget", "kyrkan", "skolan", "gymnasiet", "hemmet", "sjukhuset", "gården")


def _swapped(text: str, listed: list[Word], first: int, last: int) -> int:
    """ "Nilsson, Anna" is one name."""
    if first != last or last + 1 >= len(listed) or not listed[first].last or listed[first].first:
        return last
    after = listed[last + 1]
    comma = _AGE_OR_COMMA.fullmatch(text[listed[last].end : after.start])
    return last + 1 if comma and after.capital and after.first and not after.last else last


def _with_dot(text: str, word: Word) -> int:
    """The dot after an initial belongs to the name: "Anna K."."""
    return word.end + 1 if word.initial and text[word.end : word.end + 1] == "." else word.end
