"""Coming in through a provider: which account that is, what joins the two, and the roles that groups give.

Somebody is known by issuer and subject. An address is believed where the provider is trusted for its domain: it makes
an account, or joins them to one that is there, whose home is this federation and which sees some cases at most. Else an
invitation's link or a sign-in by password does. Stops at verbs: what the provider said is read by
`single_sign_on_rules`, and believed by `oidc`.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lexheller.accounts import notices
from lexheller.accounts.invitations import invited
from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.own_account import home_or_none
from lexheller.accounts.queries import actor_for, by_password, user_by_email
from lexheller.accounts.rights import SYSTEM, Actor, ActorKind, Right, Role
from lexheller.accounts.second_person import hands_on
from lexheller.accounts.service import nobodys_hash, record_account, withdraw_role
from lexheller.accounts.sign_ins import end_after_role_change, end_all_sign_ins
from lexheller.accounts.single_sign_on_models import ExternalIdentity, SignInConnection
from lexheller.accounts.single_sign_on_queries import actor_signed_in, mark_of, user_behind
from lexheller.accounts.single_sign_on_rules import Known
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import all_or_nothing


def come_in(connection: SignInConnection, known: Known) -> User | None:
    """The account that may sign in now, with the roles that its groups give today; None where there is none.

    Why there is none is told to nobody (P20). Raises Conflict when the same person comes in twice at once.
    """
    user = user_behind(connection, known.subject)
    if user is not None:
        if not _is_welcome(user, connection.federation_id):
            return None
    else:
        user = _believed(connection, known) or _new(connection, known)
        if user is None:
            return None
    _renew_roles(connection, user, known.roles)
    return user if actor_signed_in(user, connection.id).roles else None


def link_own(actor: Actor, user: User, connection: SignInConnection, known: Known) -> None:
    """By somebody who signed in with their password. Raises NotAllowedToSee for who has no role in the federation, and
    InvalidInput on `identity` (`taken`) when the person at the provider is another account already.
    """
    if connection.federation_id not in actor.roles:
        raise NotAllowedToSee("sign-in connection")
    _link(actor, connection, user, known, "own")


def accept_invitation(token: str, connection: SignInConnection, known: Known) -> User:
    """The invitation is answered by coming through the provider: no password is chosen, and the link is used up.

    Raises NotAllowedToSee for a dead link or one of another federation, InvalidInput as `link_own`.
    """
    found = invited(token)
    if found is None or found[1] != connection.federation_id:
        raise NotAllowedToSee("invitation")
    user = found[0]
    db.session.refresh(user, with_for_update={"key_share": True})
    if user.activated_at is not None:
        raise NotAllowedToSee("invitation")
    actor = Actor(ActorKind.USER, user.id, known.name, user.email)
    _link(actor, connection, user, known, "invitation")
    _activate(actor, connection, user, known)
    _renew_roles(connection, user, known.roles)
    return user


def _believed(connection: SignInConnection, known: Known) -> User | None:
    """The account with the address, where the provider is trusted for it and the person lives in its federation: what
    others have given since changes nothing here, and is not reached this way (P15).

    Never one to which a colleague gave a role that sees all cases: whoever sets up a connection could come in as them.
    """
    user = user_by_email(known.mail) if known.trusted else None
    if user is None or not _is_welcome(user, connection.federation_id):
        return None
    home = connection.federation_id
    if home_or_none(user) != home or actor_for(user, counts=by_password).may(Right.SEE_ALL_CASES, home):
        return None
    _link(SYSTEM, connection, user, known, "address")
    if user.activated_at is None:
        _activate(SYSTEM, connection, user, known)
    return user


def _new(connection: SignInConnection, known: Known) -> User | None:
    """An account for somebody who has a group that gives a role, and an address that the provider is trusted for: what
    an address is responsible for, its account reads.
    """
    if not known.roles or not known.trusted or user_by_email(known.mail) is not None:
        return None
    user = User(
        email=known.mail,
        name=known.name or known.mail.partition("@")[0],
        password_hash=nobodys_hash(),
        activated_at=clock.now(),
    )
    _add(user)
    _link(SYSTEM, connection, user, known, "groups")
    return user


def _activate(actor: Actor, connection: SignInConnection, user: User, known: Known) -> None:
    """Nobody knows the password that this account has now."""
    user.name = user.name or known.name or user.email.partition("@")[0]
    user.password_hash, user.activated_at = nobodys_hash(), clock.now()
    end_all_sign_ins(user)
    record_account(actor, "account.activated", user, connection.federation_id, {"connection_id": connection.id})


def _link(actor: Actor, connection: SignInConnection, user: User, known: Known, how: str) -> None:
    there = user_behind(connection, known.subject)
    if there is not None:
        if there.id != user.id:
            raise InvalidInput("identity", "taken")
        return
    identity = ExternalIdentity(
        federation_id=connection.federation_id,
        connection_id=connection.id,
        user_id=user.id,
        mark=mark_of(connection, known.subject),
        linked_at=clock.now(),
    )
    _add(identity)
    data = {"connection_id": connection.id, "how": how}
    record_account(actor, "account.identity_linked", user, connection.federation_id, data)
    notices.tell(notices.JOINED, user, connection.federation_id, key=f"identity-joined:{identity.id}")


def _add(row: User | ExternalIdentity) -> None:
    try:
        with all_or_nothing():
            db.session.add(row)
    except IntegrityError:
        raise Conflict("the same person came in twice at once") from None


def _renew_roles(connection: SignInConnection, user: User, wanted: tuple[Role, ...]) -> None:
    """Give what today's groups give, take what they gave and give no longer. Roles that a colleague gave stay, and who
    answers for what the connection does gets none by it: nobody gives themselves a role.

    The last who may handle cases, or administer, keeps the role: that is written down, and tried again next time.
    """
    home = connection.federation_id
    query = select(RoleAssignment).where(RoleAssignment.user_id == user.id, RoleAssignment.federation_id == home)
    held = list(db.session.scalars(query.order_by(RoleAssignment.id)))
    missing = [role for role in wanted if role not in {row.role for row in held}]
    if missing and user.id not in {step.actor_user_id for step in hands_on(home, connection.id, clock.now())}:
        for role in missing:
            _give(connection, user, role)
    for row in held:
        if row.connection_id == connection.id and row.role not in wanted:
            _take(connection, user, Role(row.role))


def _give(connection: SignInConnection, user: User, role: Role) -> None:
    home, data = connection.federation_id, {"role": str(role), "connection_id": connection.id}
    given = RoleAssignment(user_id=user.id, federation_id=home, **data)
    db.session.add(given)
    end_after_role_change(user, home)
    record_account(SYSTEM, "account.role_granted", user, home, data)
    notices.tell_role_given(SYSTEM, given)


def _take(connection: SignInConnection, user: User, role: Role) -> None:
    try:
        withdraw_role(SYSTEM, user, role, federation_id=connection.federation_id)
    except InvalidInput as kept:
        data = {"role": str(role), "connection_id": connection.id, "why": kept.code}
        record_account(SYSTEM, "account.role_kept", user, connection.federation_id, data)


def _is_welcome(user: User, federation_id: int) -> bool:
    """The account is not disabled, and nobody has suspended it here."""
    suspended = select(RoleAssignment.id).where(
        RoleAssignment.user_id == user.id,
        RoleAssignment.federation_id == federation_id,
        RoleAssignment.suspended_at.is_not(None),
    )
    return user.active and db.session.scalar(suspended.limit(1)) is None
