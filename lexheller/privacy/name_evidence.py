"""What speaks for a person in words that no list knows: their letters, and the company they keep.

Each rule answers for one capitalised word. The rules for words that the lists do know are in ``names``."""

import re

from lexheller.privacy import lexicon
from lexheller.privacy.lexicon import CUES
from lexheller.privacy.name_words import Word

NOUN_ENDINGS = ("en", "et", "an", "ön", "ån", "ning", "na", "het", "tion", "stöd")
_FOREIGN = re.compile(
    r"[qwz]|[çćčšžłńśźżęąğışøæáàíóòúýñâêîôûãõęëïüđţţșțăễạươ]|[kgsdzbtp]h(?!et)|aa|ii|uu|ee|ou|ey|[aeou]y[aeou]|dj|^m[bv]|^n[dgkt]"
    r"|[aiou]na$|^x|[bdfghjklmnpqrstvxz][bdfgjlmnrtvz]?[ou]$|(?:iya|isha|isa|ija|ira|ina|eh|im|iq|ullo|ullah)$"
)
_ORDINARY_ENDING = re.compile(
    r".*(?:ande|ende|are|else|skap|dom|nad|eri|lig|liga|iska|ism|ist|inska|anska|enska|shop|tor|törer"
    r"|ioner|ingar|heter|arna|orna|erna|ning|skt|ligt|ens|ets|nas|ernas|ing|graf|logi|atri|terapi|medel|konto|foto|video|info|euro|demo|porto|logo"
    r"|köping|köpings|stad|torp|hult|ryd|hamn|sund|rum|bruk|form|team|test|punkt|plats|uell|iell|kurs|kort|system|vård)"
)
_LINKS = re.compile(r"\s?(?:,|&|/|\+)\s?")


def looks_foreign(low: str) -> bool:
    """Letters or an ending that Swedish words seldom have; ``low`` in lower case, without a genitive s."""
    return len(low) >= 3 and bool(_FOREIGN.search(low)) and not is_ordinary(low)


def is_ordinary(low: str) -> bool:
    """A Swedish noun or adjective by its ending, an institution, or a word listed as no name."""
    return bool(_ORDINARY_ENDING.fullmatch(low)) or lexicon.is_institution(low) or low in lexicon.NOT_NAMES


def speaks_for_a_person(text: str, listed: list[Word], at: int) -> bool:
    """Whether the capitalised word at ``at``, alone in its run, is a person by what stands around it."""
    word = listed[at]
    if word.place or word.shouted or word.barred or not word.text[:2].istitle() or _is_genitive_of_office(word):
        return False
    if _owns_something(listed, at) or _works_somewhere(listed, at):
        return True
    if _listed_with_a_name(text, listed, at):
        return len(word.text) > 2 and not (word.opens and is_ordinary(word.low))
    if word.opens:
        return _opens_as_a_person(text, listed, at)
    return _stands_as_a_person(listed, at)


def _is_genitive_of_office(word: Word) -> bool:
    return word.low.endswith("s") and not word.first and word.low[:-1] in lexicon.NOT_NAMES


def _likely(word: Word) -> bool:
    return (word.weak_last or looks_foreign(word.low)) and not word.low.removesuffix("na").endswith(NOUN_ENDINGS)


def _owns_something(listed: list[Word], at: int) -> bool:
    """ "Bergs läkare": a genitive before kin, staff or a paper."""
    word = listed[at]
    if at + 1 == len(listed) or not listed[at + 1].joined or listed[at + 1].low not in CUES["owned"]:
        return False
    base = word.low[:-1]
    return (
        word.low.endswith("s") and (lexicon.may_be_surname(base) or looks_foreign(base)) and not is_ordinary(word.low)
    )


def _works_somewhere(listed: list[Word], at: int) -> bool:
    """ "Ström på FK": an unknown word and the office where it works."""
    if at + 2 >= len(listed) or not (listed[at + 1].joined and listed[at + 2].joined):
        return False
    link, office, word = listed[at + 1], listed[at + 2], listed[at]
    if link.low not in CUES["at_work"] or not (office.low in CUES["offices"] or lexicon.is_institution(office.low)):
        return False
    if word.opens or (at and listed[at - 1].low in CUES["place_before"]):
        return _likely(word)
    return not (is_ordinary(word.low) or word.low.endswith(NOUN_ENDINGS))


def _listed_with_a_name(text: str, listed: list[Word], at: int) -> bool:
    """ "Anna, Bea & Cilla", "Anna och Bea": a sure name next in a row."""
    return any(
        0 <= other < len(listed)
        and listed[other].capital
        and listed[other].sure
        and not listed[other].low.endswith("s")
        and _linked(text, listed, min(at, other), max(at, other))
        for other in (at - 2, at - 1, at + 1, at + 2)
    )


def _linked(text: str, listed: list[Word], left: int, right: int) -> bool:
    if right - left == 1:
        return bool(_LINKS.fullmatch(text[listed[left].end : listed[right].start]))
    link = listed[left + 1]
    return link.low in ("och", "o", "samt", "eller") and link.joined and listed[right].joined


def _opens_as_a_person(text: str, listed: list[Word], at: int) -> bool:
    word = listed[at]
    if len(word.text) < 4 or not _likely(word) or is_ordinary(word.low):
        return False
    if text[word.end : word.end + 2] in (": ", " –", " -"):
        return looks_foreign(word.low) or lexicon.is_surname(word.low)
    after = listed[at + 1] if at + 1 < len(listed) else None
    if after is None or not after.joined or after.low not in CUES["verbs"]:
        return False
    return after.low not in CUES["impersonal"] or looks_foreign(word.low)


def _stands_as_a_person(listed: list[Word], at: int) -> bool:
    word, before = listed[at], listed[at - 1] if at else None
    if len(word.text) < 4 or not _likely(word) or is_ordinary(word.low) or (before and before.low in CUES["things"]):
        return False
    if before is None or not word.joined:
        return word.weak_last
    return before.low in CUES["speaking_before"]
