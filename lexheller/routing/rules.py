"""Which unit a report goes to, and why: the federation's routing rules tried in order.

A pure decision over ids. Stops there: reading rules and responsible managers from the database, opening the
duty and telling somebody belong to the service.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

NoMatchReason = Literal["no_rule", "nobody_responsible", "organisation_unknown"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the report says about where it belongs; None is "not known".

    `unit_id` is the unit that it names, `activity_id` the funded activity that it comes from.
    """

    organisation_id: int | None
    municipality_id: int | None
    theme_id: int | None
    unit_id: int | None = None
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Sends what fits to `unit_id`. A condition that is None fits anything, the unknown too."""

    id: int
    position: int
    unit_id: int
    organisation_id: int | None = None
    municipality_id: int | None = None
    theme_id: int | None = None
    named_unit_id: int | None = None
    activity_id: int | None = None

    @property
    def conditions(self) -> tuple[tuple[str, int], ...]:
        """The conditions that are set, by name, in the order that words and reasons use."""
        every = (
            ("organisation", self.organisation_id),
            ("unit", self.named_unit_id),
            ("municipality", self.municipality_id),
            ("theme", self.theme_id),
            ("activity", self.activity_id),
        )
        return tuple((name, wanted) for name, wanted in every if wanted is not None)


@dataclass(frozen=True, slots=True)
class Decision:
    """The unit chosen and why.

    `rule_id` is None when the report itself named the unit. `matched` names the facts that decided, in the
    order organisation, unit, municipality, theme, activity. `skipped_rule_ids` are the rules that fitted
    before this one but whose unit nobody answers for.

    `fallback` is True when the choice is a second best that the coordinator may want to look at: an earlier
    choice (a rule's unit, or the unit the report named) had nobody responsible; or the rule set no condition
    at all; or nothing but the organisation, though the report stated municipality or theme.
    """

    unit_id: int
    rule_id: int | None
    matched: tuple[str, ...]
    fallback: bool
    skipped_rule_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NoMatch:
    """No unit could be chosen: the report belongs in the unrouted queue (P4).

    `nobody_responsible`: a rule fitted, or the report named a unit, but nobody answers there;
    `skipped_rule_id` is the first such rule, None if only the named unit was at fault.
    `organisation_unknown`: no rule fitted, and the report does not say which organisation it concerns.
    `no_rule`: the organisation is known, but no rule fitted.
    """

    reason: NoMatchReason
    skipped_rule_id: int | None = None


def decide(rules: Sequence[Rule], facts: Facts, *, answerable_units: Container[int]) -> Decision | NoMatch:
    """Choose the unit: by a rule about the unit that the report named, else that unit, else the first rule that fits.

    Rules are tried by position, then id, whatever order they are given in. A unit that is not in `answerable_units`
    is passed over for the next that fits.
    """
    fitting = [rule for rule in in_order(rules) if fits(rule, facts)]
    skipped: list[int] = []
    for rule in (rule for rule in fitting if rule.named_unit_id is not None):
        if rule.unit_id in answerable_units:
            return _by_rule(rule, facts, skipped, passed_over=bool(skipped))
        skipped.append(rule.id)
    if facts.unit_id is not None and facts.unit_id in answerable_units:
        return Decision(facts.unit_id, None, ("unit",), fallback=bool(skipped), skipped_rule_ids=tuple(skipped))
    for rule in (rule for rule in fitting if rule.named_unit_id is None):
        if rule.unit_id in answerable_units:
            return _by_rule(rule, facts, skipped, passed_over=bool(skipped) or facts.unit_id is not None)
        skipped.append(rule.id)
    return _no_match(facts, skipped)


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """By position; the older first where two have the same."""
    return sorted(rules, key=lambda rule: (rule.position, rule.id))


def fits(rule: Rule, facts: Facts) -> bool:
    """Whether every condition of the rule holds. One never holds for what is not known."""
    known = {
        "organisation": facts.organisation_id,
        "unit": facts.unit_id,
        "municipality": facts.municipality_id,
        "theme": facts.theme_id,
        "activity": facts.activity_id,
    }
    return all(wanted == known[name] for name, wanted in rule.conditions)


def _by_rule(rule: Rule, facts: Facts, skipped: Sequence[int], *, passed_over: bool) -> Decision:
    return Decision(
        unit_id=rule.unit_id,
        rule_id=rule.id,
        matched=tuple(name for name, _ in rule.conditions),
        fallback=passed_over or _is_general(rule, facts),
        skipped_rule_ids=tuple(skipped),
    )


def _is_general(rule: Rule, facts: Facts) -> bool:
    if any(name != "organisation" for name, _ in rule.conditions):
        return False
    stated = facts.municipality_id is not None or facts.theme_id is not None
    return stated or rule.organisation_id is None


def _no_match(facts: Facts, skipped: Sequence[int]) -> NoMatch:
    if skipped or facts.unit_id is not None:
        return NoMatch("nobody_responsible", skipped[0] if skipped else None)
    if facts.organisation_id is None:
        return NoMatch("organisation_unknown")
    return NoMatch("no_rule")
