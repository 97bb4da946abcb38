"""Who is told about an action today: the owner's people, the office, the directors; substitutes for those away (P10).

Only people with an account, since an action's page needs one: where the owner has none, it goes to the office.
"""

from __future__ import annotations

from datetime import date

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, office_of, user_by_email, users_with
from lexheller.accounts.rights import Right, Role
from lexheller.actions.models import Action
from lexheller.actions.permissions import owns
from lexheller.deadlines.ladder import Ladder, Person, Place, Rung, ground, next_rung, occupied
from lexheller.messaging.models import RecipientType
from lexheller.organisations.queries import contacts_for_unit, substitute_for

Told = tuple[Rung, list[Person]]


def ladder_of(action: Action, on: date) -> Ladder:
    """Everybody who could be told on the day, by rung."""
    federation_id = action.federation_id
    return {
        Rung.MANAGER: _owners(action, on),
        Rung.COORDINATOR: [_place(federation_id, user, on) for user in office_of(federation_id)],
        Rung.DIRECTOR: [
            _place(federation_id, user, on)
            for user in users_with(Right.SEE_ALL_CASES, federation_id)
            if Role.DIRECTOR in actor_for(user).roles.get(federation_id, frozenset())
        ],
    }


def owners(action: Action, on: date) -> list[Person]:
    """Whoever answers for the unit that owns the action; nobody for the federation's own, or without an account."""
    return occupied(_owners(action, on))


def first_told(action: Action, on: date) -> Told | None:
    """Who is reminded: the owner; the office where nobody is there to own it."""
    return ground(ladder_of(action, on))


def told_above(action: Action, reached: Rung, on: date) -> Told | None:
    """The lowest rung strictly above that holds somebody new; None at the top."""
    return next_rung(ladder_of(action, on), reached)


def owner_and_office(action: Action, on: date) -> Told | None:
    """Both, each once: a judgement is the owner's, and the office sees to it that it comes."""
    ladder = ladder_of(action, on)
    people = occupied([*ladder[Rung.MANAGER], *ladder[Rung.COORDINATOR]])
    return (Rung.COORDINATOR, people) if people else None


def stands_there(user: User, action: Action, rung: Rung, on: date, *, or_below: bool = False) -> bool:
    """Whether the user is on the rung on the day; `or_below` counts the owner's people with the office."""
    ladder = ladder_of(action, on)
    places = [*ladder.get(rung, ()), *(ladder[Rung.MANAGER] if or_below else ())]
    return user.id in {person.id for person in occupied(places)}


def _owners(action: Action, on: date) -> list[Place]:
    """The unit's contacts, substitutes in place of those away, that have an account and may open the action."""
    if action.owner_unit_id is None:
        return []
    users = [user_by_email(contact.email) for contact in contacts_for_unit(action.owner_unit_id, on)]
    return [
        Place(_person(user))
        for user in users
        if user is not None and user.activated_at is not None and owns(actor_for(user), action)
    ]


def _person(user: User) -> Person:
    return Person(RecipientType.USER, user.id, user.email, user.name)


def _place(federation_id: int, holder: User, on: date) -> Place:
    """Somebody who is away is replaced by one who may see the actions; without one it goes to their own address."""
    instead = substitute_for(federation_id, holder.email, on)
    user = user_by_email(instead.email) if instead is not None else None
    if user is None or not actor_for(user).may(Right.SEE_ALL_CASES, federation_id):
        return Place(_person(holder))
    return Place(_person(holder), away=True, substitute=Place(_person(user)))
