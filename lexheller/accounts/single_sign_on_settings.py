"""A federation's connections to providers: written down, changed, turned on when they were tried, and turned off.

Stops at rows: asking a provider is `oidc`. Who may administer is the access mark's; who sees no cases may prepare a
connection, but what decides who comes in counts when somebody who sees them has turned it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from lexheller.accounts import notices
from lexheller.accounts.models import User
from lexheller.accounts.oidc_fetch import ProviderTrouble, refuse_address
from lexheller.accounts.queries import actor_for
from lexheller.accounts.rights import Actor, Right, Role
from lexheller.accounts.sealing import seal, unseal
from lexheller.accounts.sign_ins import end_all_through
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.accounts.single_sign_on_queries import linked_connection_ids
from lexheller.accounts.single_sign_on_rules import DOMAIN
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.organisations.changes import What, hold, version_of, write_down
from lexheller.organisations.queries import organisations
from lexheller.privacy.refusal import refuse_identity_numbers

SALT = "connection-was-tried"
TRIAL_COUNTS_FOR = timedelta(minutes=30)
LONGEST_GROUP, MOST_OF_A_KIND = 200, 100
LIMITS = {"name": 80, "issuer": 300, "client_id": 200, "secret": 400, "scopes": 200}
LIMITS |= dict.fromkeys(("subject_claim", "mail_claim", "groups_claim"), 120)
MUST_BE_TRIED_AGAIN = frozenset({"issuer", "client_id", "secret", "subject_claim", "mail_claim"})
HARMLESS = frozenset({"name", "organisation"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A connection as it should be. `secret` empty: the one that is there stays."""

    organisation_id: int | None
    name: str
    issuer: str
    client_id: str
    secret: str
    scopes: str
    subject_claim: str
    mail_claim: str
    groups_claim: str
    mail_domains: tuple[str, ...]
    strong_values: tuple[str, ...]
    role_groups: Mapping[str, tuple[str, ...]]


def add_connection(actor: Actor, federation_id: int, draft: Draft, *, note: str | None = None) -> SignInConnection:
    """Turned off at first. Raises InvalidInput naming the field that is wrong; NotAllowedToSee: a member elsewhere."""
    row = SignInConnection(federation_id=federation_id, active=False, sealed_secret="")
    _check(federation_id, draft, but=0)
    if not draft.secret:
        raise InvalidInput("secret", "missing")
    _fill(row, draft)
    db.session.add(row)
    db.session.flush()
    write_down(actor, What.CONNECTION_ADDED, row, after=state_of(row), note=note)
    return row


def change_connection(actor: Actor, row: SignInConnection, draft: Draft, *, seen: int, note: str | None = None) -> bool:
    """Whether it was turned off by this: when it leads to another place or reads people otherwise, and when somebody
    who sees no cases changed who comes in. Whoever looks after the federation hears of a change of who comes in.

    Raises as `add_connection`, Conflict, and InvalidInput on `groups_<role>` (`own_role`): nobody who comes in through
    the connection lets a group of it give a role that they do not have.
    """
    hold(row, seen)
    _check(row.federation_id, draft, but=row.id)
    if draft.issuer != row.issuer and not draft.secret:
        raise InvalidInput("secret", "secret_again")
    _refuse_own_groups(actor, row, draft)
    before = state_of(row)
    _fill(row, draft)
    after = state_of(row) | ({"secret": "yes"} if draft.secret else {})
    changed = {name for name, value in after.items() if before.get(name) != value}
    if not changed:
        return False
    sees, was_on = actor.may(Right.SEE_ALL_CASES, row.federation_id), row.active
    off = was_on and bool(changed & MUST_BE_TRIED_AGAIN if sees else changed - HARMLESS)
    if off:
        row.active = False
        end_all_through(row.id)
    db.session.flush()
    after |= {"turned_off": "yes"} if off else {}
    line = write_down(actor, What.CONNECTION_CHANGED, row, before=before, after=after, note=note)
    if was_on and changed - HARMLESS:
        notices.tell_connection_changed(actor, line)
    return off


def proof_of_trial(row: SignInConnection) -> str:
    """Given to whoever has just seen the provider answer as it should."""
    return _serializer().dumps([row.id, version_of(row)])


def turn_on(actor: Actor, row: SignInConnection, proof: str) -> None:
    """Whoever looks after the federation hears of it.

    Raises InvalidInput on `connection`: `not_tried` lately, or changed since; `needs_case_seer`.
    """
    hold(row)
    try:
        tried = _serializer().loads(proof, max_age=int(TRIAL_COUNTS_FOR.total_seconds()))
    except BadData:
        tried = None
    if tried != [row.id, version_of(row)]:
        raise InvalidInput("connection", "not_tried")
    if not actor.may(Right.SEE_ALL_CASES, row.federation_id):
        raise InvalidInput("connection", "needs_case_seer")
    if row.active:
        return
    row.active = True
    db.session.flush()
    notices.tell_connection_changed(actor, write_down(actor, What.CONNECTION_TURNED_ON, row))


def turn_off(actor: Actor, row: SignInConnection) -> None:
    """Whoever came in through it is signed out at once; roles that it gave count no more until it is on again."""
    hold(row)
    if not row.active:
        return
    row.active = False
    end_all_through(row.id)
    write_down(actor, What.CONNECTION_TURNED_OFF, row)


def state_of(row: SignInConnection) -> dict[str, Any]:
    """As the history tells it: never the secret."""
    names = {found.id: found.name for found in organisations(row.federation_id)}
    plain = ("name", "issuer", "client_id", "scopes", "subject_claim", "mail_claim", "groups_claim")
    groups = (f"{role}: {', '.join(row.role_groups[role])}" for role in Role if row.role_groups.get(role))
    return {name: getattr(row, name) for name in plain} | {
        "organisation": names.get(row.organisation_id or 0, ""),
        "mail_domains": ", ".join(row.mail_domains),
        "strong_values": ", ".join(row.strong_values),
        "role_groups": "; ".join(groups),
    }


def _refuse_own_groups(actor: Actor, row: SignInConnection, draft: Draft) -> None:
    user = db.session.get(User, actor.user_id) if actor.user_id is not None else None
    if user is None or row.id not in linked_connection_ids(user):
        return
    held = actor_for(user).roles.get(row.federation_id, frozenset())
    for role, groups in draft.role_groups.items():
        if Role(role) not in held and not set(groups) <= set(row.role_groups.get(role, ())):
            raise InvalidInput(f"groups_{role}", "own_role")


def _fill(row: SignInConnection, draft: Draft) -> None:
    row.organisation_id, row.name, row.issuer = draft.organisation_id, draft.name, draft.issuer
    row.client_id, row.scopes = draft.client_id, " ".join(draft.scopes.split())
    row.subject_claim, row.mail_claim, row.groups_claim = draft.subject_claim, draft.mail_claim, draft.groups_claim
    row.mail_domains, row.strong_values = list(draft.mail_domains), list(draft.strong_values)
    row.role_groups = {role: list(groups) for role, groups in draft.role_groups.items() if groups}
    if draft.secret and draft.secret != unseal(row.sealed_secret):
        row.sealed_secret = seal(draft.secret)


def _check(federation_id: int, draft: Draft, *, but: int) -> None:
    texts = {name: getattr(draft, name) for name in LIMITS}
    lists = {"mail_domains": draft.mail_domains, "strong_values": draft.strong_values}
    lists |= {f"groups_{role}": tuple(groups) for role, groups in draft.role_groups.items()}
    refuse_identity_numbers(**texts, **{name: "\n".join(values) for name, values in lists.items()})
    for name, text in texts.items():
        if not text and name not in {"secret", "groups_claim"}:
            raise InvalidInput(name, "missing")
        if len(text) > LIMITS[name]:
            raise InvalidInput(name, "too_long")
    for name, values in lists.items():
        if len(values) > MOST_OF_A_KIND or any(len(value) > LONGEST_GROUP for value in values):
            raise InvalidInput(name, "too_long")
    _check_meaning(federation_id, draft)
    same = select(SignInConnection.id).where(
        SignInConnection.federation_id == federation_id,
        SignInConnection.name == draft.name,
        SignInConnection.id != but,
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise InvalidInput("name", "taken")


def _check_meaning(federation_id: int, draft: Draft) -> None:
    try:
        refuse_address(draft.issuer)
    except ProviderTrouble:
        raise InvalidInput("issuer", "address") from None
    if "?" in draft.issuer:
        raise InvalidInput("issuer", "address")
    if "openid" not in draft.scopes.split():
        raise InvalidInput("scopes", "openid")
    if not all(DOMAIN.fullmatch(domain) for domain in draft.mail_domains):
        raise InvalidInput("mail_domains", "domain")
    if not set(draft.role_groups) <= set(Role):
        raise InvalidInput("role_groups", "unknown")
    members = {row.id for row in organisations(federation_id)}
    if draft.organisation_id is not None and draft.organisation_id not in members:
        raise NotAllowedToSee("organisation")


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
