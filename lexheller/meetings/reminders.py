"""The office is reminded in time before the material is due: a job row a meeting and day, and one mail.

The job looks again when its time has come. A meeting that was cancelled reminds nobody; one that was moved reminds
before its own day, and once. No mail at night or on a day off (P9).
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import format_date
from flask_babel import gettext as _

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, users_with
from lexheller.accounts.rights import Right
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.deadlines.queries import Frame, frame_of
from lexheller.deadlines.schedule import local_moment, next_open
from lexheller.deadlines.settings import at_clock
from lexheller.meetings.labels import group_name
from lexheller.meetings.models import Meeting
from lexheller.meetings.permissions import may_prepare
from lexheller.meetings.queries import item_counts
from lexheller.meetings.rules import remind_on
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.messaging.service import ask_each
from lexheller.organisations.labels import full_name
from lexheller.organisations.queries import federation_of
from lexheller.web.links import absolute_url

MATERIAL_JOB = "meetings.remind_of_material"
MATERIAL_DUE = "meetings.material_due"


def install(app: Flask) -> None:
    jobs.register(app, MATERIAL_JOB, remind)
    register(app, Kind(MATERIAL_DUE, _address, _words, subject=Meeting))


def ask_for_reminder(meeting: Meeting) -> None:
    """In the morning three working days before the material is due; none when that has been already."""
    due_at = _reminding_moment(meeting, frame_of(meeting.federation_id))
    if due_at <= clock.now():
        return
    jobs.ask_for(
        MATERIAL_JOB,
        federation_id=meeting.federation_id,
        subject_id=meeting.id,
        key=f"{MATERIAL_JOB}:{meeting.id}:{meeting.material_due_on.isoformat()}",
        due_at=due_at,
    )


def remind(meeting_id: int) -> jobs.Postponed | None:
    """Ask for the mails, or for another moment: the meeting was moved, or it is night or a day off."""
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None or _is_ready_or_off(meeting) or clock.today() > meeting.material_due_on:
        return None
    frame = frame_of(meeting.federation_id)
    moment = next_open(max(clock.now(), _reminding_moment(meeting, frame)), frame.calendar, frame.settings)
    if moment > clock.now():
        return jobs.Postponed(moment)
    ask_each(
        MATERIAL_DUE,
        [user.id for user in users_with(Right.HANDLE_CASES, meeting.federation_id)],
        key=f"{MATERIAL_DUE}:{meeting.id}:{meeting.material_due_on.isoformat()}",
        federation_id=meeting.federation_id,
        subject_id=meeting.id,
    )
    return None


def _is_ready_or_off(meeting: Meeting) -> bool:
    """Nobody is reminded of what was sent out, or of a meeting that is over or cancelled (P9)."""
    return any(at is not None for at in (meeting.cancelled_at, meeting.ended_at, meeting.material_sent_at))


def _reminding_moment(meeting: Meeting, frame: Frame) -> datetime:
    return local_moment(remind_on(meeting.material_due_on, frame.calendar), at_clock(frame.settings.digest_at))


def _address(message: Message) -> Address | None:
    """A user who still prepares the federation's meetings, of which this one still is to be held (P6)."""
    user = db.session.get(User, message.recipient_id)
    meeting = db.session.get(Meeting, message.subject_id)
    if user is None or meeting is None or _is_ready_or_off(meeting):
        return None
    if meeting.federation_id != message.federation_id or not may_prepare(actor_for(user), message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _words(message: Message) -> Words:
    """The day, how many cases wait, and the way there (P7)."""
    meeting = db.session.get_one(Meeting, message.subject_id)
    federation = federation_of(meeting.federation_id)
    return Words(
        str(_("Material till mötet %(day)s", day=format_date(meeting.held_on, "d MMMM y"))),
        "email/meetings/material_due.txt",
        {
            "group": group_name(meeting.group),
            "held_on": meeting.held_on,
            "material_due_on": meeting.material_due_on,
            "count": item_counts([meeting]).get(meeting.id, 0),
            "federation_name": full_name(federation),
            "link": absolute_url("meetings.show", federation=federation.slug, meeting_id=meeting.id),
        },
    )
