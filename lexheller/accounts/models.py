"""Users, their roles in federations, their sign-ins, and the codes that are a second step of signing in.

A sign-in is a row, so that it can be ended anywhere.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model, UTCDateTime


class User(Model):
    """A person with an account. `email` is stored in lower case. `password_hash` is Argon2id.

    `activated_at` is empty until somebody who was invited has chosen a password: nobody can sign in before that.
    """

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="sv")
    active: Mapped[bool] = mapped_column(default=True)
    activated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RoleAssignment(Model):
    """A role in one federation. Suspended, it gives nothing until it is taken up again. `invited_at`: by a mail.

    `connection_id`: given by what a provider said of the person; it counts in sign-ins through that connection alone.
    """

    __tablename__ = "role_assignment"
    __table_args__ = (
        UniqueConstraint("user_id", "federation_id", "role"),
        CheckConstraint(
            "role IN ('manager', 'coordinator', 'director', 'member', 'registrar', 'analyst', 'administrator', "
            "'operator', 'national_reader')",
            name="role_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in_connection.id"))


class SignIn(Model):
    """One signed-in browser. Only the token's SHA-256 is stored; `ended_at` kills it in every process (P19).

    `seen_at` is kept roughly (`sessions`). `browser` and `system` are families (`devices`), so that the owner knows it.
    `connection_id`: through which provider, None by password. `strong`: the provider itself asked for a second step.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    browser: Mapped[str] = mapped_column(String(20))
    system: Mapped[str] = mapped_column(String(20))
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in_connection.id"), index=True)
    strong: Mapped[bool] = mapped_column(default=False)


class RefusedSignIn(Model):
    """A password that was wrong. `user_id` is empty where nobody has the address: what was typed is kept nowhere."""

    __tablename__ = "refused_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    user_id: Mapped[int | None]


class SecondStep(Model):
    """The secret that a person's phone makes codes of, encrypted (`sealing`). It counts when a code has confirmed it.

    `last_used`: the time step of the newest code that was taken, so that none is taken twice.
    """

    __tablename__ = "second_step"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[str] = mapped_column(String(400))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used: Mapped[int] = mapped_column(BigInteger)


class RecoveryCode(Model):
    """For whoever lost the phone: good once. The code's first sign, `mark`, says which row to compare with."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    mark: Mapped[str] = mapped_column(String(1))
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SignInRules(Model):
    """What a federation demands of sign-ins. `second_step`: of everybody who sees all its cases."""

    __tablename__ = "sign_in_rules"

    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"), primary_key=True, autoincrement=False)
    second_step: Mapped[bool]
