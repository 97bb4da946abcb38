"""The demonstration's meetings: one that was held with two decisions, the next ones with what stands on the first, and
two members who read the material. Told through the verbs, with the clock put to when it happened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import Actor
from lexheller.actions.queries import types
from lexheller.cases.models import Case
from lexheller.cases.queries import visible
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.queries import frame_of
from lexheller.demo.data import address
from lexheller.faults.queries import faults_to_choose
from lexheller.faults.states import OVER
from lexheller.meetings.agenda import put_fault_on_agenda, put_on_agenda
from lexheller.meetings.deciding import Settlement, end_meeting, settle
from lexheller.meetings.groups import add_member
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.proposing import Texts, texts_of
from lexheller.meetings.queries import upcoming
from lexheller.meetings.rules import proposals
from lexheller.meetings.sending_out import send_material
from lexheller.meetings.service import Plan, plan_meeting, plan_series
from lexheller.meetings.states import GroupKind, Outcome
from lexheller.meetings.texts import describe_item
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import units

HOW_MANY = 3
THURSDAY, THIRD = 3, 3
FIRST_AFTER = timedelta(days=18)  # so that the material of the first one is not due yet
LONG_ENOUGH = timedelta(days=150)
HELD_BEFORE, CASES_BEFORE = timedelta(days=15), timedelta(days=30)
MEMBERS = ("chef.fk", "chef.af")
REASONS = (
    "Är det här ett återkommande fel som vi ska lyfta till styrelsen?",
    "Vilken part kan ta fram en gemensam rutin?",
)
FAULT_REASON = "Räcker det som görs, eller behöver styrelsen besluta om mer?"
WHAT = "Två parter hänvisar till varandra, och ingen av dem tar emot. Det händer igen trots att båda känner till det."
DECISIONS = (
    "Cheferna informeras om vad som gäller och går igenom det med sina medarbetare.",
    "Parterna tar fram en gemensam rutin och redovisar den på nästa möte.",
)


def plan_demo_meetings(federation: Federation, coordinator: Actor) -> list[Meeting]:
    """The three next meetings of the federation. Where meetings are planned already they are answered as they are."""
    planned = upcoming(coordinator, federation.id)
    if planned:
        return planned
    _hold_one(federation, coordinator)
    first = clock.today() + FIRST_AFTER
    days = _thursdays(federation, first, first + LONG_ENOUGH)[:HOW_MANY]
    made = plan_series(coordinator, federation, days, starts_at="13:00", place="Förbundets kansli")
    cases = [case for case in _cases(federation, coordinator) if case.status != CaseStatus.CLOSED]
    for case, why in zip(cases, REASONS, strict=False):
        _write(coordinator, put_on_agenda(coordinator, case, made[0], why), DECISIONS[1])
    fault = next((one for one in faults_to_choose(coordinator, federation.id) if one.status not in OVER), None)
    if fault is not None:
        put_fault_on_agenda(coordinator, fault, made[0], FAULT_REASON)
    for part in MEMBERS:
        user = user_by_email(address(part, federation.slug))
        if user is not None:
            add_member(coordinator, federation.id, GroupKind.PREPARATORY, user.id)
    return made


def _hold_one(federation: Federation, coordinator: Actor) -> None:
    """Some weeks ago, about two cases that were there then. A federation too young for it has had no meeting."""
    today = clock.today()
    day = _thursdays(federation, today - HELD_BEFORE - timedelta(days=45), today - HELD_BEFORE)[-1]
    cases = [case for case in _cases(federation, coordinator) if case.received_on < day - CASES_BEFORE]
    if len(cases) < len(DECISIONS):
        return
    with clock.at(_at(day - CASES_BEFORE, 9)):
        meeting = plan_meeting(coordinator, federation, Plan(day, "13:00", "Förbundets kansli"))
        items = [put_on_agenda(coordinator, case, meeting, why) for case, why in zip(cases[-2:], REASONS, strict=True)]
        for item, words in zip(items, DECISIONS, strict=True):
            _write(coordinator, item, words)
    with clock.at(_at(meeting.material_due_on, 9)):
        send_material(coordinator, meeting, seen=meeting.version)
    kinds, offices = types(federation.id), units(federation.id)
    with clock.at(_at(day, 14)):
        for item, words, unit in zip(items, DECISIONS, offices, strict=False):
            said = Settlement(Outcome.DECIDED, words, unit.id, by_on=day + timedelta(days=120))
            made = kinds[0] if item is items[0] and kinds else None
            settle(coordinator, item, said, seen=item.version, make_action=made)
        end_meeting(coordinator, meeting, seen=meeting.version)


def _write(coordinator: Actor, item: AgendaItem, proposed: str) -> None:
    """The page that the group reads."""
    texts: Texts = texts_of(item)
    ready = replace(texts, what=texts.what or WHAT, proposed=proposed)
    describe_item(coordinator, item, ready, seen=item.version)


def _thursdays(federation: Federation, first: date, last: date) -> list[date]:
    calendar = frame_of(federation.id).calendar
    return [found.held_on for found in proposals(first, last, weekday=THURSDAY, nth=THIRD, calendar=calendar)]


def _cases(federation: Federation, coordinator: Actor) -> list[Case]:
    """The federation's cases, the oldest first."""
    query = visible(coordinator, federation.id)
    return list(db.session.scalars(query.order_by(Case.received_on, Case.id)))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SWEDEN)
