"""What a browser carries between our pages and the provider's: encrypted, in its session cookie, for some minutes.

Two things, one after the other: what we asked (state, nonce and verifier), and whom the provider answered with.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from flask import session

from lexheller.accounts.rights import Role
from lexheller.accounts.sealing import seal, unseal
from lexheller.accounts.single_sign_on_rules import Known
from lexheller.core import clock
from lexheller.web.limits import Limit

ASKED, ANSWERED = "provider_asked", "provider_answered"
LASTS = timedelta(minutes=10)
# A whole municipality may come from one address.
TRIES_BY_SENDER = Limit("provider_sender", "60 per minute; 1000 per hour", closed=True)


@dataclass(frozen=True, slots=True)
class Purpose:
    """To sign in (both empty), to join the provider to the own account, or to answer an invitation."""

    link: int = 0
    invitation: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    connection_id: int
    state: str
    nonce: str
    verifier: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Answered:
    connection_id: int
    known: Known
    purpose: Purpose
    way_out: str


def ask(connection_id: int, purpose: Purpose) -> Asked:
    """New secrets for one try; those of an earlier one are worth nothing any more."""
    state, nonce, verifier = (secrets.token_urlsafe(size) for size in (32, 32, 64))
    asked = Asked(connection_id, state, nonce, verifier, purpose)
    session.pop(ANSWERED, None)
    _keep(ASKED, asdict(asked))
    return asked


def take_asked() -> Asked | None:
    """What this browser asked; once."""
    kept = _take(ASKED)
    return None if kept is None else Asked(**{**kept, "purpose": Purpose(**kept["purpose"])})


def remember(answered: Answered) -> None:
    _keep(ANSWERED, asdict(answered))


def answered() -> Answered | None:
    kept = _read(ANSWERED)
    if kept is None:
        return None
    known = {**kept["known"], "roles": tuple(Role(role) for role in kept["known"]["roles"])}
    return Answered(kept["connection_id"], Known(**known), Purpose(**kept["purpose"]), kept["way_out"])


def forget_answered() -> None:
    session.pop(ANSWERED, None)


def _keep(name: str, values: dict[str, Any]) -> None:
    session[name] = seal(json.dumps({"for": name, "at": int(clock.now().timestamp()), "values": values}))


def _take(name: str) -> dict[str, Any] | None:
    found = _read(name)
    session.pop(name, None)
    return found


def _read(name: str) -> dict[str, Any] | None:
    opened = unseal(session[name]) if isinstance(session.get(name), str) else None
    kept = json.loads(opened) if opened is not None else {}
    if kept.get("for") != name or clock.now().timestamp() - kept["at"] > LASTS.total_seconds():
        return None
    values: dict[str, Any] = kept["values"]
    return values
