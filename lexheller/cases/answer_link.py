"""Mailed links for one duty: made, signed, followed, revoked. Good without an account, for that duty and nothing else.

The token names the link and its version; everything else is looked up anew each time it is used.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor, ActorKind, Role
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Duty
from lexheller.cases.states import LIVE
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.messaging.kinds import Address
from lexheller.messaging.models import Message, RecipientType
from lexheller.organisations.queries import contacts_for_unit, responsible_managers

SALT = "answer-link"
DAYS = 60
READABLE_AFTER = timedelta(days=30)


def link_for(duty: Duty, *, name: str, email: str, days: int = DAYS, delegate: bool = False) -> AnswerLink:
    """The person's link to the duty, new or the one there is; one that was revoked or has run out comes to life under a
    new version. A colleague who becomes responsible gets a manager's link; never the other way round while they are.

    `days` are calendar days that it works.
    """
    email = email.strip().lower()
    found = db.session.scalar(select(AnswerLink).where(AnswerLink.duty_id == duty.id, AnswerLink.email == email))
    now = clock.now()
    if found is None:
        found = AnswerLink(
            federation_id=duty.federation_id,
            duty_id=duty.id,
            name=name,
            email=email,
            delegate=delegate,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        db.session.add(found)
    elif found.revoked_at is not None or found.expires_at <= now or found.delegate is not delegate:
        if delegate and not found.delegate and lives(found):
            return found
        found.revoked_at, found.version, found.name, found.delegate = None, found.version + 1, name, delegate
        found.made_at, found.expires_at = now, now + timedelta(days=days)
    db.session.flush()
    return found


def token_for(link: AnswerLink) -> str:
    return _serializer().dumps([link.id, link.version])


def link_of(token: str) -> AnswerLink | None:
    """The living link behind a token; None for one that is forged, too old, revoked, or whose holder no longer answers
    for the unit. After the duty has ended it leads to what was answered, for a month.
    """
    try:
        values = _serializer().loads(token)
        link_id, version = int(values[0]), int(values[1])
    except (BadData, TypeError, ValueError, IndexError):
        return None
    owner = select(AnswerLink.federation_id).where(AnswerLink.id == link_id)
    tenancy.work_for_owner(lambda: db.session.scalar(owner))
    link = db.session.scalar(select(AnswerLink).where(AnswerLink.id == link_id).options(joinedload(AnswerLink.duty)))
    if link is None or link.version != version or not lives(link):
        return None
    return link


def lives(link: AnswerLink) -> bool:
    """Whether the link works now. Once the duty has ended, for those who answered for the unit on its last day."""
    now = clock.now()
    if link.revoked_at is not None or link.expires_at <= now:
        return False
    duty, on = link.duty, clock.today()
    if duty.status not in LIVE:
        if duty.ended_at is None or now > duty.ended_at + READABLE_AFTER:
            return False
        on = clock.day_of(duty.ended_at)
    return link.delegate or link.email in _who_answer(duty.unit_id, on)


def _who_answer(unit_id: int, on: date) -> set[str]:
    """Whoever is written to about the unit, and a manager who is away: a substitute takes nothing from them."""
    managers = {manager.email for manager in responsible_managers(unit_id, on)}
    return managers | {contact.email for contact in contacts_for_unit(unit_id, on)}


def actor_of(link: AnswerLink) -> Actor:
    """Whoever holds the link, with a manager's authority over its one duty."""
    return Actor(
        ActorKind.LINK,
        None,
        link.name,
        link.email,
        {link.federation_id: frozenset({Role.MANAGER})},
        frozenset({link.duty.unit_id}),
        duty_id=link.duty_id,
        link_id=link.id,
        delegate=link.delegate,
    )


def revoke(link: AnswerLink) -> None:
    """What was mailed stops working at once."""
    link.version += 1
    link.revoked_at = clock.now()
    db.session.flush()


def links_of(duty_id: int) -> list[AnswerLink]:
    """All links to the duty, living or not, in the order they were made."""
    query = select(AnswerLink).where(AnswerLink.duty_id == duty_id).options(joinedload(AnswerLink.duty))
    return list(db.session.scalars(query.order_by(AnswerLink.id)))


def links_to(email: str, federation_id: int) -> list[AnswerLink]:
    """The person's links in the federation that nobody has revoked, also to duties that have ended."""
    query = select(AnswerLink).where(
        AnswerLink.federation_id == federation_id, AnswerLink.email == email, AnswerLink.revoked_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(AnswerLink.id)))


def links_of_duties(duty_ids: Collection[int]) -> dict[int, list[AnswerLink]]:
    """The links by duty id, living or not, in the order they were made, in one query."""
    query = select(AnswerLink).where(AnswerLink.duty_id.in_(duty_ids)).order_by(AnswerLink.id)
    found: dict[int, list[AnswerLink]] = {}
    for link in db.session.scalars(query):
        found.setdefault(link.duty_id, []).append(link)
    return found


def address_of_link(message: Message) -> Address | None:
    """Where a message about a duty goes; None once the duty is done or the person no longer answers for it (P6)."""
    query = select(AnswerLink).where(AnswerLink.id == message.recipient_id).options(joinedload(AnswerLink.duty))
    link = db.session.scalar(query)
    if link is None or link.federation_id != message.federation_id or message.recipient_type != RecipientType.LINK:
        return None
    if link.duty.status not in LIVE or not lives(link):
        return None
    return Address(link.email, link.name)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)
