"""Which unit should answer, and why, by the federation's rules in use; and putting a whole set in use at once.

Opens no duty: that is `casework`. Changing rules one by one, in a draft, is `routing.drafts`.
"""

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
from lexheller.routing.contents import RuleDraft, add_rows, refuse_foreign
from lexheller.routing.models import RuleSet
from lexheller.routing.queries import rules_of, set_in_use
from lexheller.routing.rules import Decision, Facts, NoMatch, decide
from lexheller.routing.states import RuleSetStatus


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`unit_id` None: nobody fits. `why` is stored with the duty or the event: ids and codes, no words."""

    unit_id: int | None
    why: dict[str, Any]


def suggest_unit(federation_id: int, facts: Facts) -> Suggestion:
    """What the rules in use say today of these facts."""
    in_use = set_in_use(federation_id)
    rules = rules_of(in_use.id) if in_use else []
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
    """Put a new version of the whole set in use at once, without a draft; the old ones stay for the duties they led to.

    Raises InvalidInput for a unit, organisation, municipality or theme that is not the federation's.
    """
    refuse_foreign(federation_id, drafts)
    rule_set = RuleSet(federation_id=federation_id, made_at=clock.now())
    put_in_use(actor, rule_set, note="")
    add_rows(rule_set, drafts)
    record(
        actor,
        "routing.rules_replaced",
        federation_id=federation_id,
        subject_type="rule_set",
        subject_id=rule_set.id,
        data={"version": rule_set.version, "rules": len(drafts)},
    )
    return rule_set


def put_in_use(actor: Actor, rule_set: RuleSet, *, note: str) -> int | None:
    """The set becomes the next version, the one in use until now is past: its version is returned. No event."""
    before = set_in_use(rule_set.federation_id)
    newest = db.session.scalar(select(func.max(RuleSet.version)).where(RuleSet.federation_id == rule_set.federation_id))
    if before is not None:
        before.status = RuleSetStatus.PAST
        db.session.flush()
    rule_set.status = RuleSetStatus.IN_USE
    rule_set.version = (newest or 0) + 1
    rule_set.published_at, rule_set.published_by_user_id, rule_set.note = clock.now(), actor.user_id, note
    db.session.add(rule_set)
    db.session.flush()
    return before.version if before else None
