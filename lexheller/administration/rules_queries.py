"""Past reports that a draft is tried on, in a fixed number of queries however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.administration.rules_trial import PastCase
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import visible
from lexheller.cases.states import DutyStatus
from lexheller.core.db import db
from lexheller.organisations.models import Organisation
from lexheller.routing.facts import facts_from


def past_cases(actor: Actor, federation_id: int, since: date, *, most: int) -> tuple[Sequence[PastCase], bool]:
    """The newest cases that the actor may see, received on `since` or later; and whether there were more than `most`.

    The facts are those of today: what the office has found out since is counted in.
    """
    wanted = visible(actor, federation_id).where(Case.received_on >= since)
    rows = db.session.execute(
        wanted.outerjoin(Organisation, Organisation.id == Case.reporting_organisation_id)
        .with_only_columns(
            Case.id,
            Case.number,
            Case.received_on,
            Case.concerned_organisation_id,
            Case.municipality_id,
            Case.theme_id,
            Case.concerned_unit_id,
            Case.reporting_organisation_id,
            Organisation.kind,
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(most + 1)
    ).all()
    answered = _answered_by(federation_id, since)
    cases = [
        PastCase(
            id=row.id,
            number=row.number,
            received_on=row.received_on,
            facts=facts_from(
                concerned_organisation_id=row.concerned_organisation_id,
                municipality_id=row.municipality_id,
                theme_id=row.theme_id,
                concerned_unit_id=row.concerned_unit_id,
                reporting_organisation_id=row.reporting_organisation_id,
                reporting_kind=row.kind,
            ),
            answered_unit_id=answered.get(row.id),
        )
        for row in rows[:most]
    ]
    return cases, len(rows) > most


def _answered_by(federation_id: int, since: date) -> dict[int, int]:
    """The unit whose answer was the last, by case id."""
    query = (
        select(Duty.case_id, Duty.unit_id)
        .join(Case, Case.id == Duty.case_id)
        .where(
            Duty.federation_id == federation_id,
            Duty.status == DutyStatus.ANSWERED,
            Case.received_on >= since,
        )
        .order_by(Duty.ended_at, Duty.id)
    )
    return {row.case_id: row.unit_id for row in db.session.execute(query)}
