"""What the generated sentences are made from: a few public numbers at a time, and the fixed words of the document."""

from __future__ import annotations

from dataclasses import dataclass

ENOUGH_FOR_PERCENT = 20
"""Of fewer than that, a hundredth part means nothing."""


def percent(number: int, total: int) -> int:
    """Whole hundredths; never 0 or 100 for what is neither none nor all."""
    rounded = (200 * number + total) // (2 * total)
    return min(max(rounded, 1), 99) if 0 < number < total else rounded


@dataclass(frozen=True, slots=True)
class Top:
    """Who has most of those that are told: names that share the number, out of `total` when that is told."""

    names: tuple[str, ...]
    number: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """`value` of `of`; None is hidden."""

    value: int | None
    of: int | None

    @property
    def percent(self) -> int | None:
        """None where it is hidden, and of too few."""
        if self.value is None or self.of is None or self.of < ENOUGH_FOR_PERCENT:
            return None
        return percent(self.value, self.of)


@dataclass(frozen=True, slots=True)
class Spread:
    """Days: half were done within `median`, nine of ten within `nine_of_ten`; None is not told."""

    median: float | None
    nine_of_ten: int | None


@dataclass(frozen=True, slots=True)
class Words:
    """Fixed words of the document: facts, headings of columns, what a hidden number means."""

    title: str
    federation: str
    edition: str
    draft: str
    diary_number: str
    cut_off: str
    approved: str
    approved_by_on: str
    checksum: str
    hidden: str
    hidden_note: str
    merged_note: str
    number: str
    year: str
    month: str
    organisation: str
    reporting: str
    concerned: str
    theme: str
    municipality: str
    activity: str
    within: str
    answered: str
    unanswered: str
    median: str
    nine_of_ten: str
    inside: str
    same_day: str
    fault: str
    status: str
    action_type: str
    action: str
    judgement: str
    commitment: str
    fulfilment: str
    comment: str
    measure: str
    definition: str
    clock: str
    version: str
    received_this_year: str
    received_last_year: str
    median_days: str
    measures_caption: str
    actions_caption: str
    goals_caption: str
    goals_definition: str
    within_caption: str
    who_let_go: str
    who_should_catch: str
    clocks: dict[str, str]
    fulfilments: dict[str, str]
    of: str
    of_in_percent: str
    less_than: str
    days_one: str
    days_many: str
