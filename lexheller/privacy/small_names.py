"""Names written without capitals: "anna karlsson", "med fatima", and texts where nothing has a capital.

Only listed first names count here, since every other word is written small too."""

from lexheller.privacy import lexicon
from lexheller.privacy.lexicon import CUES
from lexheller.privacy.name_words import Word


def small_letters(listed: list[Word], at: int) -> int:
    """How many words a name without capitals takes at ``at``: "anna karlsson" 2, "med fatima" 1, no name 0."""
    word = listed[at]
    if word.capital or len(word.text) < 3 or word.low in CUES["verbs"]:
        return 0
    after = listed[at + 1] if at + 1 < len(listed) and listed[at + 1].joined else None
    if word.ambiguous and after is not None and after.low.endswith(("sson", "qvist", "kvist")):
        return 2
    if not word.first:
        return _told(listed, at) if word.ambiguous else 0
    if after is not None and _is_surname(word, after):
        return 2
    if word.low not in lexicon.FIRST and not (word.low.endswith("s") and _owns(listed, at)):
        return 0
    if len(word.text) < 4:
        return 0
    return (
        1
        if _led(listed, at) or _acts(listed, at) or _owns(listed, at) or _works(listed, at) or _paired(listed, at)
        else 0
    )


def _is_surname(word: Word, after: Word) -> bool:
    if after.barred or after.capital or len(after.low) < 3:
        return False
    return after.last or after.first or (word.low in lexicon.FIRST and after.low in lexicon.WEAK_LAST)


def _told(listed: list[Word], at: int) -> int:
    """An ambiguous name only where it is said to be one."""
    return 1 if at and listed[at].joined and listed[at - 1].low in ("heter", "hette") and len(listed[at].low) > 2 else 0


def _led(listed: list[Word], at: int) -> bool:
    before = listed[at - 1] if at else None
    return (
        before is not None and listed[at].joined and (before.low in CUES["titles"] or before.low in CUES["small_leads"])
    )


def _acts(listed: list[Word], at: int) -> bool:
    return listed[at].opens and at + 1 < len(listed) and listed[at + 1].joined and listed[at + 1].low in CUES["verbs"]


def _owns(listed: list[Word], at: int) -> bool:
    return at + 1 < len(listed) and listed[at + 1].joined and listed[at + 1].low in CUES["owned"]


def _works(listed: list[Word], at: int) -> bool:
    return at + 2 < len(listed) and listed[at + 1].joined and listed[at + 1].low in CUES["at_work"]


def _paired(listed: list[Word], at: int) -> bool:
    """ "ahmed och sara": two listed names keep each other company."""
    return any(
        0 <= other < len(listed) and listed[(at + other) // 2].low == "och" and listed[other].low in lexicon.FIRST
        for other in (at - 2, at + 2)
    )
