"""The start page of somebody who belongs to a group that meets: their meetings, and the material to read."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lexheller.accounts.rights import Actor, Right, Role
from lexheller.core import clock
from lexheller.desk.sections import Line, Section, short_day
from lexheller.meetings.labels import group_name, when
from lexheller.meetings.models import Meeting
from lexheller.meetings.reading import meetings_of_member
from lexheller.organisations.models import Federation


def sections(actor: Actor, federation: Federation) -> list[Section]:
    """Empty for somebody in no group, unless that is their only role: they are told that nothing is there yet."""
    meetings = meetings_of_member(actor, federation.id)
    only_member = actor.roles.get(federation.id, frozenset()) == {Role.MEMBER}
    if actor.may(Right.PREPARE_MEETINGS, federation.id) or not (meetings or only_member):
        return []
    coming = [meeting for meeting in meetings if _is_to_come(meeting)]
    over = [meeting for meeting in meetings if not _is_to_come(meeting)]
    found = [
        Section(
            _("Möten som kommer"),
            [_line(federation.slug, meeting) for meeting in coming],
            empty=_("Inget möte är planerat. När det finns material att läsa får du ett mejl."),
            first=True,
        )
    ]
    if over:
        found.append(Section(_("Tidigare möten"), [_line(federation.slug, meeting) for meeting in over]))
    return found


def _is_to_come(meeting: Meeting) -> bool:
    return meeting.ended_at is None and meeting.held_on >= clock.today()


def _line(slug: str, meeting: Meeting) -> Line:
    note, tag = "", ""
    if meeting.material_sent_at is not None:
        tag = _("Materialet finns")
    elif _is_to_come(meeting):
        note = _("Materialet ska vara klart %(day)s.", day=short_day(meeting.material_due_on))
    href = url_for("meetings.material", federation=slug, meeting_id=meeting.id)
    return Line(f"{group_name(meeting.group)}, {when(meeting)}", href, note, tag)
