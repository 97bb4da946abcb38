"""What the yearly reports say when something is deleted: what waits for an edition, and that no figure changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import extract, or_, select

from lexheller.action_reports.compiling import compiled, hash_of
from lexheller.action_reports.models import Edition
from lexheller.cases.fact_models import CaseFact
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.organisations.queries import federation_of
from lexheller.statistics.models import ActionFact


def cases_of_unfrozen_years(federation_id: int) -> set[int]:
    """Cases received or closed in a year of which no report has been frozen."""
    frozen = select(Edition.year).where(Edition.federation_id == federation_id)
    query = select(Case.id).where(
        Case.federation_id == federation_id,
        or_(extract("year", Case.received_on).not_in(frozen), extract("year", Case.closed_on).not_in(frozen)),
    )
    return set(db.session.scalars(query))


def faults_of_unfrozen_years(federation_id: int) -> set[int]:
    """Faults that there were in a year of which no report has been frozen: every report names those of its year."""
    frozen = _frozen(federation_id)
    query = select(Fault.id, Fault.opened_on, Fault.ended_on).where(Fault.federation_id == federation_id)
    return {
        fault_id
        for fault_id, opened_on, ended_on in db.session.execute(query)
        if ended_on is None or not frozen.issuperset(range(opened_on.year, ended_on.year + 1))
    }


def actions_of_unfrozen_years(federation_id: int) -> set[int]:
    """Actions with which something happened in such a year, as their facts tell."""
    frozen = _frozen(federation_id)
    query = select(ActionFact.action_id, ActionFact.milestones).where(ActionFact.federation_id == federation_id)
    return {
        action_id
        for action_id, milestones in db.session.execute(query)
        if not frozen.issuperset(date.fromisoformat(day).year for day, *_what in milestones)
    }


def _frozen(federation_id: int) -> set[int]:
    return set(db.session.scalars(select(Edition.year).where(Edition.federation_id == federation_id)))


def figures_of_every_year(federation_id: int) -> str:
    """One hash over the report of each year that any case's fact tells of, as it would be compiled now.

    What faults and actions are called stands on their rows and in the editions alone, and is left out.
    """
    days = select(CaseFact.received_on, CaseFact.touched_on).where(CaseFact.federation_id == federation_id)
    told = [day.year for row in db.session.execute(days) for day in row]
    federation, whole = federation_of(federation_id), hashlib.sha256()
    for year in range(min(told, default=clock.local_year()), max(told, default=clock.local_year()) + 1):
        whole.update(hash_of(counted(compiled(federation, year))).encode())
    return whole.hexdigest()


def counted(report: Mapping[str, Any]) -> dict[str, Any]:
    """What is counted, listed and numbered in a report."""
    return {
        **{name: value for name, value in report.items() if name not in ("text", "hash")},
        "faults": [{**line, "title": None} for line in report["faults"]],
        "actions": [{**line, "text": None} for line in report["actions"]],
    }
