"""The facts that a year's figures are counted from: which cases, how they stood, and what things are called.

Stops at reading: counting is `figures`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from lexheller.actions.models import Action, ActionType
from lexheller.cases.fact_models import CaseFact
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.organisations.models import Municipality, Organisation, OrganisationKind, Theme
from lexheller.statistics.courses import Course, course
from lexheller.statistics.milestones import Standing, standing
from lexheller.statistics.models import ActionFact, FaultFact

Labels = Mapping[int, tuple[str, str]]
"""Key and name by id."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case's fact, and how it stood on the day that is counted by."""

    fact: CaseFact
    now: Standing


@dataclass(frozen=True, slots=True)
class SeenFault:
    """A fault's fact, and how it stood on that day."""

    fact: FaultFact
    now: Course


@dataclass(frozen=True, slots=True)
class SeenAction:
    """An action's fact, and how it stood on that day."""

    fact: ActionFact
    now: Course


@dataclass(frozen=True, slots=True)
class Names:
    organisations: Labels
    activities: Labels
    municipalities: Labels
    themes: Labels


def received_between(federation_id: int, first: date, last: date, day: date) -> list[Seen]:
    """Cases received from `first` to `last`, both counted, in order of receipt, as they stood on `day`."""
    query = select(CaseFact).where(CaseFact.federation_id == federation_id, CaseFact.received_on.between(first, last))
    return _seen(query, day)


def alive_in(federation_id: int, first: date, last: date) -> list[Seen]:
    """Cases that were open at some time from `first` to `last`, or to which something happened then, as on `last`."""
    query = select(CaseFact).where(
        CaseFact.federation_id == federation_id,
        CaseFact.received_on <= last,
        or_(CaseFact.touched_on >= first, CaseFact.closed_on.is_(None)),
    )
    return _seen(query, last)


def received_per_year(federation_id: int) -> dict[int, int]:
    """How many came in each calendar year; years without any are missing."""
    query = select(CaseFact.received_on, func.count(CaseFact.case_id)).where(CaseFact.federation_id == federation_id)
    years: dict[int, int] = {}
    for received_on, count in db.session.execute(query.group_by(CaseFact.received_on)):
        years[received_on.year] = years.get(received_on.year, 0) + count
    return dict(sorted(years.items()))


def numbers_per_year(federation_id: int, until: int) -> dict[int, tuple[str, ...]]:
    """The diary numbers of each calendar year up to `until`, in order of receipt; years without any are missing."""
    query = select(CaseFact.received_on, CaseFact.number).where(
        CaseFact.federation_id == federation_id, CaseFact.received_on <= date(until, 12, 31)
    )
    years: dict[int, list[str]] = {}
    for received_on, number in db.session.execute(query.order_by(CaseFact.received_on, CaseFact.case_id)):
        years.setdefault(received_on.year, []).append(number)
    return {year: tuple(numbers) for year, numbers in years.items()}


def numbers_of(federation_id: int, case_ids: Collection[int]) -> dict[int, str]:
    """The diary numbers of cases, disposed of or not, by id."""
    query = select(CaseFact.case_id, CaseFact.number).where(
        CaseFact.federation_id == federation_id, CaseFact.case_id.in_(case_ids)
    )
    return {row.case_id: row.number for row in db.session.execute(query)}


def faults_at(federation_id: int, day: date) -> list[SeenFault]:
    """The federation's faults, disposed of or not, as they stood at the end of `day`, by age."""
    query = select(FaultFact).where(FaultFact.federation_id == federation_id)
    facts = db.session.scalars(query.order_by(FaultFact.opened_on, FaultFact.fault_id))
    return [SeenFault(fact, course(fact.milestones, day)) for fact in facts]


def actions_at(federation_id: int, day: date) -> list[SeenAction]:
    """The federation's actions, likewise; those that were not there yet have no status."""
    query = select(ActionFact).where(ActionFact.federation_id == federation_id)
    facts = db.session.scalars(query.order_by(ActionFact.action_id))
    return [SeenAction(fact, course(fact.milestones, day)) for fact in facts]


def titles_of(federation_id: int, fault_ids: Collection[int]) -> dict[int, str]:
    """What the faults are called, of those that have not been disposed of."""
    query = select(Fault.id, Fault.title).where(Fault.federation_id == federation_id, Fault.id.in_(fault_ids))
    return {row.id: row.title for row in db.session.execute(query)}


def descriptions_of(federation_id: int, action_ids: Collection[int]) -> dict[int, str]:
    """What was done, of those actions that have not been disposed of: what was to be done where nobody wrote more."""
    query = select(Action.id, Action.done_what, Action.description).where(
        Action.federation_id == federation_id, Action.id.in_(action_ids)
    )
    return {row.id: row.done_what.strip() or row.description for row in db.session.execute(query)}


def action_types(federation_id: int) -> dict[str, str]:
    """What the types of actions are called now, those out of use too, by key."""
    query = select(ActionType.key, ActionType.label).where(ActionType.federation_id == federation_id)
    return {row.key: row.label for row in db.session.execute(query)}


def names(federation_id: int) -> Names:
    """What the organisations, municipalities and themes are called now, those out of use too."""
    organisations = list(db.session.scalars(select(Organisation)))
    themes = select(Theme).where(Theme.federation_id == federation_id)
    return Names(
        organisations={row.id: (row.key, row.name) for row in organisations},
        activities={row.id: (row.key, row.name) for row in organisations if row.kind == OrganisationKind.ACTIVITY},
        municipalities={row.id: (row.key, row.name) for row in db.session.scalars(select(Municipality))},
        themes={row.id: (row.key, row.label) for row in db.session.scalars(themes)},
    )


def _seen(query: Select[CaseFact], day: date) -> list[Seen]:
    facts = db.session.scalars(query.order_by(CaseFact.received_on, CaseFact.case_id))
    return [Seen(fact, standing(fact.milestones, day)) for fact in facts]
