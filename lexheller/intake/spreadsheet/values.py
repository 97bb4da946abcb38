"""Cell texts made clean: one form of each letter, no control characters, no stray spaces.

HTML and formulas are text like any other and stay as they are. Stops at the text: which day it names is
`dates`, whether it may stay is `rows`.
"""

import re
import unicodedata

ERROR_TEXTS = frozenset(
    (
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
        *("#SAKNAS!", "#REFERENS!", "#VÄRDEFEL!", "#DIVISION/0!", "#NAMN?", "#SKÄRNING!", "#OGILTIGT!"),
    )
)
"""What a spreadsheet shows where a formula failed, in English and Swedish."""

_DASHES = frozenset(("-", "--", "–", "—", "―"))
_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_SPACES = re.compile(" {2,}")


def clean_text(text: str) -> str:
    """Free text: NFC, line breaks kept as `\\n`, other control and invisible characters gone, trimmed."""
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip()
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", "".join(map(_visible, _BREAKS.sub("\n", text))))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def clean_line(text: str) -> str:
    """A name, number or type: as `clean_text`, on one line."""
    return " ".join(clean_text(text).split())


def value_or_none(cleaned: str) -> str | None:
    """None for a cell that says nothing: empty, a dash, a failed formula."""
    return None if not cleaned or cleaned in _DASHES or cleaned.upper() in ERROR_TEXTS else cleaned


def readings(text: str) -> list[str]:
    """The forms in which a cell must be shown to the identity number scanner.

    As it stands and as it would be stored; with look-alike digits made plain; and with the leading zeros
    that a spreadsheet takes from the number of someone born in 2000-2009.
    """
    forms = [text, clean_text(text)]
    if not text.isascii():
        forms.append(clean_text(unicodedata.normalize("NFKC", text)))
    bare = forms[-1]
    if bare.isascii() and bare.isdigit() and 7 <= len(bare) <= 9:
        forms.append(bare.zfill(10))
    return list(dict.fromkeys(form for form in forms if form))


def _visible(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    return "" if category in ("Cc", "Cf", "Cs") else character
