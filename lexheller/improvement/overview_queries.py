"""Counting for the overview: reports between organisations, themes over time, faults by age, actions by effect.

Counts stop at numbers per kind. A merged report stays counted, and so does one that was disposed of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from lexheller.actions.models import Action, FollowUp
from lexheller.actions.states import ActionStatus
from lexheller.cases.fact_models import CaseFact
from lexheller.cases.models import Case
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.improvement.overview_rules import Age, Cell, Period, age_of
from lexheller.organisations.models import Organisation, Theme


def between_whom(federation_id: int, period: Period) -> list[Cell]:
    """Reports by who reported and whom it concerned; a side that nobody knows has an empty name."""
    reporting, concerned = aliased(Organisation), aliased(Organisation)
    query = (
        select(reporting.name, concerned.name, reporting.id, concerned.id, func.count(CaseFact.case_id))
        .select_from(CaseFact)
        .outerjoin(reporting, reporting.id == CaseFact.reporting_organisation_id)
        .outerjoin(concerned, concerned.id == CaseFact.concerned_organisation_id)
        .where(CaseFact.federation_id == federation_id, CaseFact.received_on.between(period.first, period.last))
        .group_by(reporting.name, concerned.name, reporting.id, concerned.id)
    )
    found = [
        Cell((one or "", other or ""), (one_id, other_id), number)
        for one, other, one_id, other_id, number in db.session.execute(query)
    ]
    return sorted(found, key=lambda cell: (-cell.number, cell.names))


def by_theme(federation_id: int, periods: Sequence[Period]) -> list[tuple[Cell, list[int]]]:
    """Each theme's reports over all the periods together, and in each; the most frequent first."""
    columns = [func.sum(case((CaseFact.received_on.between(one.first, one.last), 1), else_=0)) for one in periods]
    query = (
        select(Theme.label, Theme.id, *columns)
        .select_from(CaseFact)
        .outerjoin(Theme, Theme.id == CaseFact.theme_id)
        .where(CaseFact.federation_id == federation_id)
        .where(CaseFact.received_on.between(periods[0].first, periods[-1].last))
        .group_by(Theme.label, Theme.id)
    )
    found = [
        (Cell((label or "",), (theme_id,), sum(numbers)), list(numbers))
        for label, theme_id, *numbers in db.session.execute(query)
    ]
    return sorted(found, key=lambda row: (-row[0].number, row[0].names))


def faults_by_status(federation_id: int, today: date) -> dict[str, Counter[Age]]:
    """How many faults stand in each status, by how long ago they were opened."""
    query = select(Fault.status, Fault.opened_on, func.count(Fault.id)).where(Fault.federation_id == federation_id)
    found: dict[str, Counter[Age]] = {}
    for status, opened_on, number in db.session.execute(query.group_by(Fault.status, Fault.opened_on)):
        found.setdefault(status, Counter())[age_of(opened_on, today)] += number
    return found


def judged_actions(federation_id: int) -> dict[str, int]:
    """Actions that are done by how their effect was judged; one that was judged twice counts under both, as the
    library finds it.
    """
    judged = (
        select(FollowUp.judgement, func.count(func.distinct(FollowUp.action_id)))
        .join(Action, Action.id == FollowUp.action_id)
        .where(
            FollowUp.federation_id == federation_id,
            FollowUp.judgement.is_not(None),
            Action.status == ActionStatus.DONE,
        )
    )
    return {str(judgement): number for judgement, number in db.session.execute(judged.group_by(FollowUp.judgement))}


def years_with_reports(federation_id: int) -> list[int]:
    """From the newest year to the oldest."""
    query = select(func.min(CaseFact.received_on), func.max(CaseFact.received_on)).where(
        CaseFact.federation_id == federation_id
    )
    first, last = db.session.execute(query).one()
    return list(range(last.year, first.year - 1, -1)) if first is not None else []


def has_disposed(federation_id: int, period: Period) -> bool:
    """Whether some of the reports that are counted are not there any longer."""
    query = (
        select(CaseFact.case_id)
        .outerjoin(Case, Case.id == CaseFact.case_id)
        .where(CaseFact.federation_id == federation_id, CaseFact.received_on.between(period.first, period.last))
        .where(Case.id.is_(None))
    )
    return db.session.scalar(query.limit(1)) is not None
