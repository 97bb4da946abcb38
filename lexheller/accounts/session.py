"""Who is at the browser: Flask-Login on top of sign-in rows. Views ask here; verbs are handed the actor."""

from __future__ import annotations

import structlog
from flask import Flask, g
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import SQLAlchemyError

from lexheller.accounts import sign_ins
from lexheller.accounts.models import User
from lexheller.accounts.rights import REPORTER, Actor
from lexheller.accounts.single_sign_on_queries import actor_signed_in
from lexheller.core.transaction import transaction
from lexheller.organisations.models import Federation

log = structlog.get_logger(__name__)

NOTED_LATER = "sign_in_seen"


class SignedIn(UserMixin):  # type: ignore[misc]
    """A living sign-in. Its id is the secret token, so that ending the row ends it in every process (P19)."""

    def __init__(
        self, user: User, token: str, row_id: int = 0, connection_id: int | None = None, strong: bool = False
    ) -> None:
        self.user, self.token, self.row_id = user, token, row_id
        self.connection_id, self.strong = connection_id, strong

    def get_id(self) -> str:
        return self.token


def install(app: Flask) -> None:
    # Templates are given `viewer`, which can be nobody when the database is away; Flask-Login's own would ask it (P32).
    login = LoginManager(app, add_context_processor=False)
    login.login_view = "accounts.sign_in"
    login.session_protection = None  # the token is random and server-side; phones change address all day

    @login.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        found = sign_ins.found_by(token)
        if found is None:
            return None
        user, row = found
        g.account_locale = user.locale
        if sign_ins.is_to_be_noted(row.seen_at):
            setattr(g, NOTED_LATER, (row.id, row.seen_at))
        return SignedIn(user, token, row.id, row.connection_id, row.strong)


def note_seen() -> None:
    """Renew when the sign-in was seen last, after the request and in a transaction of its own: a page that is read
    writes nothing. Where it fails the sign-in ends a little earlier, and nobody waits for it.
    """
    noted = g.pop(NOTED_LATER, None)
    if noted is None:
        return
    try:
        with transaction():
            sign_ins.note_seen(*noted)
    except SQLAlchemyError as problem:
        log.warning("sign_in_not_noted", problem=type(problem).__name__)


def current_actor() -> Actor:
    """The signed-in user with today's authority, or the anonymous reporter. Read once per request."""
    if "actor" not in g:
        signed_in = current_user.is_authenticated
        g.actor = actor_signed_in(current_user.user, current_user.connection_id) if signed_in else REPORTER
    actor: Actor = g.actor
    return actor


def current_federation() -> Federation:
    """The federation that the address names; the access hook has found it and checked the right."""
    federation: Federation = g.federation
    return federation
