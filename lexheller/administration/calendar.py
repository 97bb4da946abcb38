"""The federation's days off of one year beside Sweden's, and what a changed day would do to deadlines that run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lexheller.core import clock
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.queries import Frame, duties_with_a_clock, pauses_of_each
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.settings import Settings
from lexheller.organisations.models import ClosedDay
from lexheller.organisations.queries import closed_days
from lexheller.organisations.rules import ONE_DAY

HOLIDAY = "holiday:"


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which nobody works besides weekends. `closed` is set where the federation chose it.

    `no_effect`: a closed day that is a weekend or a holiday anyway.
    """

    day: date
    reason: str
    closed: ClosedDay | None
    no_effect: bool = False


@dataclass(frozen=True, slots=True)
class Moves:
    """How many deadlines run, and how many of them would move: later, or back again."""

    running: int
    deadlines: int
    later: bool


def days_off(year: int, chosen: list[ClosedDay]) -> list[DayOff]:
    """Holidays and eves that fall on a weekday, and the chosen days of the year, in order."""
    swedish = Calendar()
    by_day = {closed.day: closed for closed in chosen}
    found: list[DayOff] = []
    day = date(year, 1, 1)
    while day.year == year:
        reason = swedish.day_off_reason(day) or ""
        closed = by_day.get(day)
        holiday = reason.removeprefix(HOLIDAY) if reason.startswith(HOLIDAY) else ""
        if holiday and day.weekday() < 5:
            found.append(DayOff(day, holiday, None))
        if closed is not None:
            found.append(DayOff(day, closed.note, closed, no_effect=bool(reason)))
        day += ONE_DAY
    return found


def moves(federation_id: int, settings: Settings, *, close: date | None = None, open_: date | None = None) -> Moves:
    """What closing or opening one day would do to deadlines that run. Changes nothing."""
    days: Mapping[date, str] = closed_days(federation_id)
    changed = {day: note for day, note in {**days, **({close: ""} if close else {})}.items() if day != open_}
    frame = Frame(settings, Calendar(changed))
    duties = duties_with_a_clock(federation_id)
    pauses = pauses_of_each(duties)
    moved = [duty for duty in duties if frame.due_date(duty, pauses[duty.id]) != duty.due_on]
    return Moves(len(duties), len(moved), later=close is not None)


def example_due_on(federation_id: int, answer_days: int) -> date:
    """By when a case that comes in today would have to be answered."""
    return add_working_days(clock.today(), answer_days, Calendar(closed_days(federation_id)))
