"""Inviting people by e-mail: an account that nobody can sign in to, until its owner chooses a password.

The mailed link is signed and timed, and dies when a password is chosen, because it is made from the old one's hash;
also when the role it was for is taken away. Who sends the mail is decided above.
"""

from __future__ import annotations

import hashlib

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.passwords import refuse_weak_password
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import Actor, ActorKind, Role
from lexheller.accounts.service import hash_of, nobodys_hash, record_account, refuse_own_hand
from lexheller.accounts.sign_ins import end_after_role_change, end_all_sign_ins
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.organisations.queries import federation_of
from lexheller.privacy.scanner import stops

SALT = "invitation"
DAYS = 7


def invite(actor: Actor, email: str, role: Role, *, federation_id: int) -> RoleAssignment | None:
    """Give the role to whoever has the address, making an account if there is none; None if they had it already.

    What is answered, and how long it takes, does not tell whether there was an account (P20). Raises InvalidInput as
    `service.refuse_own_hand`.
    """
    email = email.strip().lower()
    user = user_by_email(email)
    if user is not None:
        refuse_own_hand(actor, user)
    else:
        user = User(email=email, name="", password_hash=nobodys_hash())
        db.session.add(user)
        db.session.flush()
    wanted = {"user_id": user.id, "federation_id": federation_id, "role": str(role)}
    if db.session.scalar(select(RoleAssignment).filter_by(**wanted)) is not None:
        return None
    assignment = RoleAssignment(**wanted, invited_at=clock.now())
    db.session.add(assignment)
    end_after_role_change(user, federation_id)
    record_account(actor, "account.role_granted", user, federation_id, {"role": str(role)})
    return assignment


def token_for(user: User, federation_id: int) -> str:
    return _serializer().dumps([user.id, federation_id, _mark(user)])


def invited(token: str) -> tuple[User, int] | None:
    """The account and the federation behind a living link; None for one that is forged, old, used or called off."""
    try:
        values = _serializer().loads(token, max_age=DAYS * 24 * 3600)
        user_id, federation_id, mark = int(values[0]), int(values[1]), str(values[2])
    except (BadData, TypeError, ValueError, IndexError):
        return None
    user = db.session.get(User, user_id)
    if user is None or not user.active or user.activated_at is not None or _mark(user) != mark:
        return None
    tenancy.work_for_owner(lambda: federation_id)
    held = select(RoleAssignment.id).where(
        RoleAssignment.user_id == user.id,
        RoleAssignment.federation_id == federation_id,
        RoleAssignment.suspended_at.is_(None),
    )
    return (user, federation_id) if db.session.scalar(held.limit(1)) is not None else None


def accept(token: str, *, name: str, password: str) -> User:
    """Choose a name and a password. Of two at once the second finds a used link: NotAllowedToSee.

    Raises InvalidInput: `name` for an identity number in it; `password` as `refuse_weak_password`.
    """
    found = invited(token)
    if found is None:
        raise NotAllowedToSee("invitation")
    user, federation_id = found
    db.session.refresh(user, with_for_update={"key_share": True})
    if user.activated_at is not None:
        raise NotAllowedToSee("invitation")
    name = " ".join(name.split())
    if stops(name) or not name:
        raise InvalidInput("name", "personal_identity_number")
    refuse_weak_password(password, name, user.email, federation_of(federation_id).name)
    user.name, user.password_hash, user.activated_at = name, hash_of(password), clock.now()
    end_all_sign_ins(user)
    actor = Actor(ActorKind.USER, user.id, user.name, user.email)
    record_account(actor, "account.activated", user, federation_id, {})
    return user


def _mark(user: User) -> str:
    """Changes when a password is chosen, so that a link works once."""
    return hashlib.sha256(f"invitation:{user.password_hash}".encode()).hexdigest()[:16]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
