"""Digit groups of a text and the material between them, in any script and through invisible characters.

Knows nothing of what the digits mean."""

import html
import re
import unicodedata
from dataclasses import dataclass

# Controls, soft hyphen, combining marks, zero-width, direction marks, variation selectors, tags, lone surrogates.
_INVISIBLE = (
    "\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\u00ad\\u0300-\\u036f\\u061c\\u115f\\u1160\\u17b4\\u17b5"
    "\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u20d0-\\u20ff\\u3164\\ufe00-\\ufe0f"
    "\\ufe20-\\ufe2f\\ufeff\\uffa0\\ufff9-\\ufffb\\U0001d173-\\U0001d17a\\U000e0000-\\U000e01ef\\ud800-\\udfff"
)
# Superscripts, subscripts, circled and similar: a digit value, but not decimal digits.
_FANCY = (
    "\\u00b2\\u00b3\\u00b9\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c\\u2488-\\u2490"
    "\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\U0001f100-\\U0001f10a"
)
_DASHES = "\\-_~\\u02d7\\u058a\\u05be\\u1400\\u1806\\u2010-\\u2015\\u2043\\u2053\\u207b\\u208b\\u2212\\u2796\\u2e17"
_DASHES += (
    "\\u2e1a\\u2e3a\\u2e3b\\u2e40\\u301c\\u3030\\u30a0\\u30fb\\u30fc\\ufe31\\ufe32\\ufe58\\ufe63\\uff0d\\u00af\\u2500"
)
_PLUS = "+\\u207a\\u208a\\u2795\\ufe62\\uff0b"
_DOTS = ".\\u00b7\\u0387\\u2022\\u2024\\u2027\\u2219\\u22c5\\u3002\\ufe52\\uff0e\\uff61\\u06d4"
_SLASHES = "/\\\\\\u2044\\u2215\\u29f8\\uff0f\\uff3c"
_MARKS = ":*=,;|'\\u2018\\u2019\\u02bc\\u00b4`\\u2032\\uff07\\uff1a"

INVISIBLE = re.compile(f"[{_INVISIBLE}]")
DECIMAL_GROUP = re.compile(rf"\d(?:[{_INVISIBLE}]*\d)*")
FANCY_GROUP = re.compile(f"[{_FANCY}](?:[{_INVISIBLE}]*[{_FANCY}])*")
ANY_GROUP = re.compile(rf"[\d{_FANCY}](?:[{_INVISIBLE}]*[\d{_FANCY}])*")
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{2,5}|#x[0-9a-f]{2,5});", re.IGNORECASE)
_DRESS = re.compile(r"</?[a-z][^<>]{0,20}>|\*\*|``?", re.IGNORECASE)
_SPOKEN = re.compile(
    r"[\s,;:()./\-]{0,3}(?:[^\W\d]{1,12}[\s:.,(]{1,3}){0,4}"
    r"(?:sista|fyra|slut[^\W\d]{0,12}|siffr[^\W\d]{0,4}|löpnummer|födelsenummer)"
    r"[\s:.,(=]{1,3}(?:[^\W\d]{1,12}[\s:.,(=]{1,3}){0,3}",
    re.IGNORECASE,
)
_SPOKEN_HINT = re.compile("sista|fyra|slut|siffr|löpn|födelsen", re.IGNORECASE)
_BRACKET = re.compile(r"\s?[(\[{]\s?|\s?[)\]}]\s?[-]?\s?|[-=]?>")
_GAP = re.compile(
    rf"(?P<before>[\s\u2800]*)(?:(?P<dash>[{_DASHES}]{{1,6}})|(?P<plus>[{_PLUS}])|(?P<dot>[{_DOTS}]|\u2026|\.{{2,3}})"
    rf"|(?P<slash>[{_SLASHES}]{{1,2}})|(?P<mark>[{_MARKS}]))?(?P<after>[\s\u2800]*)"
)
_MAX_GAP = 60
_MAX_SPACE = 8


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two digit groups.

    ``kind`` is space, dash, plus, dot, slash, mark, comma, bracket or words."""

    kind: str
    tight: bool
    newline: bool


@dataclass(frozen=True, slots=True)
class Group:
    start: int
    end: int
    digits: str


def groups(text: str, pattern: re.Pattern[str] = DECIMAL_GROUP) -> list[Group]:
    """Runs of digits with their plain ASCII value; invisible characters inside a run are passed over."""
    found = []
    for match in pattern.finditer(text):
        if _inside_entity(text, match.start()):
            continue
        plain = "".join(str(unicodedata.digit(sign)) for sign in match.group() if sign.isdigit())
        found.append(Group(match.start(), match.end(), plain))
    return found


def _inside_entity(text: str, start: int) -> bool:
    """The 45 of ``&#45;`` is no digit group."""
    sign = text.rfind("&", max(0, start - 4), start)
    return sign >= 0 and bool(_ENTITY.match(text, sign)) and ";" not in text[sign:start]


def gap(text: str, left: Group, right: Group) -> Gap | None:
    """The joining material between two neighbours, or None if they cannot belong to one number."""
    if right.start - left.end > _MAX_GAP:
        return None
    between = INVISIBLE.sub("", text[left.end : right.start])
    if "&" in between or "<" in between or "*" in between or "`" in between:
        between = INVISIBLE.sub("", html.unescape(_DRESS.sub("", between)))
    match = _GAP.fullmatch(between)
    if match is None:
        return _odd_gap(between)
    sign = next((name for name in ("dash", "plus", "dot", "slash", "mark") if match[name]), "space")
    before, after = match["before"], match["after"]
    lines = len(re.findall(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", before + after))
    if len(before) + len(after) > _MAX_SPACE or lines > (2 if sign in ("dash", "plus") else 1):
        return None
    if sign == "mark" and (before or after):
        return Gap("comma", False, False) if match["mark"] in ",;|" and lines == 0 else None
    if sign == "dot" and after and not before and lines == 0:
        return None
    return Gap(sign, not (before or after), lines > 0)


def _odd_gap(between: str) -> Gap | None:
    """A bracket, or words such as "sista fyra"."""
    if _BRACKET.fullmatch(between):
        return Gap("bracket", True, False)
    if _SPOKEN_HINT.search(between) and _SPOKEN.fullmatch(between):
        return Gap("words", True, False)
    return None
