"""Reading users and their authority."""

from __future__ import annotations

from sqlalchemy import select

from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.rights import RIGHTS, Actor, ActorKind, Right, Role
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.organisations.queries import unit_ids_managed_by


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def actor_for(user: User) -> Actor:
    """The user with today's roles and units; a disabled user has none."""
    if not user.active:
        return Actor(ActorKind.USER, user.id, user.name, user.email)
    roles: dict[int, set[Role]] = {}
    for assignment in db.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == user.id)):
        roles.setdefault(assignment.federation_id, set()).add(Role(assignment.role))
    return Actor(
        ActorKind.USER,
        user.id,
        user.name,
        user.email,
        {federation_id: frozenset(held) for federation_id, held in roles.items()},
        frozenset(unit_ids_managed_by(user.email, clock.today())),
    )


def users_with(right: Right, federation_id: int) -> list[User]:
    """Active users whose role in the federation carries the right, oldest account first."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    query = (
        select(User)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            RoleAssignment.federation_id == federation_id,
            RoleAssignment.role.in_(roles),
            User.active.is_(True),
        )
        .distinct()
        .order_by(User.id)
    )
    return list(db.session.scalars(query))


def names_of(user_ids: set[int]) -> dict[int, str]:
    """Names for a timeline, in one query."""
    if not user_ids:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}
