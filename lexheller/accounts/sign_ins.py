"""The rows of sign-ins: started, found by their token, seen, ended. Stops at rows: who may sign in is `service`.

A sign-in ends of itself when it was not seen for a while (`IDLE`), and in any case when it is old (`LONGEST`).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, select, update

from lexheller.accounts.devices import device_of
from lexheller.accounts.models import RoleAssignment, SignIn, User
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.core import clock, tenancy
from lexheller.core.db import db

IDLE = "LEXHELLER_SIGN_IN_IDLE"
LONGEST = "LEXHELLER_SIGN_IN_LONGEST"
NOTED_AT_MOST_EVERY = timedelta(minutes=5)


def start(user: User, user_agent: str, *, connection_id: int | None = None, strong: bool = False) -> str:
    """A fresh token for the browser; only its digest is kept. Through a provider: which, and whether it was strong."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    browser, system = device_of(user_agent)
    row = SignIn(
        user_id=user.id,
        token_hash=_digest(token),
        started_at=now,
        seen_at=now,
        expires_at=now + _setting(LONGEST),
        browser=browser,
        system=system,
        connection_id=connection_id,
        strong=strong,
    )
    db.session.add(row)
    db.session.flush()
    return token


def found_by(token: str) -> tuple[User, SignIn] | None:
    """The active user behind a living sign-in."""
    query = (
        select(User, SignIn)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == _digest(token), User.active.is_(True), *_living())
    )
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found is not None else None


def living_of(user: User) -> list[SignIn]:
    """Newest first."""
    query = select(SignIn).where(SignIn.user_id == user.id, *_living())
    return list(db.session.scalars(query.order_by(SignIn.started_at.desc(), SignIn.id.desc())))


def is_to_be_noted(seen_at: datetime) -> bool:
    """Whether what is stored is so old that it should be renewed: often enough for the limit, seldom enough to cost
    nothing.
    """
    return clock.now() - seen_at >= min(NOTED_AT_MOST_EVERY, _setting(IDLE) / 10)


def note_seen(row_id: int, seen_at: datetime) -> None:
    """The sign-in was used now. One of several at once does it; none brings an ended one to life."""
    unchanged = (SignIn.id == row_id, SignIn.seen_at == seen_at, SignIn.ended_at.is_(None))
    db.session.execute(update(SignIn).where(*unchanged).values(seen_at=clock.now()))


def sign_out(token: str) -> None:
    """End this sign-in everywhere at once."""
    row = db.session.scalar(select(SignIn).where(SignIn.token_hash == _digest(token)))
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        db.session.flush()


def end_all_sign_ins(user: User, *, but: int | None = None) -> int:
    """After a changed password or a disabled account, no old sign-in lives on (P19). How many were living; `but`: the
    one that may go on.
    """
    living = {row.id for row in living_of(user)}
    open_rows = select(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None), SignIn.id != (but or 0))
    ended = list(db.session.scalars(open_rows))
    for row in ended:
        row.ended_at = clock.now()
    db.session.flush()
    return len(living & {row.id for row in ended})


def end_after_role_change(user: User, federation_id: int) -> None:
    """After a changed role in the federation no old sign-in of it lives on (P19).

    Of somebody who has a role elsewhere too those are what came through its own providers: rights are read anew for
    every page, and no federation signs another's people out (P15).
    """
    elsewhere = select(RoleAssignment.id).where(
        RoleAssignment.user_id == user.id,
        RoleAssignment.federation_id != federation_id,
        RoleAssignment.suspended_at.is_(None),
    )
    with tenancy.looking_up():
        lives_elsewhere = db.session.scalar(elsewhere.limit(1)) is not None
    if not lives_elsewhere:
        end_all_sign_ins(user)
        return
    own = select(SignInConnection.id).where(SignInConnection.federation_id == federation_id)
    through = select(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None), SignIn.connection_id.in_(own))
    for row in db.session.scalars(through):
        row.ended_at = clock.now()
    db.session.flush()


def end_all_through(connection_id: int) -> int:
    """After a connection was turned off. How many were ended."""
    through = (SignIn.connection_id == connection_id, SignIn.ended_at.is_(None))
    ended = update(SignIn).where(*through).values(ended_at=clock.now()).returning(SignIn.id)
    return len(db.session.execute(ended).all())


def _living() -> tuple[ColumnElement[bool], ...]:
    now = clock.now()
    return SignIn.ended_at.is_(None), SignIn.expires_at > now, SignIn.seen_at > now - _setting(IDLE)


def _setting(name: str) -> timedelta:
    found: timedelta = current_app.config[name]
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
