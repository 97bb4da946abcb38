"""Sign-in through a member's own identity provider: how it is reached and read, and whom its people are here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model, UTCDateTime


class SignInConnection(Model):
    """One federation's way to a provider; `organisation_id` where it is one member's. `name` stands on the button.

    `sealed_secret` is encrypted (`sealing`). `mail_domains`: what the provider says of addresses there is believed.
    `strong_values`: of `acr` or `amr`, those that mean a second step. `role_groups`: role → names of groups.
    """

    __tablename__ = "sign_in_connection"
    __table_args__ = (UniqueConstraint("federation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(80))
    issuer: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(200))
    sealed_secret: Mapped[str] = mapped_column(String(1000))
    scopes: Mapped[str] = mapped_column(String(200))
    subject_claim: Mapped[str] = mapped_column(String(120))
    mail_claim: Mapped[str] = mapped_column(String(120))
    groups_claim: Mapped[str] = mapped_column(String(120))
    mail_domains: Mapped[list[str]] = mapped_column(JSON)
    strong_values: Mapped[list[str]] = mapped_column(JSON)
    role_groups: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=False)


class ExternalIdentity(Model):
    """That somebody at a provider is an account here. `mark` stands for issuer and subject and tells neither: a subject
    may be an identity number, which is never stored (P23).
    """

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("connection_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("sign_in_connection.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    mark: Mapped[str] = mapped_column(String(64))
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime)
