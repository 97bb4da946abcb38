"""Verbs of the register: units and who is responsible for them. Each leaves one event and one line of history.

Whether something above still needs a unit is asked by `administration.service` before it is retired. Substitutes are
in `substitutes`, themes, closed days and standard texts in `lists`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from lexheller.audit.service import Doer
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.organisations.changes import What, hold, write_down
from lexheller.organisations.models import RegisterChange, ResponsibleManager, Unit
from lexheller.organisations.names import folded
from lexheller.organisations.queries import municipalities, organisations
from lexheller.organisations.rules import ONE_DAY, Period
from lexheller.organisations.texts import address
from lexheller.privacy.refusal import refuse_identity_numbers

TELL_RESPONSIBLE_JOB = "casework.tell_responsible"
MORNING = time(8)


@dataclass(frozen=True, slots=True)
class ManagerDetails:
    """What is known of a responsible manager; addresses in any spelling. A superior is optional, and is an address."""

    name: str
    email: str
    superior_name: str | None = None
    superior_email: str | None = None

    def clean(self) -> dict[str, str | None]:
        """As stored. Raises InvalidInput for an identity number, or a superior without an address."""
        values = {name: (value or "").strip() or None for name, value in asdict(self).items()}
        refuse_identity_numbers(**values)
        for name in ("email", "superior_email"):
            values[name] = address(values[name] or "") or None
        if not values["name"] or not values["email"]:
            raise InvalidInput("email", "missing")
        if values["superior_name"] and not values["superior_email"]:
            raise InvalidInput("superior_email", "missing")
        if values["superior_email"] == values["email"]:
            raise InvalidInput("superior_email", "same_person")
        return values


def add_unit(
    actor: Doer,
    federation_id: int,
    *,
    organisation_id: int,
    name: str,
    municipality_id: int | None = None,
    note: str | None = None,
) -> Unit:
    """A new office of one of the federation's members. Raises InvalidInput (`name`, `taken`) for one that is there."""
    if organisation_id not in {row.id for row in organisations(federation_id)}:
        raise NotAllowedToSee("organisation")
    unit = Unit(
        federation_id=federation_id,
        organisation_id=organisation_id,
        **_unit_values(federation_id, organisation_id, name, municipality_id, note),
    )
    db.session.add(unit)
    db.session.flush()
    write_down(actor, What.UNIT_ADDED, unit, after=_unit_state(unit), note=note, unit_id=unit.id)
    return unit


def change_unit(
    actor: Doer,
    unit: Unit,
    *,
    name: str,
    municipality_id: int | None,
    note: str | None = None,
    seen: int | None = None,
) -> None:
    """A new name or place. An office never changes organisation: that is another office."""
    hold(unit, seen)
    values = _unit_values(unit.federation_id, unit.organisation_id, name, municipality_id, note, unit.id)
    before = _unit_state(unit)
    unit.name, unit.municipality_id = values["name"], values["municipality_id"]
    if _unit_state(unit) == before and not note:
        return
    db.session.flush()
    write_down(actor, What.UNIT_CHANGED, unit, before=before, after=_unit_state(unit), note=note, unit_id=unit.id)


def retire_unit(actor: Doer, unit: Unit, *, note: str | None = None) -> None:
    """No longer chosen or routed to; its history stays. Retired already, nothing changes."""
    _set_in_use(actor, unit, False, What.UNIT_RETIRED, note)


def take_back_unit(actor: Doer, unit: Unit, *, note: str | None = None) -> None:
    """In use again."""
    _set_in_use(actor, unit, True, What.UNIT_TAKEN_BACK, note)


def appoint_manager(
    actor: Doer,
    unit: Unit,
    details: ManagerDetails,
    *,
    valid_from: date,
    valid_to: date | None = None,
    replaces: ResponsibleManager | None = None,
    note: str | None = None,
) -> ResponsibleManager:
    """Somebody answers for the unit from the day on. Whom they replace answers until the day before.

    Raises InvalidInput: `valid_to` `before_start`; `email` `already_responsible` (the same person at the same time);
    `valid_from` `before_former` (the former one would end before they began).
    """
    hold(unit)
    refuse_identity_numbers(note=note)
    values = details.clean()
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput("valid_to", "before_start")
    last_day = valid_from - ONE_DAY
    if replaces is not None:
        if replaces.unit_id != unit.id:
            raise NotAllowedToSee("responsible_manager")
        hold(replaces)
        if last_day < replaces.valid_from:
            raise InvalidInput("valid_from", "before_former")
        if replaces.valid_to is not None:
            last_day = min(last_day, replaces.valid_to)
    leaves: dict[int, date | None] = {replaces.id: last_day} if replaces else {}
    _refuse_same_person(unit, str(values["email"]), Period(valid_from, valid_to), leaves)
    manager = ResponsibleManager(
        federation_id=unit.federation_id, unit_id=unit.id, valid_from=valid_from, valid_to=valid_to, **values
    )
    db.session.add(manager)
    former: dict[str, Any] = {}
    if replaces is not None:
        former = {"former_id": replaces.id, "former_name": replaces.name, "former_valid_to": last_day}
        replaces.valid_to = last_day
        replaces.doubted_on = None
    db.session.flush()
    after = {**_manager_state(manager), **former}
    change = write_down(actor, What.MANAGER_APPOINTED, manager, after=after, note=note, unit_id=unit.id)
    tell_responsible(change, unit.id, valid_from)
    return manager


def change_manager(
    actor: Doer,
    manager: ResponsibleManager,
    details: ManagerDetails,
    *,
    valid_from: date,
    valid_to: date | None,
    note: str | None = None,
    seen: int | None = None,
) -> None:
    """Correct what is known of the person or the days. For another person: `appoint_manager`. Raises as that one."""
    hold(manager, seen)
    refuse_identity_numbers(note=note)
    values = details.clean()
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput("valid_to", "before_start")
    unit = db.session.get_one(Unit, manager.unit_id)
    _refuse_same_person(unit, str(values["email"]), Period(valid_from, valid_to), {manager.id: None})
    before = _manager_state(manager)
    for name, value in values.items():
        setattr(manager, name, value)
    manager.valid_from, manager.valid_to = valid_from, valid_to
    after = _manager_state(manager)
    if before == after and not note:
        return
    db.session.flush()
    change = write_down(
        actor, What.MANAGER_CHANGED, manager, before=before, after=after, note=note, unit_id=manager.unit_id
    )
    if any(before[name] != after[name] for name in ("email", "valid_from", "valid_to")):
        tell_responsible(change, manager.unit_id, clock.today())


def end_manager(
    actor: Doer, manager: ResponsibleManager, *, last_day: date, note: str | None = None, seen: int | None = None
) -> None:
    """Responsible up to and including that day. Raises InvalidInput (`last_day`, `before_start`)."""
    hold(manager, seen)
    refuse_identity_numbers(note=note)
    if last_day < manager.valid_from:
        raise InvalidInput("last_day", "before_start")
    if manager.valid_to == last_day:
        return
    before = {"valid_to": manager.valid_to}
    manager.valid_to, manager.doubted_on = last_day, None
    db.session.flush()
    change = write_down(
        actor,
        What.MANAGER_ENDED,
        manager,
        before=before,
        after={"name": manager.name, "valid_to": last_day},
        note=note,
        unit_id=manager.unit_id,
    )
    tell_responsible(change, manager.unit_id, last_day + ONE_DAY)


def take_out_superior(actor: Doer, manager: ResponsibleManager, *, note: str | None = None) -> None:
    """Nobody stands above the manager until somebody is named: what is late goes to the office instead."""
    hold(manager)
    refuse_identity_numbers(note=note)
    before = {"superior_name": manager.superior_name, "superior_email": manager.superior_email}
    manager.superior_name = manager.superior_email = None
    db.session.flush()
    after = dict.fromkeys(before)
    write_down(actor, What.MANAGER_CHANGED, manager, before=before, after=after, note=note, unit_id=manager.unit_id)


def confirm_manager(actor: Doer, manager: ResponsibleManager, *, note: str | None = None) -> None:
    """It is still the same person. Told twice on one day it is one change."""
    hold(manager)
    refuse_identity_numbers(note=note)
    today = clock.today()
    if manager.confirmed_on == today and manager.doubted_on is None:
        return
    before = {"confirmed_on": manager.confirmed_on}
    manager.confirmed_on, manager.doubted_on = today, None
    db.session.flush()
    after = {"name": manager.name, "confirmed_on": today}
    write_down(actor, What.MANAGER_CONFIRMED, manager, before=before, after=after, note=note, unit_id=manager.unit_id)


def doubt_manager(actor: Doer, manager: ResponsibleManager, *, note: str | None = None) -> RegisterChange | None:
    """Somebody answered that it is another person now. None if that was known already."""
    hold(manager)
    refuse_identity_numbers(note=note)
    if manager.doubted_on is not None:
        return None
    manager.doubted_on = clock.today()
    db.session.flush()
    after = {"name": manager.name, "doubted_on": manager.doubted_on}
    return write_down(actor, What.MANAGER_DOUBTED, manager, after=after, note=note, unit_id=manager.unit_id)


def tell_responsible(change: RegisterChange, unit_id: int, from_day: date) -> None:
    """Ask for a look at the unit's open duties once the change has come into force: the right people hear of them."""
    jobs.ask_for(
        TELL_RESPONSIBLE_JOB,
        federation_id=change.federation_id,
        subject_id=unit_id,
        key=f"tell-responsible:{change.id}:{unit_id}:{from_day.isoformat()}",
        due_at=datetime.combine(from_day, MORNING, clock.SWEDEN) if from_day > clock.today() else None,
    )


def _set_in_use(actor: Doer, unit: Unit, active: bool, what: What, note: str | None) -> None:
    hold(unit)
    refuse_identity_numbers(note=note)
    if unit.active is active:
        return
    unit.active = active
    db.session.flush()
    write_down(actor, what, unit, note=note, unit_id=unit.id)


def _unit_values(
    federation_id: int,
    organisation_id: int,
    name: str,
    municipality_id: int | None,
    note: str | None,
    own_id: int | None = None,
) -> dict[str, Any]:
    name = " ".join(name.split())
    refuse_identity_numbers(name=name, note=note)
    if not name:
        raise InvalidInput("name", "missing")
    if municipality_id is not None and municipality_id not in {row.id for row in municipalities(federation_id)}:
        raise NotAllowedToSee("municipality")
    query = select(Unit).where(Unit.federation_id == federation_id, Unit.organisation_id == organisation_id)
    for other in db.session.scalars(query):
        same = folded(other.name) == folded(name) and other.municipality_id == municipality_id
        if same and other.id != own_id:
            raise InvalidInput("name", "taken")
    return {"name": name, "municipality_id": municipality_id}


def _refuse_same_person(unit: Unit, email: str, period: Period, leaves: dict[int, date | None]) -> None:
    """The same address twice at the same time. `leaves`: rows that end on a day, or, with None, do not count."""
    query = select(ResponsibleManager).where(ResponsibleManager.unit_id == unit.id, ResponsibleManager.email == email)
    for other in db.session.scalars(query):
        if other.id in leaves and leaves[other.id] is None:
            continue
        if Period(other.valid_from, leaves.get(other.id, other.valid_to)).overlaps(period):
            raise InvalidInput("email", "already_responsible")


def _unit_state(unit: Unit) -> dict[str, Any]:
    return {"name": unit.name, "municipality_id": unit.municipality_id}


def _manager_state(manager: ResponsibleManager) -> dict[str, Any]:
    names = ("name", "email", "superior_name", "superior_email", "valid_from", "valid_to")
    return {name: getattr(manager, name) for name in names}
