"""What a rule may say: its parts must belong to the federation. Rules as they are given, and as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.organisations.models import OrganisationKind, Theme
from lexheller.organisations.queries import municipalities, organisations, units
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.queries import unit_ids_of


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a rule says: `unit_id` is where it sends, the others are conditions; None fits anything."""

    unit_id: int
    organisation_id: int | None = None
    municipality_id: int | None = None
    theme_id: int | None = None
    concerned_unit_id: int | None = None
    activity_id: int | None = None

    @classmethod
    def of(cls, row: RoutingRule) -> RuleDraft:
        return cls(
            unit_id=row.unit_id,
            organisation_id=row.organisation_id,
            municipality_id=row.municipality_id,
            theme_id=row.theme_id,
            concerned_unit_id=row.concerned_unit_id,
            activity_id=row.activity_id,
        )

    def ids(self) -> dict[str, int | None]:
        """Column by column; what an event holds of the rule too."""
        return asdict(self)


def refuse_foreign(federation_id: int, drafts: Sequence[RuleDraft], *, was: RuleDraft | None = None) -> None:
    """Raises InvalidInput naming the part that is not the federation's own. What already stood in `was` may stay."""
    members = organisations(federation_id)
    known: dict[str, set[int]] = {
        "unit_id": {unit.id for unit in units(federation_id)},
        "organisation_id": {member.id for member in members},
        "municipality_id": {place.id for place in municipalities(federation_id)},
        "theme_id": set(db.session.scalars(select(Theme.id).where(Theme.federation_id == federation_id))),
        "concerned_unit_id": unit_ids_of(federation_id),
        "activity_id": {member.id for member in members if member.kind == OrganisationKind.ACTIVITY},
    }
    stands: dict[str, Any] = was.ids() if was else {}
    for draft in drafts:
        for name, value in draft.ids().items():
            if value is not None and value not in known[name] and value != stands.get(name):
                raise InvalidInput(name.removesuffix("_id"), "not_of_the_federation")


def add_rows(rule_set: RuleSet, drafts: Sequence[RuleDraft], *, after: int = 0) -> list[RoutingRule]:
    """The rules as rows of the set, in the order given, after that many others."""
    rows = [
        RoutingRule(federation_id=rule_set.federation_id, rule_set_id=rule_set.id, position=position, **draft.ids())
        for position, draft in enumerate(drafts, start=after + 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows
