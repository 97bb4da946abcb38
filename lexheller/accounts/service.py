"""Signing in and out, making accounts and giving roles. Passwords are Argon2id (pwdlib's recommended settings)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import cache

from pwdlib import PasswordHash
from sqlalchemy import select

from lexheller.accounts.models import RoleAssignment, SignIn, User
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import Actor, Role
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db

LONGEST_SIGN_IN = timedelta(hours=12)
LONGEST_PASSWORD = 200

_passwords = PasswordHash.recommended()


def sign_in(email: str, password: str) -> tuple[User, str] | None:
    """The user and a fresh token for the browser, or None; why it failed is told to nobody (P20)."""
    user = user_by_email(email)
    known = user is not None and user.active
    good = _passwords.verify(password[:LONGEST_PASSWORD], user.password_hash if user and known else _nobodys_hash())
    if user is None or not known or not good:
        return None
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(SignIn(user_id=user.id, token_hash=_digest(token), started_at=now, expires_at=now + LONGEST_SIGN_IN))
    db.session.flush()
    return user, token


def sign_out(token: str) -> None:
    """End this sign-in everywhere at once."""
    row = db.session.scalar(select(SignIn).where(SignIn.token_hash == _digest(token)))
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        db.session.flush()


def user_of_token(token: str) -> User | None:
    """The active user behind a living sign-in."""
    query = (
        select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(
            SignIn.token_hash == _digest(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > clock.now(),
            User.active.is_(True),
        )
    )
    return db.session.scalar(query)


def end_all_sign_ins(user: User) -> None:
    """After a changed password, role or a disabled account, no old sign-in lives on (P19)."""
    living = select(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    for row in db.session.scalars(living):
        row.ended_at = clock.now()
    db.session.flush()


def create_user(*, email: str, name: str, password: str, locale: str = "sv") -> User:
    """A new account; the address must be free."""
    user = User(email=email.strip().lower(), name=name, password_hash=_passwords.hash(password), locale=locale)
    db.session.add(user)
    db.session.flush()
    return user


def set_password(actor: Actor, user: User, password: str, *, federation_id: int) -> None:
    user.password_hash = _passwords.hash(password)
    end_all_sign_ins(user)
    _record(actor, "account.password_set", user, federation_id, {})


def disable(actor: Actor, user: User, *, federation_id: int) -> None:
    user.active = False
    end_all_sign_ins(user)
    _record(actor, "account.disabled", user, federation_id, {})


def grant_role(actor: Actor, user: User, role: Role, *, federation_id: int) -> None:
    """Give a role in one federation; having it already changes nothing."""
    wanted = {"user_id": user.id, "federation_id": federation_id, "role": str(role)}
    if db.session.scalar(select(RoleAssignment).filter_by(**wanted)) is not None:
        return
    db.session.add(RoleAssignment(**wanted))
    end_all_sign_ins(user)
    _record(actor, "account.role_granted", user, federation_id, {"role": str(role)})


def withdraw_role(actor: Actor, user: User, role: Role, *, federation_id: int) -> None:
    """Take a role away; not having it changes nothing."""
    wanted = {"user_id": user.id, "federation_id": federation_id, "role": str(role)}
    assignment = db.session.scalar(select(RoleAssignment).filter_by(**wanted))
    if assignment is None:
        return
    db.session.delete(assignment)
    end_all_sign_ins(user)
    _record(actor, "account.role_withdrawn", user, federation_id, {"role": str(role)})


def _record(actor: Actor, kind: str, user: User, federation_id: int, data: dict[str, str]) -> None:
    record(actor, kind, federation_id=federation_id, subject_type="user", subject_id=user.id, data={**data})


@cache
def _nobodys_hash() -> str:
    """Verified when no such account exists, so that the answer takes as long as for one that does (P20)."""
    return _passwords.hash(secrets.token_hex(16))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
