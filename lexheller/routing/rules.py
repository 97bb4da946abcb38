"""Which unit a report goes to, and why: the federation's routing rules tried in order.

A pure decision over ids. Stops there: reading rules and responsible managers from the database, opening the
duty and telling somebody belong to the service.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal

NoMatchReason = Literal["no_rule", "nobody_responsible", "organisation_unknown"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the report says about where it belongs; None is "not known". `unit_id`: the unit it named."""

    organisation_id: int | None
    municipality_id: int | None
    theme_id: int | None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Sends what fits to `unit_id`. A condition that is None fits anything, the unknown too."""

    id: int
    position: int
    unit_id: int
    organisation_id: int | None = None
    municipality_id: int | None = None
    theme_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The unit chosen and why.

    `rule_id` is None when the report itself named the unit. `matched` names the facts that decided, in the
    order organisation, municipality, theme; or only "unit". `skipped_rule_ids` are the rules that fitted
    before this one but whose unit nobody answers for.

    `fallback` is True when the choice is a second best that the coordinator may want to look at:
    the unit the report named, or an earlier rule's unit, had nobody responsible; or the rule set no
    condition at all; or it set neither municipality nor theme though the report stated one of them.
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
    """Choose the unit: the one the report named if somebody answers there, else the first rule that fits.

    Rules are tried by position, then id, whatever order they are given in. A rule whose unit is not in
    `answerable_units` is passed over for the next that fits.
    """
    if facts.unit_id is not None and facts.unit_id in answerable_units:
        return Decision(facts.unit_id, rule_id=None, matched=("unit",), fallback=False)
    skipped: list[int] = []
    for rule in sorted(rules, key=lambda rule: (rule.position, rule.id)):
        if not _fits(rule, facts):
            continue
        if rule.unit_id in answerable_units:
            passed_over = bool(skipped) or facts.unit_id is not None
            return Decision(
                unit_id=rule.unit_id,
                rule_id=rule.id,
                matched=tuple(name for name, wanted, _ in _conditions(rule, facts) if wanted is not None),
                fallback=passed_over or _is_general(rule, facts),
                skipped_rule_ids=tuple(skipped),
            )
        skipped.append(rule.id)
    return _no_match(facts, skipped)


def _conditions(rule: Rule, facts: Facts) -> tuple[tuple[str, int | None, int | None], ...]:
    return (
        ("organisation", rule.organisation_id, facts.organisation_id),
        ("municipality", rule.municipality_id, facts.municipality_id),
        ("theme", rule.theme_id, facts.theme_id),
    )


def _fits(rule: Rule, facts: Facts) -> bool:
    return all(wanted is None or wanted == known for _, wanted, known in _conditions(rule, facts))


def _is_general(rule: Rule, facts: Facts) -> bool:
    if rule.municipality_id is not None or rule.theme_id is not None:
        return False
    stated = facts.municipality_id is not None or facts.theme_id is not None
    return stated or rule.organisation_id is None


def _no_match(facts: Facts, skipped: Sequence[int]) -> NoMatch:
    if skipped or facts.unit_id is not None:
        return NoMatch("nobody_responsible", skipped[0] if skipped else None)
    if facts.organisation_id is None:
        return NoMatch("organisation_unknown")
    return NoMatch("no_rule")
