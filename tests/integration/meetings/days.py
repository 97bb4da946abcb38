"""Days for the tests of meetings: working days ahead, and a meeting planned on one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta

from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.cases.queries import visible
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.faults.models import Fault
from lexheller.faults.service import Details, suspect
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.groups import group_of
from lexheller.meetings.models import Meeting
from lexheller.meetings.queries import live_on
from lexheller.meetings.rules import working_day_on_or_before
from lexheller.meetings.service import Plan, plan_meeting
from lexheller.meetings.states import GroupKind
from tests.cast.people import HOME, Cast


def working_day(cast: Cast, days_ahead: int, slug: str = HOME) -> date:
    """The first working day at least so many calendar days from today."""
    calendar = frame_of(cast.federation(slug).id).calendar
    return add_working_days(clock.today() + timedelta(days=days_ahead), 0, calendar)


def noon_of(meeting: Meeting, days_after: int = 0) -> AbstractContextManager[object]:
    """The clock stands on the meeting's day, or so many days later."""
    return clock.at(datetime.combine(meeting.held_on, time(11), tzinfo=UTC) + timedelta(days=days_after))


def fault_in(cast: Cast, slug: str = HOME, **more: object) -> Fault:
    """A fault that is suspected, between two parties."""
    values = {
        "title": "Ingen tar emot efter rehabilitering",
        "what_happens": "Vårdcentralen skickar vidare, och kontoret skickar tillbaka.",
        "let_go_organisation_id": cast.organisation("Försäkringskassan", slug).id,
        "should_catch_organisation_id": cast.organisation("Arbetsförmedlingen", slug).id,
        **more,
    }
    with transaction():
        return suspect(cast.person("samordnare", slug), cast.federation(slug).id, Details(**values))


def meeting_in(cast: Cast, days_ahead: int, slug: str = HOME, **more: object) -> Meeting:
    with transaction():
        plan = Plan(working_day(cast, days_ahead, slug), **more)
        return plan_meeting(cast.person("samordnare", slug), cast.federation(slug), plan)


def meeting_now(cast: Cast) -> Meeting:
    """The board's meeting of today, or of the last working day, with two cases on it; planned once."""
    federation = cast.federation()
    day = working_day_on_or_before(clock.today(), frame_of(federation.id).calendar)
    group = group_of(federation.id, GroupKind.BOARD)
    known = live_on(group.id, day) if group is not None else None
    if known is not None:
        return known
    with clock.at(clock.now() - timedelta(days=30)), transaction():
        meeting = plan_meeting(cast.coordinator, federation, Plan(day, group=GroupKind.BOARD))
        query = visible(cast.coordinator, federation.id).order_by(Case.received_on, Case.id)
        for case in db.session.scalars(query.limit(2)):
            put_on_agenda(cast.coordinator, case, meeting, "Ska vi gå vidare med det här?")
    return meeting


def events(kind: str = "meeting.") -> list[Event]:
    """Events of meetings, oldest first."""
    found = db.session.scalars(db.select(Event).where(Event.kind.startswith(kind)).order_by(Event.id))
    return list(found)
