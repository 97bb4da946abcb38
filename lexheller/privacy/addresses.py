"""Swedish postal addresses: streets with a number, boxes, care-of lines and postal codes with a town.

A town, a road number or a way in is not an address."""

import re
from collections.abc import Iterator

from lexheller.privacy.kinds import Finding, Kind, finding

_CAP = "[A-ZÅÄÖÉÜ]"
_LETTERS = "[^\\W\\d_]"
_STREET_END = (
    "gatan|gata|vägen|väg|gränden|gränd|torget|torg|stigen|stig|allén|allé|backen|backe|esplanaden|kajen"
    "|promenaden|höjden|kullen|gården|ängen|lunden|hagen|slingan|svängen|brinken|slätten|åsen|dalen|stranden"
    "|terrassen|leden|platsen|plats|plan|planen|parken|bron|hörnet|kroken|bågen|vallen|liden|udden|berget"
)
_SURE_END = "gatan|vägen|gränden|gränd|stigen|torget|allén|esplanaden"
_ALONE = (
    "Esplanaden|Kajen|Promenaden|Gata|Gatan|Väg|Vägen|Gränd|Gränden|Torg|Torget|Stig"
    "|Stigen|Allé|Allén|Backe|Backen|Plats|Plan|Park"
)
_LEAD = (
    "(?:Lilla|Stora|Norra|Södra|Östra|Västra|Övre|Nedre|Gamla|Nya|Inre|Yttre|Mellersta|Sankt|Sankta|S:t|S:ta"
    "|S:t\\.|St\\.|[NSVÖ]\\.|[NSVÖ]:a|L:a|St:a)"
)
_NUMBER = (
    "\\s{1,2}\\d{1,3}(?:\\s?[-–]\\s?\\d{1,3})?(?:[A-Za-z]|\\s[A-H])?(?![\\w:%§])(?!\\s?(?:kr|tim|min|dag|veck|mån|år\\b|gång"
    "|st\\b|procent|%|personer|deltagare|meter|km\\b))"
)
_TOWN = f"{_CAP}{_LETTERS}{{1,25}}(?:\\s{_CAP}{_LETTERS}{{2,20}})?"
_POST = f"(?:(?:SE|S)[- ]?)?[1-9]\\d{{2}}[ \\u00a0]?\\d{{2}}\\s{{1,2}}{_TOWN}"
_TAIL = (
    "(?:,?\\s{0,2}(?:lgh|lägenhet|lght)\\.?\\s?(?:nr\\s?)?\\d{1,5})?(?:,?\\s{0,2}\\d{1,2}\\s?tr(?:appor)?\\b)?(?:,?\\s{0,2}(?:vån|våning)\\.?\\s?\\d{1,2}\\b)?"
    f"(?:[,\\s]{{1,3}}{_POST})?"
)
_STREET = re.compile(
    f"(?<![\\w-])(?:(?:{_LEAD}\\s)?{_CAP}(?:{_LETTERS}|-){{1,30}}?(?:{_STREET_END})"
    f"|{_LEAD}\\s(?:{_ALONE})"
    f"|{_CAP}{_LETTERS}{{1,20}}(?:\\s{_CAP}{_LETTERS}{{1,20}})?\\s(?:gata|väg|gränd|torg|allé|plats|backe|stig))"
    f"{_NUMBER}{_TAIL}"
)
_SMALL_STREET = re.compile(
    f"(?<![\\w-])(?:{_LETTERS}{{1,25}}(?:{_SURE_END})|{_LETTERS}{{3,25}}(?:gata|torg)){_NUMBER}{_TAIL}", re.IGNORECASE
)
_LIVES_ON = re.compile(
    "\\b(?:bor(?:\\s\\w+){0,2}|bodde|bosatt|boende|adress(?:en)?|hemma|bostad|bostaden|lägenhet|folkbokförd|skriven"
    f"|flytta(?:t|de)|inneboende)\\s(?:på|till|vid|är|:)?\\s?((?:{_LEAD}\\s)?{_CAP}{_LETTERS}{{2,25}}?(?:{_SURE_END}))\\b"
)
_BOX = re.compile(f"\\b[Bb](?:ox|OX)\\s{{1,2}}\\d{{1,5}}\\b(?:[,\\s]{{1,3}}{_POST})?")
_CARE_OF = re.compile(f"\\b[Cc]/[Oo]\\.?:?\\s{{0,2}}{_CAP}{_LETTERS}{{1,25}}(?:[ -]{_CAP}{_LETTERS}{{1,25}}){{0,3}}")
_POSTAL = re.compile(f"(?<![\\d.,:/–-])(?<!\\d\\s){_POST}")
_WORDS = f"(?:(?:{_LEAD}|{_CAP}{_LETTERS}{{1,25}})\\s){{0,2}}{_CAP}{_LETTERS}{{1,25}}"
_FARM = re.compile(
    f"(?<![\\w-]){_WORDS}\\s\\d{{1,4}}\\s?[A-H]?[,\\s]{{1,3}}{_POST}"
    f"|(?<![\\w-])(?:[Kk]v\\.?|[Kk]varteret)\\s{_WORDS}\\s\\d{{1,3}}\\b"
    f"|(?<=\\bgården )(?:{_WORDS})\\s\\d{{1,3}}\\b"
)
_FARM_SAID = re.compile(
    "\\b(?:bor|bodde|bosatt|adress(?:en)?|adr|skriven|folkbokförd|hemma|flytta(?:t|de)|torpet|huset|gården)\\.?:?"
    f"\\s(?:(?:på|till|i|vid|är)\\s)?({_WORDS}\\s\\d{{1,3}}(?:\\s?[A-H]\\b)?)(?![\\w:%§])(?!\\s?(?:kr|dag|veck|mån|år\\b|gång))",
    re.IGNORECASE,
)
_FLAT = re.compile("\\b(?:lgh|lägenhetsnummer|lägenhet nr)\\.?\\s{0,2}\\d{4}\\b", re.IGNORECASE)
_NOT_STREET = re.compile(
    "(?:kontakt|tele|telefon|ut|in|om|karriär|åter|riks|motor|läns|europa|arbets|praktik|mötes|parkerings|vård|boende"
    "|handlings|genomförande|rehab|rehabiliterings|verksamhets|projekt|tids|åtgärds|omsorgs|studie|affärs|utvecklings"
    "|vånings|kommunikations|digitala|insats|stöd|plane|samordnings|aktivitets|behandlings|individuell|krock|lärande"
    "|intern|kris|tids|budget|hand|insläpps|skol|återgångs|etablerings|upp|av|genom|för)"
    "(?:s)?(?:väg|vägen|plats|platsen|plan|planen|gata|gång|dalen|leden|bron|åsen)?",
    re.IGNORECASE,
)
_NOT_HOUSE = re.compile(
    r"\b(?:grupp|enhet|etapp|avdelning|rum|steg|fas|nivå|plan|hus|enter|januari|februari|mars|april|maj|juni|juli|augusti"
    r"|september|oktober|november|december|vecka|moment|den|för|i|de)\b",
    re.IGNORECASE,
)
_NOT_TOWN = re.compile("(?:Kr|Kronor|Kr\\.|Personer|Deltagare|Euro|Sek|SEK|Timmar|Dagar|År)\\b")


def addresses(text: str) -> Iterator[Finding]:
    """Each address with its flat, postal code and town when they stand together."""
    care = list(_CARE_OF.finditer(text))
    streets = list(_streets(text))
    for match in care:
        end = match.end()
        for street in streets:
            if 0 <= street.start() - end <= 2:
                end = street.end()
        yield finding(Kind.ADDRESS, text, match.start(), end)
    for match in streets:
        yield finding(Kind.ADDRESS, text, match.start(), match.end())
    for match in _LIVES_ON.finditer(text):
        yield finding(Kind.ADDRESS, text, match.start(1), match.end(1))
    for match in _FARM.finditer(text):
        yield finding(Kind.ADDRESS, text, match.start(), match.end())
    for match in _FARM_SAID.finditer(text):
        if match[1][0].isupper() and not _NOT_HOUSE.search(match[1]):
            yield finding(Kind.ADDRESS, text, match.start(1), match.end(1))
    for match in _FLAT.finditer(text):
        yield finding(Kind.ADDRESS, text, match.start(), match.end())
    for match in _POSTAL.finditer(text):
        if _is_postal(match.group()):
            yield finding(Kind.ADDRESS, text, match.start(), match.end())


def _streets(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_STREET, _SMALL_STREET, _BOX):
        for match in pattern.finditer(text):
            if pattern is _BOX or not _NOT_STREET.fullmatch(match.group().split()[0]):
                yield match


def _is_postal(raw: str) -> bool:
    town = raw.lstrip("SE- 0123456789\u00a0\n\t")
    return not _NOT_TOWN.match(town)
