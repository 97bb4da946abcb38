"""Mails to the owner of an account about the account, and to those who look after who may see what: asked for here,
sent by a floor above that knows the outbox.

Stops at names: their words and recipients stand with the other settings' mails.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.rights import Actor
from lexheller.organisations.models import RegisterChange

RESET = "accounts.password_reset"
CHANGED = "accounts.password_changed"
TAKEN_OFF = "accounts.second_step_taken_off"
JOINED = "accounts.identity_joined"

TELLER = "lexheller_account_teller"
ROLE_TELLER, CONNECTION_TELLER = "lexheller_role_teller", "lexheller_connection_teller"
Teller = Callable[[str, User, int, str], None]
RoleTeller = Callable[[Actor, RoleAssignment], None]
ConnectionTeller = Callable[[Actor, RegisterChange], None]


def told_by(app: Flask, teller: Teller) -> None:
    """`teller(kind, user, federation_id, key)` writes the row of the mail, in the caller's transaction."""
    app.extensions[TELLER] = teller


def tell(kind: str, user: User, federation_id: int, *, key: str) -> None:
    """The same key twice is one mail."""
    teller: Teller = current_app.extensions[TELLER]
    teller(kind, user, federation_id, key)


def keepers_told_by(app: Flask, *, of_role: RoleTeller, of_connection: ConnectionTeller) -> None:
    """`of_role` hears of each role that a provider gave, right after the event about it; `of_connection` of each
    turning on of a connection, and each change of who comes in by one that was on. In the caller's transaction.
    """
    app.extensions |= {ROLE_TELLER: of_role, CONNECTION_TELLER: of_connection}


def tell_role_given(actor: Actor, assignment: RoleAssignment) -> None:
    of_role: RoleTeller = current_app.extensions[ROLE_TELLER]
    of_role(actor, assignment)


def tell_connection_changed(actor: Actor, change: RegisterChange) -> None:
    of_connection: ConnectionTeller = current_app.extensions[CONNECTION_TELLER]
    of_connection(actor, change)
