"""Reading federations and their parts. Nothing here is secret; what a viewer may do with it is decided above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from lexheller.core.db import db
from lexheller.organisations.models import (
    ClosedDay,
    Federation,
    Membership,
    Municipality,
    Organisation,
    ResponsibleManager,
    Theme,
    Unit,
)
from lexheller.organisations.names import folded, swedish_order


def federation_by_slug(slug: str) -> Federation | None:
    return db.session.scalar(select(Federation).where(Federation.slug == slug, Federation.active.is_(True)))


def federation_of(federation_id: int) -> Federation:
    return db.session.get_one(Federation, federation_id)


def federations() -> list[Federation]:
    found = db.session.scalars(select(Federation).where(Federation.active.is_(True)))
    return sorted(found, key=lambda federation: swedish_order(federation.name))


def organisations(federation_id: int) -> list[Organisation]:
    """Members and activities of the federation, in Swedish order."""
    query = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.federation_id == federation_id)
        .options(joinedload(Organisation.municipality))
    )
    return sorted(db.session.scalars(query), key=lambda organisation: swedish_order(organisation.name))


def municipalities(federation_id: int) -> list[Municipality]:
    """The municipalities whose own organisation is a member."""
    query = (
        select(Municipality)
        .join(Organisation, Organisation.municipality_id == Municipality.id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.federation_id == federation_id)
        .distinct()
    )
    return sorted(db.session.scalars(query), key=lambda municipality: swedish_order(municipality.name))


def municipality_names() -> dict[int, list[str]]:
    """The names of every federation's municipalities by federation id, in Swedish order, in one query."""
    query = (
        select(Membership.federation_id, Municipality.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Municipality, Municipality.id == Organisation.municipality_id)
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for federation_id, name in db.session.execute(query):
        found.setdefault(federation_id, []).append(name)
    return {federation_id: sorted(names, key=swedish_order) for federation_id, names in found.items()}


def themes(federation_id: int) -> list[Theme]:
    query = select(Theme).where(Theme.federation_id == federation_id, Theme.active.is_(True))
    return list(db.session.scalars(query.order_by(Theme.position, Theme.id)))


def units(federation_id: int) -> list[Unit]:
    """Units in use, by organisation and name."""
    query = select(Unit).where(Unit.federation_id == federation_id, Unit.active.is_(True))
    found = db.session.scalars(query.options(joinedload(Unit.organisation)))
    return sorted(found, key=lambda unit: (swedish_order(unit.organisation.name), swedish_order(unit.name)))


def unit_in(federation_id: int, unit_id: int) -> Unit | None:
    """The unit if it is in use and of this federation."""
    query = select(Unit).where(Unit.id == unit_id, Unit.federation_id == federation_id, Unit.active.is_(True))
    return db.session.scalar(query)


def responsible_managers(unit_id: int, on: date) -> list[ResponsibleManager]:
    query = select(ResponsibleManager).where(ResponsibleManager.unit_id == unit_id, _valid(on))
    return list(db.session.scalars(query.order_by(ResponsibleManager.id)))


def answerable_unit_ids(federation_id: int, on: date) -> set[int]:
    """Units in use that somebody is responsible for on the day."""
    query = (
        select(Unit.id)
        .join(ResponsibleManager, ResponsibleManager.unit_id == Unit.id)
        .where(Unit.federation_id == federation_id, Unit.active.is_(True), _valid(on))
    )
    return set(db.session.scalars(query))


def unit_ids_managed_by(email: str, on: date) -> set[int]:
    """Units, in any federation, that the person with this address is responsible for on the day."""
    query = select(ResponsibleManager.unit_id).where(ResponsibleManager.email == email, _valid(on))
    return set(db.session.scalars(query))


def closed_days(federation_id: int) -> dict[date, str]:
    query = select(ClosedDay).where(ClosedDay.federation_id == federation_id)
    return {closed.day: closed.note for closed in db.session.scalars(query)}


def find_by_name(candidates: Sequence[Organisation], written: str) -> Organisation | None:
    """The organisation that somebody meant by what they wrote; None if it is no known name."""
    wanted = folded(written)
    for organisation in candidates:
        if wanted in {folded(name) for name in known_names(organisation)}:
            return organisation
    return None


def known_names(organisation: Organisation) -> Iterable[str]:
    yield organisation.name
    yield from organisation.aliases


def _valid(on: date) -> ColumnElement[bool]:
    return and_(
        ResponsibleManager.valid_from <= on,
        or_(ResponsibleManager.valid_to.is_(None), ResponsibleManager.valid_to >= on),
    )
