"""The day a cell names, in the ways Swedish offices write days. Pure; never guesses between two readings.

Year first with hyphens (`2024-01-17`, `24-01-17`), day first with dots and slashes (`17.1.2024`, `17/1
2024`), month by name, the compact `20240117` and `240117`, and the bare serial number of a spreadsheet.
Every year is 2000-2099: coordination federations exist since 2004, so an older date is a slip or somebody's
birthday.
"""

import re
from datetime import date, timedelta

_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050
"""2000-01-01 and 2099-12-31, days since 1899-12-30."""

_TIME = r"(?:(?:t| |, | kl\.? ?)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?(?:z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(?P<y>(?:20)?\d\d)(?P<s>-|/|\.| )(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})" + _TIME, re.A)
_COMPACT = re.compile(r"(?P<y>(?:20)?\d\d)(?P<m>\d\d)(?P<d>\d\d)", re.A)
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2}) ?[./] ?(?P<m>\d{1,2})(?:[./] ?| ?- ?| )(?P<y>(?:20)?\d\d)" + _TIME, re.A)
_DAY_FIRST_HYPHENS = re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>20\d\d)" + _TIME, re.A)
_NAMED = re.compile(
    r"(?:[a-zåäö]{3,8},? )?(?:den )?(?P<d>\d{1,2})(?::[ea]|\.)?[ -]?"
    r"(?P<n>[a-z]{3,9})\.?,?[ -](?P<y>(?:20)?\d\d)" + _TIME,
    re.A,
)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d{1,12})?", re.A)
_MONTHS = (
    "januari january", "februari february", "mars march", "april", "maj may", "juni june", "juli july",
    "augusti august", "september", "oktober october", "november", "december",
)  # fmt: skip
_HYPHENS = str.maketrans("‐‑‒–—−", "------")
_LONGEST = 60


def parse_date(text: str) -> date | None:
    """The day, or None when the (cleaned) text names none. A time of day after it is left out."""
    plain = text.strip().casefold().translate(_HYPHENS)
    if not plain or len(plain) > _LONGEST:
        return None
    serial = _SERIAL.fullmatch(plain)
    if serial:
        return _from_serial(int(serial[1]))
    named = _NAMED.fullmatch(plain)
    if named:
        return _day(named["y"], _month(named["n"]), named["d"])
    for form in (_COMPACT, _YEAR_FIRST, _DAY_FIRST, _DAY_FIRST_HYPHENS):
        match = form.fullmatch(plain)
        if match and not (form is _YEAR_FIRST and len(match["y"]) == 2 and match["s"] != "-"):
            return _day(match["y"], int(match["m"]), match["d"])
    return None


def _day(year: str, month: int, day: str) -> date | None:
    try:
        return date(2000 + int(year[-2:]), month, int(day))
    except ValueError:
        return None


def _month(name: str) -> int:
    """1-12; 0 for a word that is no month. `jan` and `sept` will do."""
    for number, names in enumerate(_MONTHS, start=1):
        if any(full.startswith(name) for full in names.split()):
            return number
    return 0


def _from_serial(days: int) -> date | None:
    return _EPOCH + timedelta(days=days) if _FIRST_SERIAL <= days <= _LAST_SERIAL else None
