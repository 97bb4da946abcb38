"""Names as people write them: keys, matching in spite of capitals and spaces, and Swedish order. Pure."""

from __future__ import annotations

import re
import unicodedata

_SWEDISH = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e", "ü": "u"})
_ORDER = {"å": "z1", "ä": "z2", "æ": "z2", "ö": "z3", "ø": "z3"}


def key_of(name: str) -> str:
    """A stable lower-case ASCII key: `Jönköpings kommun` → `jonkopings-kommun`."""
    plain = unicodedata.normalize("NFC", name).casefold().translate(_SWEDISH)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def folded(name: str) -> str:
    """For comparing names: capitals, accents' composition, doubled spaces and final full stops do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()).rstrip(".")


def swedish_order(name: str) -> str:
    """A sort key that puts å, ä, ö last, in that order."""
    return "".join(_ORDER.get(letter, letter) for letter in unicodedata.normalize("NFC", name).casefold())
