"""Trying a set of rules on past reports: where each would go, beside where it goes by the rules in use. Pure.

Figures only. Reading the reports is `rules_queries`, words are `rules_page`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lexheller.routing.rules import Decision, Facts, NoMatch, Rule, decide


class Change(StrEnum):
    """What the draft would do to a report, compared with the rules in use."""

    SAME = "same"
    OTHER_UNIT = "other_unit"
    TO_COORDINATOR = "to_coordinator"
    NOW_ROUTED = "now_routed"


@dataclass(frozen=True, slots=True)
class PastCase:
    """`answered_unit_id` is the unit that answered in the end, None where nobody has."""

    id: int
    number: str
    received_on: date
    facts: Facts
    answered_unit_id: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Unit ids; None is the coordinator's own queue. `rule_id` is the draft's rule, None when none decided."""

    case: PastCase
    before: int | None
    after: int | None
    rule_id: int | None

    @property
    def change(self) -> Change:
        if self.before == self.after:
            return Change.SAME
        if self.after is None:
            return Change.TO_COORDINATOR
        return Change.NOW_ROUTED if self.before is None else Change.OTHER_UNIT


@dataclass(frozen=True, slots=True)
class Trial:
    """`counts` has every kind of change. `caught`: by the draft's rule id, how many reports it would decide.

    Of the `answered` cases, `right_before` and `right_after` would have come at once to the unit that answered.
    """

    total: int
    counts: Mapping[Change, int]
    changed: Sequence[Outcome]
    caught: Mapping[int, int]
    answered: int
    right_before: int
    right_after: int


def try_rules(
    in_use: Sequence[Rule], draft: Sequence[Rule], cases: Iterable[PastCase], *, answerable_units: Container[int]
) -> Trial:
    """Both sets on the same cases, with the units that somebody answers for today; `changed` keeps the cases' order."""
    by_rules_in_use, by_draft = _decider(in_use, answerable_units), _decider(draft, answerable_units)
    outcomes = []
    for case in cases:
        before, after = by_rules_in_use(case.facts), by_draft(case.facts)
        rule_id = after.rule_id if isinstance(after, Decision) else None
        outcomes.append(Outcome(case, _unit(before), _unit(after), rule_id))
    answered = [outcome for outcome in outcomes if outcome.case.answered_unit_id is not None]
    return Trial(
        total=len(outcomes),
        counts={change: sum(outcome.change is change for outcome in outcomes) for change in Change},
        changed=[outcome for outcome in outcomes if outcome.change is not Change.SAME],
        caught={rule.id: sum(outcome.rule_id == rule.id for outcome in outcomes) for rule in draft},
        answered=len(answered),
        right_before=sum(outcome.before == outcome.case.answered_unit_id for outcome in answered),
        right_after=sum(outcome.after == outcome.case.answered_unit_id for outcome in answered),
    )


def _decider(rules: Sequence[Rule], answerable_units: Container[int]) -> Callable[[Facts], Decision | NoMatch]:
    """`decide`, asked once for each combination of facts: thousands of reports share a few hundred."""
    known: dict[Facts, Decision | NoMatch] = {}

    def ask(facts: Facts) -> Decision | NoMatch:
        if facts not in known:
            known[facts] = decide(rules, facts, answerable_units=answerable_units)
        return known[facts]

    return ask


def _unit(decision: Decision | NoMatch) -> int | None:
    return decision.unit_id if isinstance(decision, Decision) else None
