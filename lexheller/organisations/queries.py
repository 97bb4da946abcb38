"""Reading federations and their parts. Nothing here is secret; what a viewer may do with it is decided above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

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
    StandardText,
    Substitution,
    Theme,
    Unit,
)
from lexheller.organisations.names import folded, swedish_order
from lexheller.organisations.rules import covered_by, last_in_chain
from lexheller.organisations.texts import address


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is written to about a unit. `id` is a ResponsibleManager's or a Substitution's, as `type` says; `manager_id`
    is the manager whom a substitute stands in for, or the manager.
    """

    type: Literal["manager", "substitute"]
    id: int
    manager_id: int
    name: str
    email: str


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


def managers_with(email: str, federation_id: int, on: date) -> list[ResponsibleManager]:
    """Responsible managers of that day or later whose address, or whose superior's, it is."""
    query = select(ResponsibleManager).where(
        ResponsibleManager.federation_id == federation_id,
        or_(ResponsibleManager.email == email, ResponsibleManager.superior_email == email),
        or_(ResponsibleManager.valid_to.is_(None), ResponsibleManager.valid_to >= on),
    )
    return list(db.session.scalars(query.order_by(ResponsibleManager.id)))


def substitutions_by(email: str, federation_id: int, on: date) -> list[Substitution]:
    """The periods, of that day or later, in which the address stands in for somebody."""
    query = select(Substitution).where(
        Substitution.federation_id == federation_id,
        Substitution.email == email,
        Substitution.active.is_(True),
        Substitution.to_on >= on,
    )
    return list(db.session.scalars(query.order_by(Substitution.id)))


def answerable_unit_ids(federation_id: int, on: date) -> set[int]:
    """Units in use that somebody is responsible for on the day."""
    query = (
        select(Unit.id)
        .join(ResponsibleManager, ResponsibleManager.unit_id == Unit.id)
        .where(Unit.federation_id == federation_id, Unit.active.is_(True), _valid(on))
    )
    return set(db.session.scalars(query))


def contacts_for_unit(unit_id: int, on: date) -> list[Contact]:
    """Who is written to about the unit on the day: each manager, or the substitute of one who is away; none twice."""
    found: dict[str, Contact] = {}
    away: dict[str, Substitution] | None = None
    for manager in responsible_managers(unit_id, on):
        if away is None:
            away = _substitutions_by_absent(manager.federation_id, on)
        instead = last_in_chain(manager.email, away)
        contact = (
            Contact("substitute", instead.id, manager.id, instead.name, instead.email)
            if instead
            else Contact("manager", manager.id, manager.id, manager.name, manager.email)
        )
        found.setdefault(contact.email, contact)
    return list(found.values())


def substitute_for(federation_id: int, email: str, on: date) -> Substitution | None:
    """Whom to write to on the day instead of this address, followed to the end of the chain; None: write to it."""
    return last_in_chain(address(email), _substitutions_by_absent(federation_id, on))


def unit_ids_managed_by(email: str, on: date) -> set[int]:
    """Units, in any federation, that the person with this address answers for on the day, also instead of others."""
    own = address(email)
    wanted = [ResponsibleManager.email == own]
    by_federation: dict[int, list[Substitution]] = {}
    for row in db.session.scalars(select(Substitution).where(_runs(on), _same_federations(own, on))):
        by_federation.setdefault(row.federation_id, []).append(row)
    for federation_id, rows in by_federation.items():
        others = covered_by(own, rows)
        if others:
            in_federation = ResponsibleManager.federation_id == federation_id
            wanted.append(and_(in_federation, ResponsibleManager.email.in_(others)))
    query = select(ResponsibleManager.unit_id).where(or_(*wanted), _valid(on))
    return set(db.session.scalars(query))


def standard_texts(federation_id: int, step: str, theme_id: int | None = None) -> list[StandardText]:
    """Texts in use at the step: the theme's own first, then those for any theme."""
    query = select(StandardText).where(
        StandardText.federation_id == federation_id,
        StandardText.step == step,
        StandardText.active.is_(True),
        or_(StandardText.theme_id.is_(None), StandardText.theme_id == theme_id),
    )
    found = db.session.scalars(query.order_by(StandardText.position, StandardText.id))
    return sorted(found, key=lambda text: text.theme_id is None)


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


def _runs(on: date) -> ColumnElement[bool]:
    return and_(Substitution.active.is_(True), Substitution.from_on <= on, Substitution.to_on >= on)


def _same_federations(email: str, on: date) -> ColumnElement[bool]:
    """Only federations where the address stands in for somebody on the day: others need not be read."""
    standing_in = select(Substitution.federation_id).where(Substitution.email == email, _runs(on))
    return Substitution.federation_id.in_(standing_in)


def _substitutions_by_absent(federation_id: int, on: date) -> dict[str, Substitution]:
    """Where an address should have two substitutes on one day, the one that was written down last."""
    query = select(Substitution).where(Substitution.federation_id == federation_id, _runs(on))
    return {row.absent_email: row for row in db.session.scalars(query.order_by(Substitution.id))}
