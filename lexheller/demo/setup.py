"""Making the three demonstration federations: members, units, managers, rules, sign-ins. Empty of reports.

Called twice it changes nothing: a federation that is there is left as it is.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lexheller.accounts.models import User
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import create_user, grant_role
from lexheller.actions.models import ActionType
from lexheller.audit.service import record
from lexheller.core.db import db
from lexheller.demo import data
from lexheller.demo.register import furnish
from lexheller.organisations.models import (
    Federation,
    Membership,
    Municipality,
    Organisation,
    OrganisationKind,
    ResponsibleManager,
    Theme,
    Unit,
)
from lexheller.organisations.names import key_of
from lexheller.organisations.queries import federation_by_slug, federations
from lexheller.routing.contents import RuleDraft
from lexheller.routing.service import replace_rules

SINCE = date(2020, 1, 1)


class NotADemonstration(Exception):
    """The database is somebody's own: sign-ins with a known password have no place there."""


@dataclass(frozen=True, slots=True)
class SignInNote:
    """What the operator is told once: who, where, and the password."""

    federation: str
    role: str
    name: str
    email: str
    password: str


def make_federations(*, production: bool) -> list[SignInNote]:
    """Make what is missing. In production every sign-in gets a random password, told here and never again.

    Elsewhere the password is known to all, so a database with other federations in it is refused (NotADemonstration).
    """
    known = {wanted.slug for wanted in data.FEDERATIONS}
    if not production and any(federation.slug not in known for federation in federations()):
        raise NotADemonstration
    notes: list[SignInNote] = []
    for wanted in data.FEDERATIONS:
        if federation_by_slug(wanted.slug) is None:
            notes += _make(wanted, production=production)
    return notes


def known_sign_ins() -> list[SignInNote]:
    """The embedded demonstration's sign-ins, with the one password that they share."""
    return [
        SignInNote(wanted.name, role, name, data.address(part, wanted.slug), data.PASSWORD)
        for wanted in data.FEDERATIONS
        for role, name, part in _people(wanted)
    ]


def _make(wanted: data.DemoFederation, *, production: bool) -> list[SignInNote]:
    federation = Federation(slug=wanted.slug, name=wanted.name)
    db.session.add(federation)
    db.session.flush()
    organisations = _members(federation, wanted)
    themes = _lists(federation)
    units = _units(federation, wanted, organisations)
    notes = _people_with_accounts(federation, wanted, production=production)
    _managers(federation, wanted, units)
    furnish(federation)
    replace_rules(OPERATOR, federation.id, _rules(wanted, organisations, units, themes))
    record(
        OPERATOR,
        "federation.made",
        federation_id=federation.id,
        subject_type="federation",
        subject_id=federation.id,
        data={"members": len(organisations), "units": sum(len(group) for group in units.values())},
    )
    return notes


def _members(federation: Federation, wanted: data.DemoFederation) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    for key, name, aliases in (*data.STATE, data.REGION):
        kind = OrganisationKind.REGION if key == data.REGION[0] else OrganisationKind.STATE
        found[name] = _organisation(key, name, kind, list(aliases))
    for place in wanted.municipalities:
        name = data.MUNICIPALITY_ORGANISATIONS[place]
        other_names = [other for other in (place, f"{place} kommun", f"{place}s kommun") if other != name]
        found[name] = _organisation(
            key_of(name), name, OrganisationKind.MUNICIPALITY, other_names, _municipality(place)
        )
    for name in wanted.activities:
        found[name] = _organisation(key_of(name), name, OrganisationKind.ACTIVITY, [])
    for organisation in found.values():
        db.session.add(Membership(federation_id=federation.id, organisation_id=organisation.id))
    db.session.flush()
    return found


def _organisation(
    key: str, name: str, kind: OrganisationKind, aliases: list[str], municipality: Municipality | None = None
) -> Organisation:
    organisation = db.session.scalar(select(Organisation).where(Organisation.key == key))
    if organisation is None:
        organisation = Organisation(
            key=key, name=name, kind=kind, aliases=aliases, municipality_id=municipality.id if municipality else None
        )
        db.session.add(organisation)
        db.session.flush()
    return organisation


def _municipality(name: str) -> Municipality:
    municipality = db.session.scalar(select(Municipality).where(Municipality.key == key_of(name)))
    if municipality is None:
        municipality = Municipality(key=key_of(name), code=data.MUNICIPALITY_CODES[name], name=name)
        db.session.add(municipality)
        db.session.flush()
    return municipality


def _lists(federation: Federation) -> dict[str, Theme]:
    """Themes and action types: the federation's own lists, from what the sources name."""
    themes = {
        label: Theme(federation_id=federation.id, key=key_of(label), label=label, position=position)
        for position, label in enumerate(data.THEMES)
    }
    db.session.add_all(themes.values())
    for position, (key, label) in enumerate(data.ACTION_TYPES):
        db.session.add(ActionType(federation_id=federation.id, key=key, label=label, position=position))
    db.session.flush()
    return themes


def _units(
    federation: Federation, wanted: data.DemoFederation, organisations: dict[str, Organisation]
) -> dict[str, list[Unit]]:
    """Units by organisation; the first of each is where most goes."""
    names: dict[str, tuple[str, ...]] = {
        "Försäkringskassan": data.INSURANCE_UNITS,
        "Arbetsförmedlingen": (wanted.employment_office,),
        data.REGION[1]: data.REGION_UNITS,
    }
    for place in wanted.municipalities:
        names[data.MUNICIPALITY_ORGANISATIONS[place]] = data.MUNICIPALITY_UNITS
    found = {
        organisation: [
            Unit(
                federation_id=federation.id,
                organisation_id=organisations[organisation].id,
                municipality_id=organisations[organisation].municipality_id,
                name=name,
            )
            for name in units
        ]
        for organisation, units in names.items()
    }
    db.session.add_all(unit for units in found.values() for unit in units)
    db.session.flush()
    return found


def _people(wanted: data.DemoFederation) -> list[tuple[str, str, str]]:
    """(role, name, first part of the address) of everybody with a sign-in."""
    managers = zip(wanted.managers, data.MANAGER_PARTS, strict=True)
    return [
        (Role.COORDINATOR, wanted.coordinator, "samordnare"),
        *((Role.MANAGER, name, f"chef.{part}") for name, part in managers),
        (Role.DIRECTOR, wanted.director, "forbundschef"),
    ]


def _people_with_accounts(federation: Federation, wanted: data.DemoFederation, *, production: bool) -> list[SignInNote]:
    notes = []
    for role, name, part in _people(wanted):
        email = data.address(part, wanted.slug)
        password = secrets.token_urlsafe(12) if production else data.PASSWORD
        user: User = user_by_email(email) or create_user(email=email, name=name, password=password)
        grant_role(OPERATOR, user, Role(role), federation_id=federation.id)
        notes.append(SignInNote(federation.name, role, name, email, password))
    return notes


def _managers(federation: Federation, wanted: data.DemoFederation, units: dict[str, list[Unit]]) -> None:
    """One manager for each authority, one for all municipalities."""
    part_of = {"Försäkringskassan": 0, "Arbetsförmedlingen": 1, data.REGION[1]: 2}
    for organisation, group in units.items():
        index = part_of.get(organisation, 3)
        for unit in group:
            db.session.add(
                ResponsibleManager(
                    federation_id=federation.id,
                    unit_id=unit.id,
                    name=wanted.managers[index],
                    email=data.address(f"chef.{data.MANAGER_PARTS[index]}", wanted.slug),
                    valid_from=SINCE,
                )
            )
    db.session.flush()


def _rules(
    wanted: data.DemoFederation,
    organisations: dict[str, Organisation],
    units: dict[str, list[Unit]],
    themes: dict[str, Theme],
) -> list[RuleDraft]:
    """Theme before place before organisation alone. Activities have no rule: those cases go to the coordinator."""
    region, insurance = data.REGION[1], "Försäkringskassan"
    drafts = [
        RuleDraft(units[region][1].id, organisations[region].id, theme_id=themes["Utredningsresurser"].id),
        RuleDraft(units[insurance][1].id, organisations[insurance].id, theme_id=themes["Kunskap om uppdrag"].id),
    ]
    for name in (insurance, "Arbetsförmedlingen", region):
        for place in wanted.municipalities:
            own = organisations[data.MUNICIPALITY_ORGANISATIONS[place]]
            drafts.append(RuleDraft(units[name][0].id, organisations[name].id, own.municipality_id))
    for place in wanted.municipalities:
        name = data.MUNICIPALITY_ORGANISATIONS[place]
        drafts.append(RuleDraft(units[name][0].id, organisations[name].id, organisations[name].municipality_id))
    drafts += [RuleDraft(group[0].id, organisations[name].id) for name, group in units.items()]
    return drafts
