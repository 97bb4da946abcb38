"""Reading what a clock runs on: a federation's settings and calendar, a duty's terms, and its pauses.

Nothing here is secret; who may see a duty is decided by whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.audit.queries import history
from lexheller.cases.models import Duty
from lexheller.cases.states import LIVE, TRANSITIONS, CaseStatus, Step
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.models import DeadlineSettings, DueStep
from lexheller.deadlines.rules import DayCount, Pause, explain
from lexheller.deadlines.schedule import DueStepKind, Running, due_date, terms_of
from lexheller.deadlines.settings import DEFAULTS, Settings
from lexheller.organisations.queries import closed_days

HELD = "held"
"""In the event of a reply: it waits for the office to look (P24)."""
_ASKED, _LET_THROUGH = TRANSITIONS[Step.ASK_REPORTER].event, TRANSITIONS[Step.LET_THROUGH].event
_NO_LONGER = frozenset(TRANSITIONS[step].event for step in (Step.REPLY, Step.WITHDRAW_QUESTION, Step.STOP_WAITING))
_CLOSES = frozenset(step.event for step in TRANSITIONS.values() if CaseStatus.CLOSED in step.to)
CASES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Frame:
    """What all clocks of a federation share: read once, used for many duties."""

    settings: Settings
    calendar: Calendar

    def due_date(self, duty: Duty, pauses: list[Pause]) -> date:
        """The due date by this calendar. A pause that still lasts has not moved it yet."""
        return due_date(running(duty), self.calendar, finished(pauses))


def settings_of(federation_id: int) -> Settings:
    """The federation's terms; the defaults while nobody has chosen. Writes nothing."""
    row = db.session.get(DeadlineSettings, federation_id)
    if row is None:
        return DEFAULTS
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Settings)}
    return Settings(**{**values, "escalate_after_days": tuple(row.escalate_after_days)})


def frame_of(federation_id: int) -> Frame:
    return Frame(settings_of(federation_id), Calendar(closed_days(federation_id)))


def why_no_more_days(duty: Duty, settings: Settings) -> str:
    """Why whoever answers cannot give themselves more days: `no_more` or `late_already`; empty when they can."""
    if not settings.extension_days or duty.clock_round > settings.most_extensions:
        return "no_more"
    return "late_already" if duty.due_on < (duty.paused_on or clock.today()) else ""


def running(duty: Duty) -> Running:
    return Running(duty.opened_on, duty.answer_days, duty.clock_round)


def pauses_of(duty: Duty) -> list[Pause]:
    """When the reporter was asked about the duty's case, from the event history, oldest first, until the duty's end.

    A question pauses every duty of its case that runs while it waits, and while its reply waits to be looked at. The
    last one has no last day while it waits.
    """
    return pauses_among(history(duty.federation_id, "case", duty.case_id), duty)


def pauses_of_each(duties: Sequence[Duty]) -> dict[int, list[Pause]]:
    """The same of many duties of one federation, by duty id: one question for each `CASES_AT_ONCE` cases."""
    case_ids = sorted({duty.case_id for duty in duties})
    events: dict[int, list[Event]] = {}
    for start in range(0, len(case_ids), CASES_AT_ONCE):
        query = select(Event).where(
            Event.federation_id == duties[0].federation_id,
            Event.subject_type == "case",
            Event.subject_id.in_(case_ids[start : start + CASES_AT_ONCE]),
            Event.kind.in_({_ASKED, _LET_THROUGH, *_NO_LONGER, *_CLOSES}),
        )
        for event in db.session.scalars(query.order_by(Event.sequence)):
            events.setdefault(event.subject_id, []).append(event)
    return {duty.id: pauses_among(events.get(duty.case_id, []), duty) for duty in duties}


def pauses_among(events: Iterable[Event], duty: Duty) -> list[Pause]:
    """The same from the case's events, oldest first, where somebody has read them already."""
    found: list[Pause] = []
    asked_on: date | None = None
    waits = _Waits()
    for event in events:
        if duty.ended_at is not None and event.at > duty.ended_at:
            break
        waits.follow(event)
        if asked_on is None and waits.still:
            asked_on = clock.day_of(event.at)
        elif asked_on is not None and not waits.still:
            found.append(Pause(asked_on, clock.day_of(event.at)))
            asked_on = None
    if asked_on is not None:
        found.append(Pause(asked_on, clock.day_of(duty.ended_at) if duty.ended_at is not None else None))
    return found


@dataclass(slots=True)
class _Waits:
    """What the clocks of a case stand still for: a question to the reporter, or a reply that nobody has looked at."""

    asked: bool = False
    held: bool = False

    @property
    def still(self) -> bool:
        return self.asked or self.held

    def follow(self, event: Event) -> None:
        """A case that closes takes its question back without saying so."""
        if event.data.get("status") == CaseStatus.CLOSED:
            self.asked = self.held = False
        elif event.kind == _ASKED:
            self.asked = True
        elif event.kind == _LET_THROUGH:
            self.held = False
        elif event.kind in _NO_LONGER:
            self.held = self.held or (self.asked and bool(event.data.get(HELD)))
            self.asked = False


def finished(pauses: list[Pause]) -> list[Pause]:
    return [pause for pause in pauses if pause.last is not None]


def why_due(duty: Duty, events: Iterable[Event], calendar: Calendar) -> list[DayCount]:
    """Each day from the day after opening to the due date, counted or not, with the reason (P11). `events` are the
    case's own, oldest first.

    While the reporter is asked, the list goes on as if the reply came today.
    """
    return explain(duty.opened_on, duty.answer_days, calendar, pauses_among(events, duty), clock.today())


def terms_of_duty(duty: Duty, settings: Settings) -> dict[DueStepKind, int]:
    """The terms that the duty was opened with, for its present clock round; the federation's if it has none yet."""
    rows = db.session.execute(select(DueStep.step, DueStep.days).where(DueStep.duty_id == duty.id))
    kept = {DueStepKind(row.step): row.days for row in rows}
    if not kept:
        return terms_of(settings, duty.clock_round)
    if duty.clock_round > 1:
        kept.pop(DueStepKind.ACKNOWLEDGE, None)
    return kept


def waiting_steps(duty_id: int) -> list[DueStep]:
    """Steps that have neither fired nor been cancelled, by their moment."""
    query = select(DueStep).where(
        DueStep.duty_id == duty_id, DueStep.fired_at.is_(None), DueStep.cancelled_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(DueStep.due_at, DueStep.id)))


def steps_of(duty_id: int) -> list[DueStep]:
    """Every step that the duty has had, by clock round and moment."""
    query = select(DueStep).where(DueStep.duty_id == duty_id)
    return list(db.session.scalars(query.order_by(DueStep.clock_round, DueStep.due_at, DueStep.id)))


def duties_with_a_clock(federation_id: int) -> list[Duty]:
    """Duties of the federation that somebody still has to answer, in the order they were opened."""
    query = select(Duty).where(Duty.federation_id == federation_id, Duty.status.in_(LIVE))
    return list(db.session.scalars(query.order_by(Duty.id)))
