"""Whether two accounts are two persons, as far as the log of who gave whom a role can tell.

For what one proposes and another decides: whoever administers could give a role to a second address of their own. Stops
at codes; what they are called is told where something is decided.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from lexheller.accounts.models import RoleAssignment
from lexheller.accounts.rights import RIGHTS, Right, Role
from lexheller.audit.models import Event
from lexheller.audit.queries import history
from lexheller.core.db import db

GRANTED = "account.role_granted"
FRESH = timedelta(days=30)
"""How long a role is young in which somebody proposes what its giver decides: the director has been told meanwhile."""


def why_no_second_person(
    right: Right, federation_id: int, *, proposer: int, decider: int, proposed_at: datetime, since: int | None = None
) -> str | None:
    """None when the decider counts as another person than the proposer; both have the right.

    `since`: the number of the proposal's event in the log. `role_too_new`: the decider had no role that carries the
    right before it. `given_by_proposer`: the decider's account here, or each such role, came from the proposer.
    `given_by_decider`: the proposer's role came from the decider, and less than `FRESH` before.
    """
    grants = _grants(federation_id, decider)
    held = _held(federation_id, decider, right)
    latest = [next((one for one in reversed(grants) if one.data["role"] == role), None) for role in held]
    known = [one for one in latest if one is None or since is None or one.sequence < since]
    old = [one.actor_user_id if one is not None else None for one in known]
    if not old:
        return "role_too_new"
    if (grants and grants[0].actor_user_id == proposer) or all(giver == proposer for giver in old):
        return "given_by_proposer"
    theirs = [one for one in _grants(federation_id, proposer) if right in RIGHTS[Role(one.data["role"])]]
    if theirs and all(one.actor_user_id == decider and proposed_at - one.at < FRESH for one in theirs):
        return "given_by_decider"
    return None


def _grants(federation_id: int, user_id: int) -> list[Event]:
    """Oldest first."""
    return [event for event in history(federation_id, "user", user_id) if event.kind == GRANTED]


def _held(federation_id: int, user_id: int, right: Right) -> list[str]:
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    query = select(RoleAssignment.role).where(
        RoleAssignment.user_id == user_id,
        RoleAssignment.federation_id == federation_id,
        RoleAssignment.role.in_(roles),
        RoleAssignment.suspended_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(RoleAssignment.id)))
