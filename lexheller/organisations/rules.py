"""Periods and substitutes as plain calculations: who is written to, where nobody is responsible, which half-year.

Pure: no clock, no database. Days are calendar days in Sweden, and both ends of a period belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

CONFIRM_AFTER = timedelta(days=182)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`last` None: until further notice."""

    first: date
    last: date | None

    def overlaps(self, other: Period) -> bool:
        return (self.last is None or other.first <= self.last) and (other.last is None or self.first <= other.last)


class Replaces(Protocol):
    """A substitution: whoever writes to `absent_email` writes to `email`."""

    @property
    def absent_email(self) -> str: ...

    @property
    def email(self) -> str: ...


Replacement = TypeVar("Replacement", bound=Replaces)


def last_in_chain(email: str, by_absent: Mapping[str, Replacement]) -> Replacement | None:
    """Who stands in for the address, followed to the end: a substitute may be away too. None: nobody stands in.

    A ring (A stands in for B, B for A) ends before the address that it began with, so that somebody is written to.
    """
    found: Replacement | None = None
    passed = {email}
    while (step := by_absent.get(found.email if found else email)) is not None and step.email not in passed:
        passed.add(step.email)
        found = step
    return found


def covered_by(email: str, substitutions: Iterable[Replaces]) -> set[str]:
    """The addresses that this one stands in for, directly or through others; never itself."""
    by_substitute: dict[str, set[str]] = {}
    for row in substitutions:
        by_substitute.setdefault(row.email, set()).add(row.absent_email)
    found: set[str] = set()
    waiting = [email]
    while waiting:
        new = by_substitute.get(waiting.pop(), set()) - found - {email}
        found |= new
        waiting += new
    return found


def gaps(periods: Sequence[Period], on: date) -> list[Period]:
    """The stretches without anybody, from `on` and forwards; the last one may be without end."""
    missing: list[Period] = []
    day: date | None = on
    for period in sorted(periods, key=lambda found: found.first):
        if day is None or (period.last is not None and period.last < day):
            continue
        if period.first > day:
            missing.append(Period(day, period.first - ONE_DAY))
        day = period.last + ONE_DAY if period.last else None
    if day is not None:
        missing.append(Period(day, None))
    return missing


def half_year(day: date) -> str:
    """`2026-1` from January to June, `2026-2` after that."""
    return f"{day.year}-{1 if day.month <= 6 else 2}"


def confirmation_due(valid_from: date, confirmed_on: date | None, asked_on: date | None, on: date) -> bool:
    """Whether half a year has passed since the person came, confirmed, or was asked."""
    newest = max(day for day in (valid_from, confirmed_on, asked_on) if day is not None)
    return on - newest >= CONFIRM_AFTER
