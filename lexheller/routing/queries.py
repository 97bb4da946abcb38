"""Reading rule sets and their rules. Nothing here is secret; who may open the pages is decided above."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lexheller.core.db import db
from lexheller.organisations.models import Unit
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.rules import Rule, in_order
from lexheller.routing.states import RuleSetStatus


def set_in_use(federation_id: int) -> RuleSet | None:
    """The set that reports go by; None before the first was made."""
    return _the_one(federation_id, RuleSetStatus.IN_USE)


def draft_of(federation_id: int) -> RuleSet | None:
    """The set that is being worked on, if any."""
    return _the_one(federation_id, RuleSetStatus.DRAFT)


def set_by_version(federation_id: int, version: int) -> RuleSet | None:
    """A set that is, or has been, in use."""
    query = select(RuleSet).where(RuleSet.federation_id == federation_id, RuleSet.version == version)
    return db.session.scalar(query.options(joinedload(RuleSet.published_by)))


def published_sets(federation_id: int) -> list[RuleSet]:
    """Every set that is, or has been, in use; the newest first."""
    query = select(RuleSet).where(RuleSet.federation_id == federation_id, RuleSet.version.is_not(None))
    return list(db.session.scalars(query.options(joinedload(RuleSet.published_by)).order_by(RuleSet.version.desc())))


def rows_of(rule_set_id: int) -> list[RoutingRule]:
    """The set's rules in the order they are tried."""
    query = select(RoutingRule).where(RoutingRule.rule_set_id == rule_set_id)
    return list(db.session.scalars(query.order_by(RoutingRule.position)))


def rule_by_id(federation_id: int, rule_id: int) -> RoutingRule | None:
    query = select(RoutingRule).where(RoutingRule.id == rule_id, RoutingRule.federation_id == federation_id)
    return db.session.scalar(query)


def rules_of(rule_set_id: int) -> list[Rule]:
    """As `decide` wants them, in order."""
    return in_order(as_rule(row) for row in rows_of(rule_set_id))


def as_rule(row: RoutingRule) -> Rule:
    return Rule(
        id=row.id,
        position=row.position,
        unit_id=row.unit_id,
        organisation_id=row.organisation_id,
        municipality_id=row.municipality_id,
        theme_id=row.theme_id,
        named_unit_id=row.concerned_unit_id,
        activity_id=row.activity_id,
    )


def unit_ids_of(federation_id: int) -> set[int]:
    """Every unit of the federation, the retired too."""
    return set(db.session.scalars(select(Unit.id).where(Unit.federation_id == federation_id)))


def _the_one(federation_id: int, status: RuleSetStatus) -> RuleSet | None:
    query = select(RuleSet).where(RuleSet.federation_id == federation_id, RuleSet.status == status)
    return db.session.scalar(query.options(joinedload(RuleSet.published_by)))
