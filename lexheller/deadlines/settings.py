"""What a federation has decided about time: its values, their defaults and their limits. Pure.

Stops at values: the row they stand in is `deadlines.models`, changing them `deadlines.service`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import time
from itertools import pairwise
from typing import Any

from lexheller.core.errors import InvalidInput

MOST_ESCALATIONS = 3
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_WHOLE_NUMBERS: Mapping[str, tuple[int, int]] = {
    "acknowledge_days": (1, 100),
    "answer_days": (1, 250),
    "extension_days": (0, 100),
    "most_extensions": (0, 10),
    "remind_before_days": (0, 100),
    "not_solved_days": (0, 365),
    "follow_up_weeks": (1, 52),
    "link_days": (1, 365),
}
_CLOCKS = ("quiet_from", "quiet_to", "digest_at")


@dataclass(frozen=True, slots=True)
class Settings:
    """One federation's terms. Days are working days, but `not_solved_days` and `link_days`, which are calendar days.

    `remind_before_days` 0 means no reminder. `extension_days` is the most that a manager may add, `most_extensions`
    how often. Clock times are Swedish; quiet from 18:00 to 07:00 reaches over the night.
    """

    acknowledge_days: int = 3
    answer_days: int = 20
    extension_days: int = 10
    most_extensions: int = 1
    remind_before_days: int = 3
    escalate_after_days: tuple[int, ...] = (5, 10, 15)
    quiet_from: str = "18:00"
    quiet_to: str = "07:00"
    digest_at: str = "08:00"
    not_solved_days: int = 30
    follow_up_weeks: int = 8
    link_days: int = 60

    def as_values(self) -> dict[str, Any]:
        """By field name, as they are stored."""
        return {**asdict(self), "escalate_after_days": list(self.escalate_after_days)}


DEFAULTS = Settings()
FIELDS = tuple(field.name for field in fields(Settings))


def at_clock(text: str) -> time:
    """`07:30` as a time of day. Raises ValueError for anything else."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"not a time of day: {text[:10]!r}")
    return time(int(match[1]), int(match[2]))


def is_quiet_clock(moment: time, quiet_from: time, quiet_to: time) -> bool:
    """Whether the time of day lies in the quiet hours; the same time twice means that there are none."""
    if quiet_from <= quiet_to:
        return quiet_from <= moment < quiet_to
    return moment >= quiet_from or moment < quiet_to


def checked(before: Settings, values: Mapping[str, Any]) -> Settings:
    """`before` with the values changed. Raises InvalidInput by field: `unknown`, `whole_number`, `too_small`,
    `too_large`, `clock`, `in_order` (escalations must rise), `too_many`, `in_quiet_hours`.
    """
    for name in values:
        if name not in FIELDS:
            raise InvalidInput(name, "unknown")
    taken: dict[str, Any] = {name: _checked_value(name, value) for name, value in values.items()}
    after = replace(before, **taken)
    if is_quiet_clock(at_clock(after.digest_at), at_clock(after.quiet_from), at_clock(after.quiet_to)):
        raise InvalidInput("digest_at", "in_quiet_hours")
    return after


def _checked_value(name: str, value: Any) -> Any:
    if name in _CLOCKS:
        return _checked_clock(name, value)
    if name == "escalate_after_days":
        return _checked_escalations(name, value)
    lowest, highest = _WHOLE_NUMBERS[name]
    return _checked_number(name, value, lowest, highest)


def _checked_number(name: str, value: Any, lowest: int, highest: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput(name, "whole_number")
    if value < lowest:
        raise InvalidInput(name, "too_small")
    if value > highest:
        raise InvalidInput(name, "too_large")
    return value


def _checked_clock(name: str, value: Any) -> str:
    if not isinstance(value, str) or _CLOCK.fullmatch(value) is None:
        raise InvalidInput(name, "clock")
    return value


def _checked_escalations(name: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(name, "whole_number")
    days = tuple(_checked_number(name, each, 1, 250) for each in value)
    if len(days) > MOST_ESCALATIONS:
        raise InvalidInput(name, "too_many")
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise InvalidInput(name, "in_order")
    return days
