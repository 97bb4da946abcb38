"""The word lists behind the name rules, read once from the package's own text files."""

import re
from importlib.resources import files

_DATA = files("lexheller.privacy") / "data"


def _lines(name: str) -> list[str]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _words(name: str) -> frozenset[str]:
    return frozenset(word.casefold() for line in _lines(name) for word in line.split())


def _cues() -> dict[str, frozenset[str]]:
    pairs = (line.split(":", 1) for line in _lines("cues.txt"))
    return {group: frozenset(words.split()) for group, words in pairs}


AMBIGUOUS_FIRST = _words("ambiguous_first_names.txt")
FIRST = _words("first_names.txt") - AMBIGUOUS_FIRST
LAST = _words("last_names.txt")
WEAK_LAST = _words("weak_last_names.txt")
PLACES = _words("places.txt")
NOT_NAMES = _words("not_names.txt")
CUES = _cues()

_SURE_ENDING = re.compile(
    r".{2,}(?:sson|sdotter|dottir|[qk]vist|quist|ström|gren|ić|vic|owski|owska|ewski|ewska|wicz|czyk|enko|chuk"
    r"|tjuk|oğlu|oglu|zadeh|opoulos|shvili|hjelm|sköld|crantz|krantz|feldt|ainen|iainen|elius|enius)|.{3,}(?:pour|ullah|uddin|eddin|selassie|mariam|michael|siddiqui)"
    r"|(?:gebre|ghebre|tesfa|haile|habte|abdul|abdel|abdi|wolde|tekle)(?!s$)\w{3,}"
)
_LIKELY_ENDING = re.compile(
    r".{3,}(?:berg|lund|blad|blom|holm|dahl|strand|stedt|städt|mark|man|ander|lind|lin|din|én|ell|bäck|borg|ov|ova"
    r"|ev|eva|ski|ska|yan|ian|nen|ani|avi|oui|ez|ini|son|sen|stam|roth|fors|hammar|sten|vall|wall|hed|felt)"
)
_INSTITUTION = re.compile(
    r".*(?:kassan|förmedlingen|enheten|avdelningen|mottagningen|centralen|nämnden|förvaltningen|teamet|team|verket"
    r"|kommun|kommunen|skolan|hemmet|gruppen|gatan|vägen|gata|torget|stödet|centrum|center|tjänsten|ningen|ningar"
    r"|heten|ionen|ioner|ation|rätten|syndrom|sjukdom|koppen|spåret|boendet|kyrkan|sjukhuset|hälsan|psykiatrin"
    r"|styrelsen|myndigheten|domstolen|inspektionen|lagen|balken|ombudet|garantin|stiftelsen|byrån|kliniken"
    r"|tinget|gården|huset|byn|området|avtalet|ordningen|kedjan|hallen|servicen|läkaren|sekreteraren|chefen|dagen"
    r"|gymnasiet|länet|förbundet|bolaget|banken|företagen|kontoret|gränd|stigen|allén|projektet|samverkan)s?"
)


def is_surname(word: str) -> bool:
    """``word`` in lower case; by list or by an ending that hardly any other word has."""
    return word not in PLACES and (word in LAST or bool(_SURE_ENDING.fullmatch(word)))


def may_be_surname(word: str) -> bool:
    """Surnames that are words or places too: enough beside a first name, not alone."""
    return word in WEAK_LAST or bool(_LIKELY_ENDING.fullmatch(word))


def is_institution(word: str) -> bool:
    return bool(_INSTITUTION.fullmatch(word))
