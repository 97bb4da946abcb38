"""Reading connections to providers, whom they lead to, and what a sign-in through one of them may do."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app
from sqlalchemy import select

from lexheller.accounts.models import RoleAssignment, User
from lexheller.accounts.oidc import Provider
from lexheller.accounts.queries import actor_for, by_password
from lexheller.accounts.rights import Actor, ActorKind
from lexheller.accounts.sealing import unseal
from lexheller.accounts.single_sign_on_models import ExternalIdentity, SignInConnection
from lexheller.accounts.single_sign_on_rules import HowToRead
from lexheller.core import tenancy
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee


def connections_of(federation_id: int) -> list[SignInConnection]:
    """By name, those that are turned off too."""
    query = select(SignInConnection).where(SignInConnection.federation_id == federation_id)
    return list(db.session.scalars(query.order_by(SignInConnection.name, SignInConnection.id)))


def connection_in(federation_id: int, connection_id: int) -> SignInConnection:
    """Raises NotAllowedToSee for one that is not the federation's."""
    query = select(SignInConnection).where(
        SignInConnection.id == connection_id, SignInConnection.federation_id == federation_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotAllowedToSee("sign-in connection")
    return found


def open_connections(federation_id: int | None = None) -> list[SignInConnection]:
    """Those with a button, by name; of every federation, or of one. Anybody may know of them."""
    query = select(SignInConnection).where(SignInConnection.active.is_(True))
    if federation_id is not None:
        query = query.where(SignInConnection.federation_id == federation_id)
    with tenancy.looking_up():
        return list(db.session.scalars(query.order_by(SignInConnection.name, SignInConnection.id)))


def open_connection(connection_id: int) -> SignInConnection | None:
    """One that is turned on."""
    query = select(SignInConnection).where(SignInConnection.id == connection_id, SignInConnection.active.is_(True))
    with tenancy.looking_up():
        return db.session.scalar(query)


def provider_of(connection: SignInConnection) -> Provider:
    """With the secret in the open: for the talk with the provider alone."""
    secret = unseal(connection.sealed_secret) or ""
    return Provider(connection.issuer, connection.client_id, secret, connection.scopes)


def how_to_read(connection: SignInConnection) -> HowToRead:
    return HowToRead(
        connection.subject_claim,
        connection.mail_claim,
        connection.groups_claim,
        tuple(connection.mail_domains),
        tuple(connection.strong_values),
        {role: tuple(groups) for role, groups in connection.role_groups.items()},
    )


def mark_of(connection: SignInConnection, subject: str) -> str:
    """What is stored in the place of the issuer and the subject. Another claim as subject is another identity."""
    whole = "\n".join(("external identity", connection.issuer, connection.subject_claim, subject))
    return hmac.new(current_app.config["SECRET_KEY"].encode(), whole.encode(), hashlib.sha256).hexdigest()


def user_behind(connection: SignInConnection, subject: str) -> User | None:
    """The account that the person at the provider is linked to, active or not."""
    query = (
        select(User)
        .join(ExternalIdentity, ExternalIdentity.user_id == User.id)
        .where(
            ExternalIdentity.connection_id == connection.id,
            ExternalIdentity.federation_id == connection.federation_id,
            ExternalIdentity.mark == mark_of(connection, subject),
        )
    )
    return db.session.scalar(query)


def linked_connection_ids(user: User) -> set[int]:
    """Through which the person comes in."""
    with tenancy.looking_up():
        query = select(ExternalIdentity.connection_id).where(ExternalIdentity.user_id == user.id)
        return set(db.session.scalars(query))


def actor_signed_in(user: User, connection_id: int | None) -> Actor:
    """With the authority of this sign-in. By password: no role that a provider gave. Through a connection: the roles in
    its federation and nowhere else (P15), and none that another connection gave; nothing once it is turned off.
    """
    if connection_id is None:
        return actor_for(user, counts=by_password)
    connection = open_connection(connection_id)
    if connection is None:
        return Actor(ActorKind.USER, user.id, user.name, user.email)
    home, own = connection.federation_id, {None, connection.id}

    def counts(assignment: RoleAssignment) -> bool:
        return assignment.federation_id == home and assignment.connection_id in own

    return actor_for(user, counts=counts)
