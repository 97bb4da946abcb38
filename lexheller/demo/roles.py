"""The demonstration's people beside the office and the managers: registrar, analyst, administrator, operator, reader.

Small federations buy these from somebody that they share, so some have a role in all three. Called twice it changes
nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.service import create_user, grant_role
from lexheller.demo import data
from lexheller.demo.setup import SignInNote
from lexheller.organisations.queries import federation_by_slug

HOME = data.FEDERATIONS[0]


@dataclass(frozen=True, slots=True)
class Shared:
    """`everywhere`: in all three federations, else in the first alone."""

    role: Role
    name: str
    part: str
    everywhere: bool = False


PEOPLE = (
    Shared(Role.REGISTRAR, "Ulla Ström", "registrator", everywhere=True),
    Shared(Role.ANALYST, "Per Alm", "analytiker"),
    Shared(Role.ADMINISTRATOR, "Rut Berggren", "administrator"),
    Shared(Role.OPERATOR, "Ivar Dahlin", "drift", everywhere=True),
    Shared(Role.NATIONAL_READER, "Nina Norén", "nationell", everywhere=True),
)


def make_shared_people(*, production: bool) -> list[SignInNote]:
    """Where they are missing, with a password as `make_federations`; the federations must be there."""
    notes = []
    for person in PEOPLE:
        email = data.address(person.part, HOME.slug)
        if user_by_email(email) is not None:
            continue
        password = secrets.token_urlsafe(12) if production else data.PASSWORD
        user = create_user(email=email, name=person.name, password=password)
        for wanted in _places(person):
            federation = federation_by_slug(wanted.slug)
            if federation is not None:
                grant_role(OPERATOR, user, person.role, federation_id=federation.id)
        notes.append(_note(person, email, password))
    return notes


def shared_sign_ins() -> list[SignInNote]:
    """As `setup.known_sign_ins`."""
    return [_note(person, data.address(person.part, HOME.slug), data.PASSWORD) for person in PEOPLE]


def _note(person: Shared, email: str, password: str) -> SignInNote:
    where = ", ".join(wanted.name for wanted in _places(person))
    return SignInNote(where, person.role, person.name, email, password)


def _places(person: Shared) -> tuple[data.DemoFederation, ...]:
    return data.FEDERATIONS if person.everywhere else (HOME,)
