"""Which unit should answer, and why, by the federation's rules in use. Opens no duty: that is `casework`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lexheller.accounts.rights import Actor
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.organisations.queries import answerable_unit_ids
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.rules import Decision, Facts, NoMatch, Rule, decide


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`unit_id` None: nobody fits. `why` is stored with the duty or the event: ids and codes, no words."""

    unit_id: int | None
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RuleDraft:
    unit_id: int
    organisation_id: int | None = None
    municipality_id: int | None = None
    theme_id: int | None = None


def suggest_unit(federation_id: int, facts: Facts) -> Suggestion:
    """What the rules in use say today of these facts."""
    in_use = _set_in_use(federation_id)
    rules = _rules_of(in_use.id) if in_use else []
    decision = decide(rules, facts, answerable_units=answerable_unit_ids(federation_id, clock.today()))
    version = in_use.version if in_use else 0
    match decision:
        case Decision():
            return Suggestion(
                decision.unit_id,
                {
                    "rule_id": decision.rule_id,
                    "version": version,
                    "matched": list(decision.matched),
                    "fallback": decision.fallback,
                },
            )
        case NoMatch():
            return Suggestion(
                None,
                {"reason": str(decision.reason), "version": version, "skipped": decision.skipped_rule_id},
            )


def replace_rules(actor: Actor, federation_id: int, drafts: Sequence[RuleDraft]) -> RuleSet:
    """Put a new version of the whole set in use; the old ones stay for the duties that name them."""
    newest = db.session.scalar(select(func.max(RuleSet.version)).where(RuleSet.federation_id == federation_id))
    rule_set = RuleSet(federation_id=federation_id, version=(newest or 0) + 1, made_at=clock.now())
    db.session.add(rule_set)
    db.session.flush()
    for position, draft in enumerate(drafts, start=1):
        db.session.add(
            RoutingRule(
                federation_id=federation_id,
                rule_set_id=rule_set.id,
                position=position,
                organisation_id=draft.organisation_id,
                municipality_id=draft.municipality_id,
                theme_id=draft.theme_id,
                unit_id=draft.unit_id,
            )
        )
    db.session.flush()
    record(
        actor,
        "routing.rules_replaced",
        federation_id=federation_id,
        subject_type="rule_set",
        subject_id=rule_set.id,
        data={"version": rule_set.version, "rules": len(drafts)},
    )
    return rule_set


def rule_by_id(federation_id: int, rule_id: int) -> RoutingRule | None:
    query = select(RoutingRule).where(RoutingRule.id == rule_id, RoutingRule.federation_id == federation_id)
    return db.session.scalar(query)


def _set_in_use(federation_id: int) -> RuleSet | None:
    query = select(RuleSet).where(RuleSet.federation_id == federation_id)
    return db.session.scalar(query.order_by(RuleSet.version.desc()).limit(1))


def _rules_of(rule_set_id: int) -> list[Rule]:
    rows = db.session.scalars(select(RoutingRule).where(RoutingRule.rule_set_id == rule_set_id))
    return [
        Rule(row.id, row.position, row.unit_id, row.organisation_id, row.municipality_id, row.theme_id) for row in rows
    ]
