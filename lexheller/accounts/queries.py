"""Reading users and their authority."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lexheller.accounts.models import RoleAssignment, SecondStep, SignIn, User
from lexheller.accounts.rights import RIGHTS, Actor, ActorKind, Right, Role
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.organisations.queries import unit_ids_managed_by


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with roles in a federation. `joined` is false until they have signed in after the invitation: before
    that, nothing of their account is shown, not even that there is one (P20).
    """

    user: User
    roles: tuple[Role, ...]
    suspended: bool
    invited_at: datetime | None
    signed_in_at: datetime | None
    has_codes: bool
    """The second step of signing in is on."""

    @property
    def joined(self) -> bool:
        return self.invited_at is None or (self.signed_in_at is not None and self.signed_in_at >= self.invited_at)


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def by_password(assignment: RoleAssignment) -> bool:
    """Whether the role counts for whoever signed in with a password: not what a provider gave."""
    return assignment.connection_id is None


def actor_for(user: User, *, counts: Callable[[RoleAssignment], bool] | None = None) -> Actor:
    """The user with today's roles and units, in every federation; a disabled user has none. `counts`: which roles."""
    if not user.active:
        return Actor(ActorKind.USER, user.id, user.name, user.email)
    roles: dict[int, set[Role]] = {}
    held = select(RoleAssignment).where(RoleAssignment.user_id == user.id, RoleAssignment.suspended_at.is_(None))
    with tenancy.looking_up():
        for assignment in db.session.scalars(held):
            if counts is None or counts(assignment):
                roles.setdefault(assignment.federation_id, set()).add(Role(assignment.role))
        unit_ids = unit_ids_managed_by(user.email, clock.today())
    return Actor(
        ActorKind.USER,
        user.id,
        user.name,
        user.email,
        {federation_id: frozenset(theirs) for federation_id, theirs in roles.items()},
        frozenset(unit_ids),
    )


def users_with(right: Right, federation_id: int) -> list[User]:
    """Active users whose role in the federation carries the right, oldest account first; nobody who has yet to choose
    a password.
    """
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    query = (
        select(User)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            RoleAssignment.federation_id == federation_id,
            RoleAssignment.role.in_(roles),
            RoleAssignment.suspended_at.is_(None),
            User.active.is_(True),
            User.activated_at.is_not(None),
        )
        .distinct()
        .order_by(User.id)
    )
    return list(db.session.scalars(query))


def office_of(federation_id: int) -> list[User]:
    """Who is told what the office has to do: those who handle cases; where nobody does, those who see them all (P4)."""
    return users_with(Right.HANDLE_CASES, federation_id) or users_with(Right.SEE_ALL_CASES, federation_id)


def told_of_held(federation_id: int) -> list[User]:
    """Who is told that a text waits because somebody may be named in it: those who may look. Where nobody may, the
    director, and where there is none those who administer: they can make somebody a coordinator (P4, P24).
    """
    rungs = (Right.HANDLE_CASES, Right.APPROVE_ACTION_REPORT, Right.ADMINISTER)
    return next((found for right in rungs if (found := users_with(right, federation_id))), [])


def people_in(federation_id: int) -> list[Person]:
    """Everybody with a role in the federation, suspended or not, by address."""
    query = (
        select(RoleAssignment, User)
        .join(User, User.id == RoleAssignment.user_id)
        .where(RoleAssignment.federation_id == federation_id)
        .order_by(User.email, RoleAssignment.id)
    )
    held: dict[int, tuple[User, list[RoleAssignment]]] = {}
    for assignment, user in db.session.execute(query):
        held.setdefault(user.id, (user, []))[1].append(assignment)
    newest = select(SignIn.user_id, func.max(SignIn.started_at).label("started_at")).where(SignIn.user_id.in_(held))
    signed_in = {row.user_id: row.started_at for row in db.session.execute(newest.group_by(SignIn.user_id))}
    on = select(SecondStep.user_id).where(SecondStep.user_id.in_(held), SecondStep.confirmed_at.is_not(None))
    with_codes = set(db.session.scalars(on))
    return [_person(user, theirs, signed_in.get(user.id), user.id in with_codes) for user, theirs in held.values()]


def person_in(federation_id: int, user_id: int) -> Person | None:
    return next((person for person in people_in(federation_id) if person.user.id == user_id), None)


def _person(user: User, theirs: list[RoleAssignment], signed_in_at: datetime | None, has_codes: bool) -> Person:
    first_told = [row.invited_at for row in theirs if row.invited_at is not None]
    by_mail = len(first_told) == len(theirs)
    return Person(
        user,
        tuple(role for role in Role if role in {row.role for row in theirs}),
        all(row.suspended_at is not None for row in theirs),
        min(first_told) if by_mail else None,
        signed_in_at,
        has_codes,
    )


def names_of(user_ids: set[int]) -> dict[int, str]:
    """Names for a timeline, in one query."""
    if not user_ids:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}
