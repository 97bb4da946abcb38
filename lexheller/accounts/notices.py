"""Mails to the owner of an account about the account: named here, sent by a floor above that knows the outbox.

Stops at names: their words and recipients stand with the other settings' mails.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

from lexheller.accounts.models import User

RESET = "accounts.password_reset"
CHANGED = "accounts.password_changed"
TAKEN_OFF = "accounts.second_step_taken_off"

TELLER = "lexheller_account_teller"
Teller = Callable[[str, User, int, str], None]


def told_by(app: Flask, teller: Teller) -> None:
    """`teller(kind, user, federation_id, key)` writes the row of the mail, in the caller's transaction."""
    app.extensions[TELLER] = teller


def tell(kind: str, user: User, federation_id: int, *, key: str) -> None:
    """The same key twice is one mail."""
    teller: Teller = current_app.extensions[TELLER]
    teller(kind, user, federation_id, key)
