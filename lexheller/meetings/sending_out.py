"""The office sends the material out: from then on the group reads it, and each member gets a mail with a link (P7)."""

from __future__ import annotations

from flask import Flask
from flask_babel import format_date
from flask_babel import gettext as _

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for
from lexheller.accounts.rights import Actor
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.meetings.doubtful import doubts_of
from lexheller.meetings.groups import belongs_to, users_in
from lexheller.meetings.holding import hold, items_in_order, refuse_when_over
from lexheller.meetings.labels import group_name
from lexheller.meetings.models import Meeting
from lexheller.meetings.permissions import demand
from lexheller.meetings.queries import item_counts
from lexheller.meetings.reading import may_read
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.messaging.service import ask_each
from lexheller.organisations.labels import full_name
from lexheller.organisations.queries import federation_of
from lexheller.web.doubts import refuse_unlooked
from lexheller.web.links import absolute_url

MATERIAL_READY = "meetings.material_ready"


def install(app: Flask) -> None:
    register(app, Kind(MATERIAL_READY, _address, _words, subject=Meeting))


def send_material(actor: Actor, meeting: Meeting, *, seen: int, looked: bool = False) -> int:
    """Let the group read the material and tell its members; answers how many. May be done again after changes.

    `looked`: somebody has looked at what in it looks like a person's name, number or address (P24). Raises InvalidInput
    on `looked` (`doubtful`), Conflict when the meeting was changed since `seen`, was cancelled or has been held.
    """
    demand(actor, meeting.federation_id)
    hold(meeting, seen=seen)
    refuse_when_over(meeting)
    refuse_unlooked((doubt for item in items_in_order(meeting) for doubt in doubts_of(item)), looked=looked)
    meeting.material_sent_at = clock.now()
    meeting.version += 1
    db.session.flush()
    members = users_in(meeting.group)
    record(
        actor,
        "meeting.material_sent",
        federation_id=meeting.federation_id,
        subject_type="meeting",
        subject_id=meeting.id,
        data={"user_ids": [user.id for user in members]},
    )
    ask_each(
        MATERIAL_READY,
        [user.id for user in members],
        key=f"{MATERIAL_READY}:{meeting.id}:{meeting.version}",
        federation_id=meeting.federation_id,
        subject_id=meeting.id,
    )
    return len(members)


def _address(message: Message) -> Address | None:
    """Somebody who still belongs to the group, of a meeting that still is to be held (P6)."""
    user = db.session.get(User, message.recipient_id)
    meeting = db.session.get(Meeting, message.subject_id)
    if user is None or meeting is None or meeting.federation_id != message.federation_id:
        return None
    if meeting.cancelled_at is not None or not belongs_to(user.id, meeting.group_id):
        return None
    if not may_read(actor_for(user), meeting):
        return None
    return Address(user.email, user.name, user.locale)


def _words(message: Message) -> Words:
    """The day, how many items, and the way there (P7)."""
    meeting = db.session.get_one(Meeting, message.subject_id)
    federation = federation_of(meeting.federation_id)
    return Words(
        str(_("Material till mötet %(day)s finns", day=format_date(meeting.held_on, "d MMMM y"))),
        "email/meetings/material_ready.txt",
        {
            "group": group_name(meeting.group),
            "held_on": meeting.held_on,
            "count": item_counts([meeting]).get(meeting.id, 0),
            "federation_name": full_name(federation),
            "link": absolute_url("meetings.material", federation=federation.slug, meeting_id=meeting.id),
        },
    )
