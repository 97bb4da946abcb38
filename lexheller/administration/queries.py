"""What the settings pages show: the register with who is responsible when, its history, and what needs a look.

Everything is of the one federation that is asked for; whether the viewer may see it is the access mark's (P17).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lexheller.cases.models import Duty
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.organisations.models import (
    ClosedDay,
    Organisation,
    RegisterChange,
    ResponsibleManager,
    StandardText,
    Substitution,
    Theme,
    Unit,
)
from lexheller.organisations.names import folded, swedish_order
from lexheller.organisations.rules import CONFIRM_AFTER, Period, gaps
from lexheller.routing.models import RoutingRule
from lexheller.routing.queries import rows_of, set_in_use

Row = TypeVar("Row")

ENDING_SOON = timedelta(days=7)
MOST_CHANGES = 50
MOST_DUTIES = 10


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the list, with who answers for it today."""

    unit: Unit
    managers: tuple[ResponsibleManager, ...]


@dataclass(frozen=True, slots=True)
class OrganisationLines:
    organisation: Organisation
    units: list[UnitLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Responsible:
    """A unit's managers by when; `missing` are stretches from today on without anybody, the endless one last."""

    now: list[ResponsibleManager]
    coming: list[ResponsibleManager]
    earlier: list[ResponsibleManager]
    missing: list[Period]


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody should look at on the overview."""

    without_manager: list[Unit]
    doubted: list[ResponsibleManager]
    unconfirmed: list[ResponsibleManager]
    ending: list[Substitution]

    @property
    def nothing(self) -> bool:
        return not (self.without_manager or self.doubted or self.unconfirmed or self.ending)


def unit_of(federation_id: int, unit_id: int) -> Unit:
    """In use or retired. Raises NotAllowedToSee."""
    query = select(Unit).where(Unit.id == unit_id, Unit.federation_id == federation_id)
    return _found(db.session.scalar(query.options(joinedload(Unit.organisation))), "unit")


def manager_of(unit: Unit, manager_id: int) -> ResponsibleManager:
    query = select(ResponsibleManager).where(ResponsibleManager.id == manager_id, ResponsibleManager.unit_id == unit.id)
    return _found(db.session.scalar(query), "responsible_manager")


def substitution_of(federation_id: int, substitution_id: int) -> Substitution:
    query = select(Substitution).where(Substitution.id == substitution_id, Substitution.federation_id == federation_id)
    return _found(db.session.scalar(query), "substitution")


def theme_of(federation_id: int, theme_id: int) -> Theme:
    query = select(Theme).where(Theme.id == theme_id, Theme.federation_id == federation_id)
    return _found(db.session.scalar(query), "theme")


def text_of(federation_id: int, text_id: int) -> StandardText:
    query = select(StandardText).where(StandardText.id == text_id, StandardText.federation_id == federation_id)
    return _found(db.session.scalar(query), "standard_text")


def closed_day_of(federation_id: int, closed_day_id: int) -> ClosedDay:
    query = select(ClosedDay).where(ClosedDay.id == closed_day_id, ClosedDay.federation_id == federation_id)
    return _found(db.session.scalar(query), "closed_day")


def closed_days_from(federation_id: int, first: date, last: date) -> list[ClosedDay]:
    query = select(ClosedDay).where(ClosedDay.federation_id == federation_id, ClosedDay.day.between(first, last))
    return list(db.session.scalars(query.order_by(ClosedDay.day)))


def units_by_organisation(federation_id: int, *, active: bool, words: str = "") -> list[OrganisationLines]:
    """In Swedish order; with words, those where unit, organisation or manager has them all."""
    query = select(Unit).where(Unit.federation_id == federation_id, Unit.active.is_(active))
    by_unit = _managers_by_unit(federation_id, clock.today())
    wanted = folded(words).split()
    groups: dict[int, OrganisationLines] = {}
    for unit in db.session.scalars(query.options(joinedload(Unit.organisation))):
        managers = tuple(by_unit.get(unit.id, ()))
        told = folded(" ".join([unit.name, unit.organisation.name, *(f"{one.name} {one.email}" for one in managers)]))
        if all(word in told for word in wanted):
            group = groups.setdefault(unit.organisation_id, OrganisationLines(unit.organisation))
            group.units.append(UnitLine(unit, managers))
    for group in groups.values():
        group.units.sort(key=lambda line: (swedish_order(line.unit.name), line.unit.id))
    return sorted(groups.values(), key=lambda group: swedish_order(group.organisation.name))


def responsible(unit: Unit) -> Responsible:
    today = clock.today()
    query = select(ResponsibleManager).where(ResponsibleManager.unit_id == unit.id)
    rows = list(db.session.scalars(query.order_by(ResponsibleManager.valid_from, ResponsibleManager.id)))
    ended = [row for row in rows if row.valid_to is not None and row.valid_to < today]
    coming = [row for row in rows if row.valid_from > today]
    return Responsible(
        now=[row for row in rows if row not in ended and row not in coming],
        coming=coming,
        earlier=list(reversed(ended)),
        missing=gaps([Period(row.valid_from, row.valid_to) for row in rows], today),
    )


def substitutions(federation_id: int, *, emails: set[str] | None = None) -> list[Substitution]:
    """Those that run or are to come; with `emails`, only instead of these addresses."""
    query = select(Substitution).where(
        Substitution.federation_id == federation_id,
        Substitution.active.is_(True),
        Substitution.to_on >= clock.today(),
    )
    if emails is not None:
        query = query.where(Substitution.absent_email.in_(emails))
    return list(db.session.scalars(query.order_by(Substitution.from_on, Substitution.id)))


def people_who_can_be_away(federation_id: int) -> dict[str, str]:
    """Names by address: managers of today or to come, and their superiors."""
    query = select(ResponsibleManager).where(ResponsibleManager.federation_id == federation_id)
    found: dict[str, str] = {}
    for row in db.session.scalars(query.order_by(ResponsibleManager.id)):
        if row.valid_to is None or row.valid_to >= clock.today():
            found[row.email] = row.name
            if row.superior_email:
                found.setdefault(row.superior_email, row.superior_name or row.superior_email)
    return dict(sorted(found.items(), key=lambda item: swedish_order(item[1])))


def themes_of(federation_id: int, *, active: bool) -> list[Theme]:
    query = select(Theme).where(Theme.federation_id == federation_id, Theme.active.is_(active))
    return list(db.session.scalars(query.order_by(Theme.position, Theme.id)))


def texts_of(federation_id: int, *, active: bool) -> list[StandardText]:
    query = select(StandardText).where(StandardText.federation_id == federation_id, StandardText.active.is_(active))
    query = query.options(joinedload(StandardText.theme))
    return list(db.session.scalars(query.order_by(StandardText.position, StandardText.id)))


def changes(
    federation_id: int, *, unit_id: int | None = None, subject_types: Sequence[str] = ()
) -> list[RegisterChange]:
    """Newest first: of one unit with its managers, or of some kinds of things."""
    query = select(RegisterChange).where(RegisterChange.federation_id == federation_id)
    if unit_id is not None:
        query = query.where(RegisterChange.unit_id == unit_id)
    if subject_types:
        query = query.where(RegisterChange.subject_type.in_(subject_types))
    return list(db.session.scalars(query.order_by(RegisterChange.id.desc()).limit(MOST_CHANGES)))


def latest_change(federation_id: int) -> RegisterChange | None:
    query = select(RegisterChange).where(RegisterChange.federation_id == federation_id)
    return db.session.scalar(query.order_by(RegisterChange.id.desc()).limit(1))


def latest_duties(unit: Unit) -> list[Duty]:
    """What the unit handled lately, newest first."""
    query = select(Duty).where(Duty.unit_id == unit.id, Duty.federation_id == unit.federation_id)
    return list(db.session.scalars(query.options(joinedload(Duty.case)).order_by(Duty.id.desc()).limit(MOST_DUTIES)))


def open_duties(unit: Unit) -> int:
    query = select(func.count(Duty.id)).where(Duty.unit_id == unit.id, Duty.ended_at.is_(None))
    return db.session.scalar(query) or 0


def ruled_unit_ids(federation_id: int) -> set[int]:
    """Units that a rule in use sends to, or asks about."""
    found: set[int] = set()
    for row in _rules(federation_id):
        found |= {unit_id for unit_id in (row.unit_id, row.concerned_unit_id) if unit_id is not None}
    return found


def ruled_theme_ids(federation_id: int) -> set[int]:
    return {row.theme_id for row in _rules(federation_id) if row.theme_id is not None}


def attention(federation_id: int) -> Attention:
    today = clock.today()
    by_unit = _managers_by_unit(federation_id, today)
    query = select(Unit).where(Unit.federation_id == federation_id, Unit.active.is_(True))
    units = list(db.session.scalars(query.options(joinedload(Unit.organisation))))
    managers = [row for unit in units for row in by_unit.get(unit.id, ())]
    return Attention(
        without_manager=sorted(
            (unit for unit in units if unit.id not in by_unit), key=lambda unit: swedish_order(unit.name)
        ),
        doubted=[row for row in managers if row.doubted_on is not None],
        unconfirmed=[
            row
            for row in managers
            if row.doubted_on is None and today - (row.confirmed_on or row.valid_from) >= CONFIRM_AFTER
        ],
        ending=[row for row in substitutions(federation_id) if row.to_on <= today + ENDING_SOON],
    )


def _rules(federation_id: int) -> list[RoutingRule]:
    in_use = set_in_use(federation_id)
    return rows_of(in_use.id) if in_use is not None else []


def _managers_by_unit(federation_id: int, on: date) -> dict[int, list[ResponsibleManager]]:
    query = select(ResponsibleManager).where(
        ResponsibleManager.federation_id == federation_id,
        ResponsibleManager.valid_from <= on,
        func.coalesce(ResponsibleManager.valid_to, on) >= on,
    )
    found: dict[int, list[ResponsibleManager]] = {}
    for row in db.session.scalars(query.options(joinedload(ResponsibleManager.unit)).order_by(ResponsibleManager.id)):
        found.setdefault(row.unit_id, []).append(row)
    return found


def _found(row: Row | None, what: str) -> Row:
    if row is None:
        raise NotAllowedToSee(what)
    return row
