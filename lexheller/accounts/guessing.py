"""How often something may be tried that can be guessed, over all processes; refused where it cannot be
counted (P20).
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from lexheller.accounts.known_browser import known_for
from lexheller.accounts.models import RefusedSignIn, User
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.web.limits import Limit, sender

BY_SENDER = Limit("sign_in_sender", "60 per minute; 300 per hour", closed=True)
BY_ACCOUNT_HERE = Limit("sign_in_account_here", "6 per minute; 30 per hour", closed=True)
BY_ACCOUNT = Limit("sign_in_account", "30 per minute; 200 per hour", closed=True)
# A browser that was signed in from before is counted by this alone, so that no stranger locks its owner out of it.
BY_KNOWN_BROWSER = Limit("sign_in_known_browser", "6 per minute; 30 per hour", closed=True)
OWN_PASSWORD = Limit("own_password", "6 per minute; 30 per hour", closed=True)
SECOND_STEP = Limit("second_step", "6 per minute; 30 per hour; 100 per day", closed=True)
RESETS_BY_SENDER = Limit("reset_sender", "20 per minute; 60 per hour", closed=True)
RESETS_OF_ACCOUNT = Limit("reset_account", "5 per hour", closed=True)


class SignInTries:
    """The tries with one address from one sender, or from a browser that is known for the account.

    What was typed is kept nowhere, not even as a key (P23).
    """

    def __init__(self, email: str) -> None:
        self._email = email
        guessed, browser = key_of(email), known_for(email)
        self._keys: tuple[tuple[Limit, str], ...] = (
            ((BY_KNOWN_BROWSER, f"{guessed}:{browser}"),)
            if browser is not None
            else ((BY_SENDER, sender()), (BY_ACCOUNT_HERE, f"{guessed}:{sender()}"), (BY_ACCOUNT, guessed))
        )

    def check(self) -> None:
        for limit, key in self._keys:
            limit.check(key)

    def count(self) -> None:
        """One more that failed. Whose account it was is kept as a row, for those who look into it afterwards."""
        known = db.session.scalar(select(User.id).where(User.email == self._email))
        db.session.add(RefusedSignIn(at=clock.now(), user_id=known))
        db.session.flush()
        for limit, key in self._keys:
            limit.count(key)


def spend_code(user_id: int) -> None:
    """One more try with a code, right or wrong; counted before the code is looked at."""
    SECOND_STEP.spend(str(user_id))


def spend_password(user: User) -> None:
    """One more try with the own password by somebody who is signed in."""
    OWN_PASSWORD.spend(str(user.id))


def spend_reset(email: str) -> None:
    RESETS_BY_SENDER.spend(sender())
    RESETS_OF_ACCOUNT.spend(key_of(email))


def key_of(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()
