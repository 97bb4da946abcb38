"""A new password for whoever has forgotten the old one: a mailed link that works once and for half an hour.

What is answered, and what it costs, is the same whether there is an account or not (P20): asking takes the same steps
and writes one job, and only the job looks whether there may be a mail. The link is signed and dies when a password is
chosen, because it is made from the old one's hash.
"""

from __future__ import annotations

import hashlib
import secrets

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from lexheller.accounts import notices
from lexheller.accounts.models import User
from lexheller.accounts.own_account import choose_password, home_behind, home_of, home_or_none
from lexheller.accounts.queries import actor_for, by_password, user_by_email
from lexheller.accounts.rights import Actor, ActorKind
from lexheller.core import clock, jobs, tenancy
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.organisations.queries import federations

SALT = "password-reset"
MINUTES = 30
MAIL_EVERY_MINUTES = 5
RESET_JOB = "accounts.tell_how_to_reset"
NOBODY = 0


def ask(email: str) -> None:
    """Somebody has forgotten the password of this address, or says so. Nothing of what was typed is kept."""
    user, anywhere = user_by_email(email), federations()
    user_id = user.id if user is not None else NOBODY
    federation_id = home_behind(user_id) or anywhere[0].id
    with tenancy.within(federation_id):
        jobs.ask_for(
            RESET_JOB,
            federation_id=federation_id,
            subject_id=user_id,
            key=f"password-reset:{secrets.token_hex(12)}",
        )


def tell(user_id: int) -> None:
    """The job: a mail with a link, at most one in five minutes."""
    user = db.session.get(User, user_id)
    if user is None or not _may_reset(user):
        return
    slot = int(clock.now().timestamp()) // (60 * MAIL_EVERY_MINUTES)
    home = home_of(user)
    with tenancy.also(home):
        notices.tell(notices.RESET, user, home, key=f"password-reset:{user.id}:{slot}")


def token_for(user: User) -> str:
    return _serializer().dumps([user.id, _mark(user)])


def behind(token: str) -> User | None:
    """The account of a living link; None for one that is forged, old or used."""
    try:
        values = _serializer().loads(token, max_age=MINUTES * 60)
        user_id, mark = int(values[0]), str(values[1])
    except (BadData, TypeError, ValueError, IndexError):
        return None
    user = db.session.get(User, user_id)
    if user is None or not _may_reset(user) or _mark(user) != mark:
        return None
    tenancy.work_for_owner(lambda: home_or_none(user))
    return user


def reset(token: str, password: str) -> User:
    """Every sign-in ends. Of two at once the second finds a used link: NotAllowedToSee. A second step stays on.

    Raises InvalidInput on `password` as `refuse_weak_password`.
    """
    user = behind(token)
    if user is None:
        raise NotAllowedToSee("password reset")
    mark = _mark(user)
    db.session.refresh(user, with_for_update={"key_share": True})
    if _mark(user) != mark:
        raise NotAllowedToSee("password reset")
    actor = Actor(ActorKind.USER, user.id, user.name, user.email)
    choose_password(actor, user, password, kind="account.password_reset")
    return user


def _may_reset(user: User) -> bool:
    """Who has chosen a password once, and comes in somewhere with it."""
    return user.active and user.activated_at is not None and bool(actor_for(user, counts=by_password).roles)


def _mark(user: User) -> str:
    """Changes when a password is chosen, so that a link works once."""
    return hashlib.sha256(f"password-reset:{user.password_hash}".encode()).hexdigest()[:16]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
