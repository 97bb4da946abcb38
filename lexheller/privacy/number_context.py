"""What the text around a run of digits says it is: a telephone, an account, a time. It never reads the digits' date.

In doubt the answer is no, so that a real identity number is stopped even in odd company."""

import re

_PHONE_WORDS = r"tel|telefon\w*|tfn|tlf|mobil\w*|mob|ring\w*|nås|nå|sms\w*|fax|växel\w*|direktn\w*|whatsapp|swish\w*"
_OTHER_WORDS = (
    r"ocr\w*|faktura\w*|bankgiro\w*|plusgiro\w*|bg|pg|iban|konto\w*|clearing\w*|referens\w*|ref|order\w*"
    r"|dnr|diarie\w*|ärende(?:nr|nummer|id)|artikel\w*|serie\w*|version\w*|ver|build|imei|ean|kolli\w*"
)
_TAIL = r"[\s.:#=(]*$"
_NUMBER_OF = re.compile(rf"\b(?:{_OTHER_WORDS})(?:\s*(?:nr|nummer|är))?{_TAIL}", re.IGNORECASE)
_CALL = re.compile(
    rf"\b(?:{_PHONE_WORDS})(?:\s+(?:på|är|till|honom|henne|hen|mig|nr|nummer|via))*{_TAIL}", re.IGNORECASE
)
_NEAR_PHONE = re.compile(rf"\b(?:{_PHONE_WORDS})\b", re.IGNORECASE)
_IDENTITY = re.compile(
    r"person\w*(?:nr|nummer)|\bp-?n\w?r\b|samordningsn|född|\bf\.|\bf[öo]d|\bid\b|identitet", re.IGNORECASE
)
_IDENTITY_AFTER = re.compile(
    r"\A[\s(,:–-]*(?:(?:är|som är)\s+)?(?:\w+s\s+)?(?:person\w*(?:nr|nummer)|p-?n\w?r\b|samordningsn)", re.IGNORECASE
)
_WHOSE = re.compile(
    rf"(?P<called>\b(?:{_PHONE_WORDS})\s+)?"
    r"\b(?:son(?:en)?|dotter(?:n)?|barn(?:et)?|pojken|flickan|elev(?:en)?|ungdom(?:en)?|deltagar(?:e|en)|klient(?:en)?"
    r"|patient(?:en)?|brukar(?:e|en)|sökande(?:n)?|kund(?:en)?|person(?:en)?)[\s(:,]*\Z",
    re.IGNORECASE,
)
_ANOTHER_PHONE = re.compile(r"(?<!\d)(?:\+46\s?7|07)[02369](?:[\s\-]?\d){7}(?!\d)")
_ABROAD = re.compile(r"(?:\+|00)\s?46[\s\-(0)]*$")
_TIME_WORDS = re.compile(
    r"(?:\bkl\b|klockan|\btid\w*|datum|logg\w*|\blog|skapad\w*|ändrad\w*|senast|export\w*|backup|säkerhetskopi\w*|utskri\w*"
    r"|\bimg|\bscan|skärm\w*|screenshot|stämpel|timestamp|uppdater\w*|inloggn\w*|körning\w*|batch)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_MOBILE = re.compile(r"07[02369]")


def is_announced_as_else(text: str, start: int, digits: str) -> bool:
    """Right before ``start`` stands a word for accounts or invoices, a country code, or, before 0…, for telephones."""
    before = text[max(0, start - 40) : start]
    if _NUMBER_OF.search(before) or _ABROAD.search(before):
        return True
    return digits[0] == "0" and bool(_CALL.search(before))


def is_explained_as_identity(text: str, end: int) -> bool:
    """Right after ``end`` stands that it was a number for identity: "…, hennes personnummer"."""
    return bool(_IDENTITY_AFTER.match(text[end : end + 40]))


def is_announced_as_identity(text: str, start: int) -> bool:
    """A word for identity numbers or birth stands shortly before ``start``."""
    return bool(_IDENTITY.search(text[max(0, start - 25) : start]))


def is_mobile_among_phones(text: str, start: int, end: int, digits: str) -> bool:
    """A bare 07… with a word for telephones near it or beside another mobile number, and no word for identity.

    "om sonen 07…" is about somebody, whoever is called; "ring sonen 07…" is not.
    """
    if len(digits) != 10 or not _MOBILE.match(digits):
        return False
    before, after = text[max(0, start - 40) : start], text[end : end + 30]
    whose = _WHOSE.search(before)
    if _IDENTITY.search(before) or (whose and not whose["called"]):
        return False
    return bool(
        _NEAR_PHONE.search(before)
        or _NEAR_PHONE.search(after[:20])
        or _ANOTHER_PHONE.search(before)
        or _ANOTHER_PHONE.search(after)
    )


def is_stamp(text: str, start: int, digits: str) -> bool:
    """Twelve digits from 2015 on that end in a time of day, right after a word for time, log or export."""
    if len(digits) != 12 or not "2015" <= digits[:4] <= "2099" or not _CLOCK.fullmatch(digits[8:]):
        return False
    before = text[max(0, start - 25) : start]
    return bool(_TIME_WORDS.search(before)) and not _IDENTITY.search(before)
