"""Telephone numbers and e-mail addresses, plain or written so that a machine should not see them.

Public short numbers (112, 1177, 114 14) and public service series (020, 0770-0779) are not contacts."""

import re
from collections.abc import Iterator

from lexheller.privacy.digit_groups import INVISIBLE
from lexheller.privacy.kinds import Finding, Kind, finding

_DASH = "\\-\\u2010-\\u2015\\u2212"
_SEP = rf"[\s{_DASH}/.()\u200b\u00ad\u2060]"
_PHONE = re.compile(rf"(?:\(?(?:\+|00)[1-9]|\(?0[1-9])(?:{_SEP}{{0,3}}\d){{5,13}}")
_LOCAL = re.compile(
    r"\b(?:tel|telefon\w*|tfn|mobil\w*|ring\w*|nås|växel\w*|direktn\w*|sms\w*|fax\w*)[\s.:]+(?:[^\W\d]+\s+){0,3}"
    rf"(\d{{2,3}}(?:[\s{_DASH}]{{1,3}}\d{{2,3}}){{1,3}}|\d{{6,8}})(?![\d.:{_DASH}]*\d)(?!\s*kr)",
    re.IGNORECASE,
)
_BARE_MOBILE = re.compile(rf"(?<![\d{_DASH}.:/+])7[02369]\s?[{_DASH}]\s?\d{{3}}\s?\d\d\s?\d\d(?!\d)")
_GROUP = re.compile(r"\d+")
_CLOCKS = re.compile(rf"[012]\d[.:]?[0-5]\d\s*[{_DASH}]\s*[012]\d[.:]?[0-5]\d")
_DATE = re.compile(rf"[0-3]\d[{_DASH}./\s][01]\d[{_DASH}./\s](?:19|20)\d\d")
_NUMBER_OF_YEAR = re.compile(rf"\d+\s?[/{_DASH}]\s?(?:19|20)\d\d")
_THREE_DIGIT_AREAS = re.compile(r"0(?:1[013689]|2[136]|3[1356]|4[0246]|54|6[03]|7[02369]|90)")
_SERVICE = re.compile(r"020|077|0900|0939|0944")
_GLUED = re.compile(r"(?:tel|telefon|tfn|mob|mobil|nr|nummer)$", re.IGNORECASE)

_AT = re.compile(r"\s?[@\uff20]\s?|\s?[(\[{<]\s?(?:at|@|a|snabel-?a)\s?[)\]}>]\s?|\s(?:at|snabel-?a)\s", re.IGNORECASE)
_BOX = re.compile(r"[\w.+%!#$&'*/=?^`{|}~-]{1,64}\Z")
_DOT = r"(?:\.|\s?[(\[{]\s?(?:dot|punkt|\.)\s?[)\]}]\s?|\s(?:dot|punkt)\s)"
_DOMAIN = re.compile(
    rf"[^\W_][\w-]{{0,62}}(?:{_DOT}[^\W_][\w-]{{0,62}}){{0,6}}?{_DOT}(?:xn--[\w-]+|[^\W\d_]{{2,24}})(?![\w@])(?:\.[^\W\d_]{{2,24}}\b)*",
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[Finding]:
    """Swedish and foreign numbers in usual spellings, eight to fifteen digits with their area code."""
    end = 0
    for match in _PHONE.finditer(text):
        if match.start() < end or not _starts_freely(text, match.start()):
            continue
        stop = _phone_end(text, match)
        if stop is not None:
            end = stop
            whole = text[match.start()] == "(" and ")" not in text[match.start() : stop]
            yield finding(Kind.PHONE, text, match.start() + whole, stop)
    for match in _LOCAL.finditer(text):
        if 6 <= sum(sign.isdigit() for sign in match[1]) <= 8 and match[1][0] not in "0":
            yield finding(Kind.PHONE, text, match.start(1), match.end(1))
    for match in _BARE_MOBILE.finditer(text):
        yield finding(Kind.PHONE, text, match.start(), match.end())


def _starts_freely(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start]
    if not before:
        return True
    if before[-1].isalpha():
        return bool(_GLUED.search(before))
    if before[-1] in "-–/.:,+" and len(before) > 1 and before[-2].isdigit():
        return before[-1] in "/,"
    return not (before[-1].isalnum() or before[-1] in "+_")


def _phone_end(text: str, match: re.Match[str]) -> int | None:
    """The end of the longest run of whole groups that is a possible number."""
    raw = match.group()
    if _CLOCKS.match(raw) or _DATE.match(raw) or _NUMBER_OF_YEAR.fullmatch(raw):
        return None
    digits, best = "", None
    for group in _GROUP.finditer(raw):
        if group.end() == len(raw) and text[match.end() : match.end() + 1].isdigit():
            break
        digits += group.group()
        if _is_phone(raw, digits):
            best = match.start() + group.end()
    return best


def _is_phone(raw: str, digits: str) -> bool:
    if raw.lstrip("(").startswith("+"):
        return 8 <= len(digits) <= 15
    if digits.startswith("00"):
        return 10 <= len(digits) <= 16
    if _SERVICE.match(digits):
        return False
    if digits.startswith("08"):
        return 8 <= len(digits) <= 10 and digits[2] != "0"
    if re.match(r"07[02369]|010", digits):
        return len(digits) == 10
    if _THREE_DIGIT_AREAS.match(digits):
        return 8 <= len(digits) <= 10 and digits[3] != "0"
    return 9 <= len(digits) <= 10


def emails(text: str) -> Iterator[Finding]:
    """Addresses with @ or with the usual words for it, international domains included."""
    for sign in _AT.finditer(text):
        box = _BOX.search(text[max(0, sign.start() - 64) : sign.start()])
        domain = _DOMAIN.match(text, sign.end())
        if box is None or domain is None or not any(letter.isalnum() for letter in box.group()):
            continue
        if INVISIBLE.match(text, sign.start()):
            continue
        local = box.group().lstrip(".'*/<{|`=")
        start = sign.start() - len(local)
        if local:
            yield finding(Kind.EMAIL, text, start, domain.end())
