"""The lines that a year's figures are made of: each number with the cases behind it. Stops at shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lexheller.organisations.names import swedish_order

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Count:
    """One line of a list. `cases` are the diary numbers behind it, in order of receipt."""

    key: str
    label: str
    count: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Reports from one organisation about another; keys and labels."""

    reporting: tuple[str, str]
    concerned: tuple[str, str]
    count: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """`of` is the denominator, where the number is a part of something."""

    value: int
    of: int | None
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days. `count` cases had reached the end; one dated before its report (a slip) has no length.

    The median and the percentile are of `lengths` cases.
    """

    count: int
    lengths: int
    median: float | None
    nine_of_ten: int | None
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault that some of the year's reports belong to."""

    number: str
    title: str
    status: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action carried out in the year."""

    type_key: str
    type_label: str
    text: str
    action_on: date
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One case that something was counted of: what it is about now, in keys, and its `milestones` up to the cut-off."""

    number: str
    received_on: date
    reporting: str | None
    concerned: str | None
    municipality: str | None
    theme: str | None
    milestones: tuple[tuple[str, ...], ...]


def theme_year_key(theme: str, year: int | str) -> str:
    """The key of a theme's reports of one year."""
    return f"{theme}~{year}"


def largest_first(count: Count) -> tuple[bool, int, str, str]:
    """The key to sort by: the largest first, then in Swedish order; what is unknown last."""
    return (count.key == UNKNOWN, -count.count, swedish_order(count.label), count.key)
