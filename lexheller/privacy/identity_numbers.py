"""Swedish personal identity numbers and coordination numbers in every spelling.

A number is a date (day + 60 in a coordination number) with a serial and a Luhn check digit (Skatteverket,
SKV 704 and SKV 707). Interim numbers (a letter first in the serial) count; the reserve numbers of single regions
and numbers with a wrong check digit do not."""

import calendar
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import luhn

from lexheller.privacy.digit_groups import ANY_GROUP, DECIMAL_GROUP, FANCY_GROUP, Gap, Group, gap, groups
from lexheller.privacy.kinds import Certainty, Finding, Kind, finding, without_overlaps
from lexheller.privacy.number_context import (
    is_announced_as_else,
    is_announced_as_identity,
    is_explained_as_identity,
    is_mobile_among_phones,
    is_stamp,
)

_FIRST_YEAR, _LAST_YEAR = 1890, 2099
_PAIR_BREAKS = {0, 2, 4, 6, 8}
_UUID_TAIL = re.compile(r"-[0-9a-f]{4}-[0-9a-f]", re.IGNORECASE)
_INTERIM = re.compile(
    r"(?<![\d.])((?:[0-9]{2})?[0-9]{6})\s?[-+\u2010-\u2015]\s?[JKLMNRSTUWX]([0-9]{3})(?!\w)", re.IGNORECASE
)
_WITH_LETTERS = re.compile(r"(?<!\w)(?:[12][09Oo])?[0-9OolI]{6}[-+]?[0-9OolI]{4}(?!\w)")
_LETTERS_TO_DIGITS = str.maketrans("OolI", "0011")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5][05]")


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring digit groups with ten or twelve digits. ``breaks`` holds gaps by position in YYMMDDNNNN."""

    start: int
    end: int
    digits: str
    parts: tuple[str, ...]
    breaks: dict[int, Gap]
    left: Gap | None
    left_digits: str
    right: Gap | None
    right_digits: str


def is_identity_number(digits: str) -> bool:
    """Ten or twelve ASCII digits: real date, known century, right check digit."""
    short = digits[-10:]
    if short[2] > "1":
        return False
    month, day = int(short[2:4]), int(short[4:6])
    day = day - 60 if day > 60 else day
    years = [int(digits[:4])] if len(digits) == 12 else [1900 + int(short[:2]), 2000 + int(short[:2])]
    return (
        any(_FIRST_YEAR <= year <= _LAST_YEAR and _is_date(year, month, day) for year in years)
        and short[6:] != "0000"
        and bool(luhn.is_valid(short))
    )


def _is_date(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _windows(text: str, pattern: re.Pattern[str]) -> Iterator[_Window]:
    """Every run of neighbouring groups whose digits together make a valid number."""
    found = groups(text, pattern)
    gaps = [gap(text, left, right) for left, right in itertools.pairwise(found)]
    for first in range(len(found)):
        count = 0
        for last in range(first, min(first + 12, len(found))):
            if last > first and gaps[last - 1] is None:
                break
            count += len(found[last].digits)
            if count > 12:
                break
            digits = "".join(group.digits for group in found[first : last + 1]) if count in (10, 12) else ""
            if digits and is_identity_number(digits):
                yield _window(found, gaps, first, last)


def _window(found: list[Group], gaps: list[Gap | None], first: int, last: int) -> _Window:
    parts = tuple(group.digits for group in found[first : last + 1])
    digits = "".join(parts)
    position, breaks = 10 - len(digits), {}
    for index in range(first, last):
        position += len(found[index].digits)
        between = gaps[index]
        if between is not None:
            breaks[position] = between
    left = gaps[first - 1] if first else None
    right = gaps[last] if last + 1 < len(found) else None
    return _Window(
        found[first].start,
        found[last].end,
        digits,
        parts,
        breaks,
        left,
        found[first - 1].digits if first else "",
        right,
        found[last + 1].digits if right else "",
    )


def _spelled_like_one(window: _Window) -> bool:
    breaks, main = window.breaks, window.breaks.get(6)
    if not breaks or set(breaks) == {6}:
        return True
    if all(len(part) == 1 for part in window.parts):
        return len({between.kind for place, between in breaks.items() if place != 6}) == 1
    if any(between.kind in ("mark", "comma", "bracket", "words") for place, between in breaks.items() if place != 6):
        return False
    if not _date_agrees(breaks):
        return False
    odd = [between for place, between in breaks.items() if place not in _PAIR_BREAKS]
    if odd:
        others = [between for place, between in breaks.items() if place != 6]
        dashed = main is not None and main.kind in ("dash", "plus")
        wrapped = len(odd) == 1 and odd[0].newline and odd[0].kind in ("space", "dash")
        return wrapped or (dashed and all(between.kind == "space" for between in others))
    return _pairs_agree(breaks, main)


def _date_agrees(breaks: dict[int, Gap]) -> bool:
    """Year, month and day are parted alike; only a space, a dash or a line break may part them once."""
    kinds = [breaks[place].kind for place in (2, 4) if place in breaks and not breaks[place].newline]
    if len(kinds) == 2:
        return kinds[0] == kinds[1]
    if set(breaks) <= {0, 4} and "dash" in kinds:
        return False
    return not (kinds and len([place for place in (2, 4) if place in breaks]) == 1) or kinds[0] in ("space", "dash")


def _pairs_agree(breaks: dict[int, Gap], main: Gap | None) -> bool:
    last_pair = breaks.get(8)
    if last_pair is None:
        return True
    if main is None:
        return last_pair.newline
    if last_pair.kind == "space":
        return True
    date = [between.kind for place, between in breaks.items() if place in (2, 4)]
    if not date or any(kind != last_pair.kind for kind in date):
        return False
    return main.kind == last_pair.kind or (main.kind in ("dash", "plus") and last_pair.kind != "dash")


def _is_something_else(text: str, window: _Window) -> bool:
    main = window.breaks.get(6)
    return (
        (main is not None and main.kind == "comma" and not is_announced_as_identity(text, window.start))
        or _in_date_range(window)
        or _in_row_of_fours(window)
        or _is_timestamp(window)
        or _is_decimal(window)
        or bool(_UUID_TAIL.match(text, window.end))
        or (_stamp_shaped(window) and is_stamp(text, window.start, window.digits))
        or ((main is None or main.kind not in ("dash", "plus")) and _is_announced_as_else(text, window))
    )


def _in_date_range(window: _Window) -> bool:
    """2024-01-15 - 2024-02-15: what looks like the serial is the year of the next date."""
    right, last = window.right, window.parts[-1]
    return (
        right is not None
        and right.tight
        and right.kind in ("dash", "dot", "slash")
        and len(last) == 4
        and last[:2] in ("19", "20")
        and len(window.right_digits) <= 2
        and len(window.breaks) >= 2
    )


def _in_row_of_fours(window: _Window) -> bool:
    """Card numbers and account numbers are written four by four."""
    right = window.right
    if not window.breaks or any(len(part) != 4 for part in window.parts[1:]):
        return False
    if right is not None and right.kind == "space" and len(window.right_digits) == 4:
        return True
    if len(window.parts[0]) != 4:
        return False
    return (window.left is not None and len(window.left_digits) == 4) or (
        right is not None and right.kind == "space" and 1 <= len(window.right_digits) <= 4
    )


def _stamp_shaped(window: _Window) -> bool:
    kinds = {place: between.kind for place, between in window.breaks.items()}
    return not kinds or kinds == {2: "dash", 4: "dash", 6: "space"}


def _is_timestamp(window: _Window) -> bool:
    """2024-03-05 1015: a dashed recent date, a space, a time of day in steps of five minutes."""
    recent = len(window.digits) == 12 and window.digits >= "2010"
    return recent and bool(window.breaks) and _stamp_shaped(window) and bool(_CLOCK.fullmatch(window.digits[8:]))


def _is_decimal(window: _Window) -> bool:
    """57.8507099805 is a coordinate."""
    if not window.breaks:
        left = window.left
        return left is not None and left.kind == "dot" and left.tight and len(window.left_digits) <= 3
    return set(window.breaks) == {0} and window.breaks[0].kind == "dot" and window.breaks[0].tight


def _is_announced_as_else(text: str, window: _Window) -> bool:
    """Words, a country code or the dash after a dialling code say that ten digits are something else."""
    if len(window.digits) == 12 or is_explained_as_identity(text, window.end):
        return False
    if window.digits[0] == "0":
        signs = [place for place, between in window.breaks.items() if between.kind != "space"]
        if signs in ([2], [4]) or (not signs and set(window.breaks) == {4, 6, 8}):
            return True
    if is_announced_as_else(text, window.start, window.digits):
        return True
    return not window.breaks and is_mobile_among_phones(text, window.start, window.end, window.digits)


def _interim(text: str) -> Iterator[Finding]:
    """850709-T805: a letter in place of the first serial digit counts as 1 in the check."""
    for match in _INTERIM.finditer(text):
        digits = match[1] + "1" + match[2]
        if is_identity_number(digits):
            yield finding(Kind.PERSONAL_IDENTITY_NUMBER, text, match.start(), match.end(), Certainty.STOP)


def _misread(text: str) -> Iterator[Finding]:
    """Letter O for zero, l or I for one, as typed or read by a machine; at least seven true digits."""
    for match in _WITH_LETTERS.finditer(text):
        raw = match.group()
        digits = "".join(sign for sign in raw.translate(_LETTERS_TO_DIGITS) if sign.isdigit())
        if sum(sign.isdigit() for sign in raw) >= 7 and not raw.isdigit() and is_identity_number(digits):
            yield finding(Kind.PERSONAL_IDENTITY_NUMBER, text, match.start(), match.end(), Certainty.STOP)


def find(text: str) -> list[Finding]:
    """Every identity and coordination number, certainty ``stop``, ordered by start."""
    accepted = [
        window
        for pattern in (DECIMAL_GROUP, FANCY_GROUP, ANY_GROUP)
        for window in _windows(text, pattern)
        if is_identity_number(window.digits) and _spelled_like_one(window) and not _is_something_else(text, window)
    ]
    accepted.sort(key=lambda window: (-len(window.digits), len(window.breaks), window.start))
    return without_overlaps(
        [
            *(finding(Kind.PERSONAL_IDENTITY_NUMBER, text, each.start, each.end, Certainty.STOP) for each in accepted),
            *_interim(text),
            *_misread(text),
        ]
    )
