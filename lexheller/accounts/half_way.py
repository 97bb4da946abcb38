"""Between the password and the code: who gave the right password, in the signed session cookie, for some minutes.

Nobody is signed in by this; a changed password ends it.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import session

from lexheller.accounts.models import User
from lexheller.core import clock
from lexheller.core.db import db

KEY = "half_way"
LASTS = timedelta(minutes=10)


def remember_half_way(user: User) -> None:
    """In a session of its own: nothing of the one before is carried over."""
    session.clear()
    session[KEY] = [user.id, _mark(user), int(clock.now().timestamp())]


def half_way() -> User | None:
    kept = session.get(KEY)
    if not isinstance(kept, list) or len(kept) != 3:
        return None
    user_id, mark, since = kept
    user = db.session.get(User, user_id)
    if user is None or not user.active or _mark(user) != mark:
        return None
    return user if clock.now().timestamp() - since <= LASTS.total_seconds() else None


def _mark(user: User) -> str:
    return hashlib.sha256(f"half-way:{user.password_hash}".encode()).hexdigest()[:16]
