"""The words and recipients of mails to the owner of an account about the account. They go at any hour (P9)."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from lexheller.accounts import notices, resets
from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for
from lexheller.core.db import db
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message, RecipientType
from lexheller.messaging.service import ask_for
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federation_of
from lexheller.web.links import absolute_url


def install(app: Flask) -> None:
    notices.told_by(app, _ask)
    register(app, Kind(notices.RESET, _owner, _reset, subject=Federation))
    register(app, Kind(notices.CHANGED, _owner, _changed, subject=Federation))
    register(app, Kind(notices.TAKEN_OFF, _owner, _taken_off, subject=Federation))
    register(app, Kind(notices.JOINED, _owner, _joined, subject=Federation))


def _ask(kind: str, user: User, federation_id: int, key: str) -> None:
    ask_for(
        kind,
        key=key,
        federation_id=federation_id,
        subject_id=federation_id,
        recipient_type=RecipientType.USER,
        recipient_id=user.id,
    )


def _owner(message: Message) -> Address | None:
    """As long as a role in the federation is theirs (P6)."""
    user = db.session.get(User, message.recipient_id)
    if user is None or user.activated_at is None or message.federation_id not in actor_for(user).roles:
        return None
    return Address(user.email, user.name, user.locale)


def _reset(message: Message) -> Words:
    user = db.session.get_one(User, message.recipient_id)
    return Words(
        _("Välj ett nytt lösenord"),
        "email/accounts/password_reset.txt",
        {
            "federation_name": _federation_name(message),
            "link": absolute_url("accounts.reset", token=resets.token_for(user)),
            "minutes": resets.MINUTES,
        },
    )


def _changed(message: Message) -> Words:
    return Words(
        _("Ditt lösenord är bytt"),
        "email/accounts/password_changed.txt",
        {"federation_name": _federation_name(message), "link": absolute_url("accounts.forgotten")},
    )


def _taken_off(message: Message) -> Words:
    return Words(
        _("Din tvåstegsinloggning är borttagen"),
        "email/accounts/second_step_taken_off.txt",
        {"federation_name": _federation_name(message), "link": absolute_url("accounts.second_step_page")},
    )


def _joined(message: Message) -> Words:
    return Words(
        _("Ditt konto är kopplat till ett jobbkonto"),
        "email/accounts/identity_joined.txt",
        {"federation_name": _federation_name(message), "link": absolute_url("accounts.link_page")},
    )


def _federation_name(message: Message) -> str:
    return full_name(federation_of(message.federation_id))
