"""Who stands on each rung above a duty today: its unit's contacts, their superiors, the office, the directors.

Stops at people: which rung a step takes is `deadlines.ladder`, the mail `deadlines.digests`.
"""

from __future__ import annotations

from datetime import date

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, user_by_email, users_with
from lexheller.accounts.rights import Right, Role
from lexheller.cases.models import Duty
from lexheller.deadlines.ladder import Ladder, Person, Place, Rung, occupied
from lexheller.messaging.kinds import Address
from lexheller.messaging.models import RecipientType
from lexheller.organisations.models import ResponsibleManager
from lexheller.organisations.queries import contacts_for_unit, responsible_managers, substitute_for


def ladder_of(duty: Duty, on: date) -> Ladder:
    """Everybody who could be told about the duty on the day, by rung."""
    return {
        Rung.MANAGER: [
            Place(Person(RecipientType.LINK, 0, contact.email, contact.name))
            for contact in contacts_for_unit(duty.unit_id, on)
        ],
        Rung.SUPERIOR: [
            _place(duty.federation_id, _superior(manager), on)
            for manager in responsible_managers(duty.unit_id, on)
            if manager.superior_email
        ],
        Rung.COORDINATOR: _users(duty.federation_id, Rung.COORDINATOR, on),
        Rung.DIRECTOR: _users(duty.federation_id, Rung.DIRECTOR, on),
    }


def stands_on(user: User, federation_id: int, rung: Rung, on: date) -> bool:
    """Whether the user stands on the rung on the day, or stands in for somebody who does."""
    return user.id in {person.id for person in occupied(_users(federation_id, rung, on))}


def superior_address(manager: ResponsibleManager, on: date) -> Address | None:
    """The superior of a manager who is responsible on the day, or whoever stands in for that superior."""
    if not manager.superior_email or not any(row.id == manager.id for row in responsible_managers(manager.unit_id, on)):
        return None
    instead = substitute_for(manager.federation_id, manager.superior_email, on)
    if instead is not None:
        return Address(instead.email, instead.name)
    return Address(manager.superior_email, manager.superior_name or "")


def _users(federation_id: int, rung: Rung, on: date) -> list[Place]:
    if rung is Rung.COORDINATOR:
        holders = users_with(Right.HANDLE_CASES, federation_id)
    else:
        holders = [user for user in users_with(Right.SEE_ALL_CASES, federation_id) if _directs(user, federation_id)]
    return [_place(federation_id, _person(user), on) for user in holders]


def _directs(user: User, federation_id: int) -> bool:
    return Role.DIRECTOR in actor_for(user).roles.get(federation_id, frozenset())


def _superior(manager: ResponsibleManager) -> Person:
    return Person(RecipientType.SUPERIOR, manager.id, manager.superior_email or "", manager.superior_name or "")


def _person(user: User) -> Person:
    return Person(RecipientType.USER, user.id, user.email, user.name)


def _place(federation_id: int, holder: Person, on: date) -> Place:
    """Somebody who is away is replaced; a user only by one who may see the cases, else it goes to their own address."""
    instead = substitute_for(federation_id, holder.email, on)
    if instead is None:
        return Place(holder)
    if holder.kind != RecipientType.USER:
        return Place(holder, away=True, substitute=Place(Person(holder.kind, holder.id, instead.email, instead.name)))
    user = user_by_email(instead.email)
    if user is None or not actor_for(user).may(Right.SEE_ALL_CASES, federation_id):
        return Place(holder)
    return Place(holder, away=True, substitute=Place(_person(user)))
