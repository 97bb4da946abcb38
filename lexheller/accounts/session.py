"""Who is at the browser: Flask-Login on top of sign-in rows. Views ask here; verbs are handed the actor."""

from __future__ import annotations

from flask import Flask, g
from flask_login import LoginManager, UserMixin, current_user

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for
from lexheller.accounts.rights import REPORTER, Actor
from lexheller.accounts.service import user_of_token
from lexheller.organisations.models import Federation


class SignedIn(UserMixin):  # type: ignore[misc]
    """A living sign-in. Its id is the secret token, so that ending the row ends it in every process (P19)."""

    def __init__(self, user: User, token: str) -> None:
        self.user, self.token = user, token

    def get_id(self) -> str:
        return self.token


def install(app: Flask) -> None:
    # Templates are given `viewer`, which can be nobody when the database is away; Flask-Login's own would ask it (P32).
    login = LoginManager(app, add_context_processor=False)
    login.login_view = "accounts.sign_in"
    login.session_protection = None  # the token is random and server-side; phones change address all day

    @login.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        user = user_of_token(token)
        if user is None:
            return None
        g.account_locale = user.locale
        return SignedIn(user, token)


def current_actor() -> Actor:
    """The signed-in user with today's authority, or the anonymous reporter. Read once per request."""
    if "actor" not in g:
        g.actor = actor_for(current_user.user) if current_user.is_authenticated else REPORTER
    actor: Actor = g.actor
    return actor


def current_federation() -> Federation:
    """The federation that the address names; the access hook has found it and checked the right."""
    federation: Federation = g.federation
    return federation
