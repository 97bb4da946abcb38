"""What routing looks at in a case: the one place where a case's columns become `Facts`."""

from __future__ import annotations

from lexheller.organisations.models import OrganisationKind
from lexheller.routing.rules import Facts


def facts_from(
    *,
    concerned_organisation_id: int | None,
    municipality_id: int | None,
    theme_id: int | None,
    concerned_unit_id: int | None,
    reporting_organisation_id: int | None,
    reporting_kind: str | None,
) -> Facts:
    """`reporting_kind` is the kind of the organisation that the report comes from: only an activity is a fact."""
    return Facts(
        organisation_id=concerned_organisation_id,
        municipality_id=municipality_id,
        theme_id=theme_id,
        unit_id=concerned_unit_id,
        activity_id=reporting_organisation_id if reporting_kind == OrganisationKind.ACTIVITY else None,
    )
