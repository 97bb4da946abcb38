"""Knowing who signs in, making accounts and giving roles. Passwords are Argon2id (pwdlib's recommended settings)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask, current_app
from pwdlib import PasswordHash
from sqlalchemy import select

from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.passwords import LONGEST_PASSWORD
from lexheller.accounts.queries import user_by_email, users_with
from lexheller.accounts.rights import RIGHTS, Actor, Right, Role
from lexheller.accounts.sign_ins import end_after_role_change, end_all_sign_ins
from lexheller.audit.service import record
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.organisations.models import Federation

MUST_BE_KEPT = {Right.ADMINISTER: "last_administrator", Right.HANDLE_CASES: "last_coordinator"}
"""Rights that somebody in a federation must keep, and what is said to whoever would take the last one away."""

REGISTRY = "lexheller_role_listeners"
RoleListener = Callable[[Actor, User, int], None]

_passwords = PasswordHash.recommended()


def when_role_ends(app: Flask, listener: RoleListener) -> None:
    """`listener(actor, user, federation_id)` is called when a role there was withdrawn or suspended, and for every
    federation when the account was disabled: in the same transaction, before the event about it. Whether another role
    is left is for it to see.
    """
    app.extensions.setdefault(REGISTRY, []).append(listener)


def known_by(email: str, password: str) -> User | None:
    """The user with that address and password, who has not signed in by this; why it failed is told to nobody (P20)."""
    user = user_by_email(email)
    known = user is not None and user.active
    good = is_password(password, user.password_hash if user and known else nobodys_hash())
    return user if known and good else None


def create_user(*, email: str, name: str, password: str, locale: str = "sv") -> User:
    """A new account; the address must be free."""
    user = User(
        email=email.strip().lower(),
        name=name,
        password_hash=_passwords.hash(password),
        locale=locale,
        activated_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def set_password(actor: Actor, user: User, password: str, *, federation_id: int) -> None:
    user.password_hash = _passwords.hash(password)
    end_all_sign_ins(user)
    record_account(actor, "account.password_set", user, federation_id, {})


def disable(actor: Actor, user: User, *, federation_id: int) -> None:
    """The account opens nothing any more, in any federation: also where its owner stands in or helps without a role.
    Twice is once.
    """
    _hold(user)
    if not user.active:
        return
    user.active = False
    end_all_sign_ins(user)
    for each in db.session.scalars(select(Federation.id).order_by(Federation.id)).all():
        with tenancy.also(each):
            _tell_role_ended(actor, user, each)
    record_account(actor, "account.disabled", user, federation_id, {})


def enable(actor: Actor, user: User, *, federation_id: int) -> None:
    """The account opens what its roles open today: no old sign-in comes alive (P19), and what ended with them stays
    ended. Twice is once.
    """
    _hold(user)
    if user.active:
        return
    user.active = True
    db.session.flush()
    record_account(actor, "account.enabled", user, federation_id, {})


def grant_role(actor: Actor, user: User, role: Role, *, federation_id: int) -> None:
    """Give a role in one federation; having it already changes nothing. Raises InvalidInput as `refuse_own_hand`."""
    refuse_own_hand(actor, user)
    _hold(user)
    if _assignment(user, role, federation_id) is not None:
        return
    db.session.add(RoleAssignment(user_id=user.id, federation_id=federation_id, role=str(role)))
    end_after_role_change(user, federation_id)
    record_account(actor, "account.role_granted", user, federation_id, {"role": str(role)})


def withdraw_role(actor: Actor, user: User, role: Role, *, federation_id: int) -> None:
    """Take a role away; not having it changes nothing. Raises InvalidInput as `refuse_losing_last`."""
    _hold(user)
    assignment = _assignment(user, role, federation_id)
    if assignment is None:
        return
    refuse_losing_last(actor, user, federation_id, {assignment.id})
    db.session.delete(assignment)
    end_after_role_change(user, federation_id)
    _tell_role_ended(actor, user, federation_id)
    record_account(actor, "account.role_withdrawn", user, federation_id, {"role": str(role)})


def suspend(actor: Actor, user: User, *, federation_id: int) -> None:
    """All roles in this federation give nothing until `resume`; other federations are not touched.

    Raises InvalidInput as `refuse_losing_last`.
    """
    _hold(user)
    held = [row for row in _assignments(user, federation_id) if row.suspended_at is None]
    if not held:
        return
    refuse_losing_last(actor, user, federation_id, {row.id for row in held})
    now = clock.now()
    for row in held:
        row.suspended_at = now
    end_after_role_change(user, federation_id)
    _tell_role_ended(actor, user, federation_id)
    record_account(actor, "account.suspended", user, federation_id, {})


def resume(actor: Actor, user: User, *, federation_id: int) -> None:
    """The roles that the person had count again. Raises InvalidInput as `refuse_own_hand`."""
    refuse_own_hand(actor, user)
    _hold(user)
    held = [row for row in _assignments(user, federation_id) if row.suspended_at is not None]
    if not held:
        return
    for row in held:
        row.suspended_at = None
    end_after_role_change(user, federation_id)
    record_account(actor, "account.resumed", user, federation_id, {})


def refuse_own_hand(actor: Actor, user: User) -> None:
    """Nobody gives themselves a role, or takes up their own suspended ones: somebody else must want it.

    Raises InvalidInput on `role`: `own_role`.
    """
    if actor.user_id is not None and actor.user_id == user.id:
        raise InvalidInput("role", "own_role")


def refuse_losing_last(actor: Actor, user: User, federation_id: int, losing: set[int]) -> None:
    """Raises InvalidInput on `role`: `own_administration` (nobody takes away their own last right to administer),
    `last_administrator` and `last_coordinator` (the federation must keep somebody who may administer, and somebody who
    may handle cases: what nobody may assign lies still, P4), `own_last` (nor the last role that they have themselves).
    `losing`: ids of the assignments that go.

    The assignments are held until the transaction ends, so that two cannot take each other's away at once.
    """
    query = select(RoleAssignment).where(RoleAssignment.federation_id == federation_id).order_by(RoleAssignment.id)
    held = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    in_force = [row for row in held if row.suspended_at is None]
    for right, code in MUST_BE_KEPT.items():
        carrying = {row.id: row.user_id for row in in_force if right in RIGHTS[Role(row.role)]}
        left = {user_id for row_id, user_id in carrying.items() if row_id not in losing}
        if not losing & carrying.keys() or user.id in left:
            continue
        if right is Right.ADMINISTER and actor.user_id == user.id:
            raise InvalidInput("role", "own_administration")
        if not left & {other.id for other in users_with(right, federation_id)}:
            raise InvalidInput("role", code)
    if actor.user_id == user.id and not any(row.user_id == user.id and row.id not in losing for row in in_force):
        raise InvalidInput("role", "own_last")


def record_account(actor: Actor, kind: str, user: User, federation_id: int, data: dict[str, Any]) -> None:
    """One event about an account: codes and counts alone."""
    record(actor, kind, federation_id=federation_id, subject_type="user", subject_id=user.id, data={**data})


def _hold(user: User) -> None:
    """Two who change the roles of one person do so one after the other, and each sees what the other did."""
    db.session.flush()
    query = select(User).where(User.id == user.id).with_for_update(key_share=True)
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def _tell_role_ended(actor: Actor, user: User, federation_id: int) -> None:
    for listener in current_app.extensions.get(REGISTRY, ()):
        listener(actor, user, federation_id)


def _assignment(user: User, role: Role, federation_id: int) -> RoleAssignment | None:
    return next((row for row in _assignments(user, federation_id) if row.role == role), None)


def _assignments(user: User, federation_id: int) -> list[RoleAssignment]:
    query = select(RoleAssignment).filter_by(user_id=user.id, federation_id=federation_id).order_by(RoleAssignment.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def hash_of(password: str) -> str:
    return _passwords.hash(password)


def is_password(password: str, stored: str) -> bool:
    return _passwords.verify(password[:LONGEST_PASSWORD], stored)


@cache
def nobodys_hash() -> str:
    """Verified when no such account exists, so that the answer takes as long as for one that does (P20)."""
    return _passwords.hash(secrets.token_hex(16))
