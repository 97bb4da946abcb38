"""The browsers that somebody has signed in from, so that a stranger who guesses cannot lock them out of those.

A browser carries a signed note of the account and of the password that was right then; a changed password makes it
worth nothing. It signs nobody in and shows nothing: its tries are counted by themselves, and that is all (`guessing`).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from lexheller.accounts.models import User
from lexheller.core import clock
from lexheller.core.db import db

COOKIE, SALT = "lexheller_known", "known-browser"
LASTS = timedelta(days=90)
MOST = 5
"""Accounts that one browser is known for: colleagues share computers."""

Note = tuple[int, str, str, int]
"""User id, the mark of the password, a name of the browser's own for this account, seconds of the epoch."""


def remember(answer: Response, user: User) -> None:
    """From now on this browser is known for the account; by the same name as before, where it was."""
    others = [note for note in _notes() if note[0] != user.id]
    name = known_for(user.email) or secrets.token_hex(8)
    notes = [*others[1 - MOST :], (user.id, _mark(user), name, int(clock.now().timestamp()))]
    answer.set_cookie(
        _cookie_name(),
        _serializer().dumps(notes),
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def known_for(email: str) -> str | None:
    """What the browser is called where it is known for the account with this address; None where it is not.

    Only the accounts in its own cookie are looked at: nobody learns of another's by asking (P20).
    """
    for user_id, mark, name, _since in _notes():
        user = db.session.get(User, user_id)
        if user is not None and user.email == email and secrets.compare_digest(_mark(user), mark):
            return name
    return None


def _notes() -> list[Note]:
    """Oldest first; none that is forged or has lasted its time."""
    try:
        kept = _serializer().loads(request.cookies.get(_cookie_name(), ""))
        notes = [(int(user_id), str(mark), str(name), int(since)) for user_id, mark, name, since in kept]
    except (BadData, TypeError, ValueError):
        return []
    oldest = clock.now().timestamp() - LASTS.total_seconds()
    return [note for note in notes if note[3] > oldest]


def _mark(user: User) -> str:
    """Changes with the password."""
    return hashlib.sha256(f"known-browser:{user.password_hash}".encode()).hexdigest()[:16]


def _cookie_name() -> str:
    """Behind https bound to the host, so that no other site under the same domain can set it."""
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _serializer() -> URLSafeSerializer:
    secret = current_app.config["SECRET_KEY"]
    return URLSafeSerializer(secret, salt=SALT, signer_kwargs={"digest_method": hashlib.sha256})
