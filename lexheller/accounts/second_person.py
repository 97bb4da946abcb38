"""Whether two accounts are two persons, as far as the log of who gave whom a role can tell.

For what one proposes and another decides: whoever administers could give a role to a second address of their own, by
hand or by what a provider says. Stops at codes; what they are called is told where something is decided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from lexheller.accounts.models import RoleAssignment
from lexheller.accounts.rights import RIGHTS, Right, Role
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.audit.models import Event
from lexheller.audit.queries import history
from lexheller.core.db import db
from lexheller.organisations.changes import SUBJECT, What

GRANTED, RESUMED = "account.role_granted", "account.resumed"
CONNECTION = SUBJECT[SignInConnection.__name__]
BY_HAND = {f"register.{what}" for what in (What.CONNECTION_ADDED, What.CONNECTION_CHANGED, What.CONNECTION_TURNED_ON)}
FRESH = timedelta(days=30)
"""How long a role is young in which somebody proposes what its giver decides: the director has been told meanwhile."""


@dataclass(frozen=True, slots=True)
class _Gift:
    """A role that somebody got, the event by which they did, and the connection if it came through one."""

    role: str
    event: Event
    connection_id: int | None

    def is_from(self, user_id: int, at: datetime, *, after: datetime | None = None) -> bool:
        """Whether the person gave it, or stands behind the connection at the time or stood behind it then."""
        steps = [self.event]
        if self.connection_id is not None:
            steps += _hands_then(self.event, self.connection_id)
            steps += hands_on(self.event.federation_id, self.connection_id, at)
        moments = [max(step.at, self.event.at) for step in steps if step.actor_user_id == user_id]
        return any(after is None or moment > after for moment in moments)


def why_no_second_person(
    right: Right, federation_id: int, *, proposer: int, decider: int, proposed_at: datetime, since: int | None = None
) -> str | None:
    """None when the decider counts as another person than the proposer; both have the right.

    `since`: the number of the proposal's event in the log. `role_too_new`: the decider had no role that carries the
    right before it. `given_by_proposer`: the decider's account here, or each such role, came from the proposer.
    `given_by_decider`: the proposer's role came from the decider, and less than `FRESH` before.

    Who lets a suspended person in gives anew each role that the person had. A role that a provider gave came from those
    who stood behind the connection: see `hands_on`.
    """
    gifts = _gifts(federation_id, decider)
    latest = {gift.role: gift for gift in gifts}
    held = [latest.get(role) for role in _held(federation_id, decider, right)]
    old = [one for one in held if one is None or since is None or one.event.sequence < since]
    if not old:
        return "role_too_new"
    own = [one is not None and one.is_from(proposer, proposed_at) for one in old]
    if (gifts and gifts[0].is_from(proposer, proposed_at)) or all(own):
        return "given_by_proposer"
    of_proposer = {gift.role: gift for gift in _gifts(federation_id, proposer)}
    theirs = [gift for role, gift in of_proposer.items() if right in RIGHTS[Role(role)]]
    if theirs and all(gift.is_from(decider, proposed_at, after=proposed_at - FRESH) for gift in theirs):
        return "given_by_decider"
    return None


def hands_on(federation_id: int, connection_id: int, at: datetime) -> list[Event]:
    """The steps of those who answer for what a connection does at the time, oldest first: the latest by which it was
    added, changed or turned on, and each that is younger than `FRESH`.
    """
    steps = _steps(federation_id, connection_id)
    return [step for step in steps if step is steps[-1] or at - step.at < FRESH]


def _steps(federation_id: int, connection_id: int) -> list[Event]:
    return [event for event in history(federation_id, CONNECTION, connection_id) if event.kind in BY_HAND]


def _hands_then(event: Event, connection_id: int) -> list[Event]:
    """The step before the event: what it came by."""
    return [step for step in _steps(event.federation_id, connection_id) if step.sequence < event.sequence][-1:]


def _gifts(federation_id: int, user_id: int) -> list[_Gift]:
    """Oldest first."""
    gifts: list[_Gift] = []
    for event in history(federation_id, "user", user_id):
        if event.kind == GRANTED:
            gifts.append(_Gift(event.data["role"], event, event.data.get("connection_id")))
        elif event.kind == RESUMED:
            gifts += [replace(gift, event=event) for gift in {gift.role: gift for gift in gifts}.values()]
    return gifts


def _held(federation_id: int, user_id: int, right: Right) -> list[str]:
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    query = select(RoleAssignment.role).where(
        RoleAssignment.user_id == user_id,
        RoleAssignment.federation_id == federation_id,
        RoleAssignment.role.in_(roles),
        RoleAssignment.suspended_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(RoleAssignment.id)))
