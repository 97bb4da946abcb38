"""The mail to those who can decide a proposal that somebody else made: how many, until when, the way there (P7)."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, users_with
from lexheller.accounts.rights import Right
from lexheller.core.db import db
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message, RecipientType
from lexheller.messaging.service import ask_for
from lexheller.organisations.labels import full_name
from lexheller.organisations.queries import federation_of
from lexheller.records.disposal_models import Disposal
from lexheller.records.disposal_queries import items_of
from lexheller.records.disposal_rules import DisposalStatus
from lexheller.web.links import absolute_url

WAITS = "records.disposal_waits"


def install(app: Flask) -> None:
    register(app, Kind(WAITS, _address, _words, subject=Disposal))


def tell_the_others(disposal: Disposal) -> None:
    for user in users_with(Right.PLAN_DISPOSAL, disposal.federation_id):
        if user.id != disposal.proposed_by_user_id:
            ask_for(
                WAITS,
                key=f"{WAITS}:{disposal.id}:{user.id}",
                federation_id=disposal.federation_id,
                subject_id=disposal.id,
                recipient_type=RecipientType.USER,
                recipient_id=user.id,
            )


def _address(message: Message) -> Address | None:
    """Somebody who may decide it still, as long as it waits for that (P6)."""
    user, disposal = db.session.get(User, message.recipient_id), db.session.get(Disposal, message.subject_id)
    if user is None or disposal is None or disposal.federation_id != message.federation_id:
        return None
    if disposal.status != DisposalStatus.PROPOSED or user.id == disposal.proposed_by_user_id:
        return None
    if not actor_for(user).may(Right.PLAN_DISPOSAL, message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _words(message: Message) -> Words:
    disposal = db.session.get_one(Disposal, message.subject_id)
    federation = federation_of(disposal.federation_id)
    return Words(
        str(_("Ett förslag till gallring väntar på beslut")),
        "email/records/disposal_waits.txt",
        {
            "count": len(items_of(disposal)),
            "federation_name": full_name(federation),
            "link": absolute_url("disposals.show", federation=federation.slug, disposal_id=disposal.id),
        },
    )
