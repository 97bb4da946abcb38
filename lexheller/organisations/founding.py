"""Making a federation: its name, its members and its municipalities. People, lists and rules are given afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from lexheller.audit.service import Doer, record
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.organisations.models import Federation, Membership, Municipality, Organisation, OrganisationKind
from lexheller.organisations.names import folded, key_of
from lexheller.privacy.refusal import refuse_identity_numbers

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
CODE = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Member:
    """An authority or activity as somebody wrote it; one that is known already keeps its name and other names."""

    name: str
    kind: OrganisationKind


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, with Statistics Sweden's four figures, and what its own organisation is called."""

    name: str
    code: str
    organisation: str


def add_federation(
    actor: Doer, *, slug: str, name: str, members: Sequence[Member], places: Sequence[Place]
) -> Federation:
    """Authorities and municipalities are shared by all federations: those that are known are used, others are made.

    Raises InvalidInput: `slug` `form` | `taken`; `name` `missing` | `taken`; `municipality` `code` | `other_code`; and
    P23 on `slug`, `name`, `organisation` and `municipality`.
    """
    refuse_identity_numbers(slug=slug, name=name)
    for member in members:
        refuse_identity_numbers(organisation=member.name)
    for place in places:
        refuse_identity_numbers(municipality=place.name, organisation=place.organisation)
    if SLUG.fullmatch(slug) is None:
        raise InvalidInput("slug", "form")
    if not name.strip():
        raise InvalidInput("name", "missing")
    for there in db.session.scalars(select(Federation)):
        if there.slug == slug:
            raise InvalidInput("slug", "taken")
        if folded(there.name) == folded(name):
            raise InvalidInput("name", "taken")
    towns = [_municipality(place) for place in places]
    federation = Federation(slug=slug, name=" ".join(name.split()))
    db.session.add(federation)
    db.session.flush()
    organisations = [_organisation(member.name, member.kind) for member in members]
    organisations += [
        _organisation(place.organisation, OrganisationKind.MUNICIPALITY, town)
        for place, town in zip(places, towns, strict=True)
    ]
    for organisation_id in sorted({organisation.id for organisation in organisations}):
        db.session.add(Membership(federation_id=federation.id, organisation_id=organisation_id))
    db.session.flush()
    record(
        actor,
        "federation.made",
        federation_id=federation.id,
        subject_type="federation",
        subject_id=federation.id,
        data={"members": len(organisations)},
    )
    return federation


def _municipality(place: Place) -> Municipality:
    if CODE.fullmatch(place.code) is None:
        raise InvalidInput("municipality", "code")
    known = select(Municipality).where(or_(Municipality.key == key_of(place.name), Municipality.code == place.code))
    found = db.session.scalars(known).all()
    if found:
        if len(found) > 1 or found[0].code != place.code or found[0].key != key_of(place.name):
            raise InvalidInput("municipality", "other_code")
        return found[0]
    municipality = Municipality(key=key_of(place.name), code=place.code, name=place.name)
    db.session.add(municipality)
    db.session.flush()
    return municipality


def _organisation(name: str, kind: OrganisationKind, municipality: Municipality | None = None) -> Organisation:
    found = db.session.scalar(select(Organisation).where(Organisation.key == key_of(name)))
    if found is None:
        aliases = [municipality.name] if municipality is not None and municipality.name != name else []
        municipality_id = municipality.id if municipality is not None else None
        found = Organisation(key=key_of(name), name=name, kind=kind, aliases=aliases, municipality_id=municipality_id)
        db.session.add(found)
        db.session.flush()
    return found
