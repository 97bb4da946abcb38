"""Users, their roles in federations, and their sign-ins. A sign-in is a row, so that it can be ended anywhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model, UTCDateTime


class User(Model):
    """A person with an account. `email` is stored in lower case. `password_hash` is Argon2id."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="sv")
    active: Mapped[bool] = mapped_column(default=True)


class RoleAssignment(Model):
    __tablename__ = "role_assignment"
    __table_args__ = (
        UniqueConstraint("user_id", "federation_id", "role"),
        CheckConstraint("role IN ('manager', 'coordinator', 'director')", name="role_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))


class SignIn(Model):
    """One signed-in browser. Only the token's SHA-256 is stored; `ended_at` kills it in every process (P19)."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
