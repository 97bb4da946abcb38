"""Inviting people, letting them in again, and changing to whom cases are mailed: what follows when it is done by
somebody who sees none.

The account and the role are `accounts`, the register `organisations`; who may is the access mark's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lexheller.accounts import invitations
from lexheller.accounts import service as accounts
from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.queries import actor_for
from lexheller.accounts.rights import RIGHTS, Actor, ActorKind, Right, Role, sees_cases
from lexheller.administration import notices
from lexheller.administration.queries import latest_change
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.privacy.refusal import refuse_identity_numbers


def invite(actor: Actor, federation_id: int, email: str, role: Role) -> None:
    """A role and a mail, for somebody with an account as for somebody without. Having the role already: nothing. The
    director may hear of it: see `tell_role_given`.

    Raises InvalidInput on `email`: `own_role` (nobody gives themselves one), or an identity number in it (P23).
    """
    refuse_identity_numbers(email=email)
    try:
        assignment = invitations.invite(actor, email, role, federation_id=federation_id)
    except InvalidInput as refused:
        raise InvalidInput("email", refused.code) from refused
    if assignment is None:
        return
    notices.invite(db.session.get_one(User, assignment.user_id), assignment)
    tell_role_given(actor, assignment)


def resume(actor: Actor, federation_id: int, user: User) -> None:
    """Somebody who was shut out has their roles again; the director may hear of it, as of a role that is given.

    Raises InvalidInput on `role`: `own_role`.
    """
    before = actor_for(user).roles.get(federation_id, frozenset())
    accounts.resume(actor, user, federation_id=federation_id)
    back = actor_for(user).roles.get(federation_id, frozenset()) - before
    if any(_is_told_of(actor, federation_id, role) for role in back):
        notices.tell_role_given(actor, federation_id, user.id)


def tell_role_given(actor: Actor, assignment: RoleAssignment) -> None:
    """The director hears of a role that decides what is deleted, whoever gave it: the second of two persons must be
    one. And of each that reads cases, when it was given by somebody who reads none, or by what a provider said.
    """
    if _is_told_of(actor, assignment.federation_id, Role(assignment.role)):
        notices.tell_role_given(actor, assignment.federation_id, assignment.user_id)


def invite_again(federation_id: int, user: User) -> None:
    """A fresh link for somebody who let the first one grow old."""
    notices.invite_again(user, federation_id)


def change_recipients(
    actor: Actor, federation_id: int, emails: Iterable[str | None], change: Callable[[], object]
) -> None:
    """Do the change by which cases are mailed to these addresses: a responsible manager's, their superior's, or a
    substitute's. Who sees no cases does not put their own there, and the director hears of what they do: an address
    may be theirs without looking it.

    Raises InvalidInput on `email`: `own_address`; and what the change raises.
    """
    if _sees_all(actor, federation_id):
        change()
        return
    if _mailbox(actor.email) in {_mailbox(email or "") for email in emails}:
        raise InvalidInput("email", "own_address")
    before = latest_change(federation_id)
    change()
    after = latest_change(federation_id)
    if after is not None and after != before:
        notices.tell_recipients_changed(actor, after)


def _is_told_of(actor: Actor, federation_id: int, role: Role) -> bool:
    return Right.PLAN_DISPOSAL in RIGHTS[role] or (sees_cases(role) and not _sees_all(actor, federation_id))


def _mailbox(email: str) -> str:
    """Where mail to the address ends: what stands after a plus sign is the owner's own note."""
    name, _at, host = email.strip().lower().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def _sees_all(actor: Actor, federation_id: int) -> bool:
    return actor.kind is ActorKind.OPERATOR or actor.may(Right.SEE_ALL_CASES, federation_id)
