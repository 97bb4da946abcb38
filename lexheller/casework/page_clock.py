"""Why an answer is due when it is: every day counted or skipped, as a calendar with the reasons in words (P11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from lexheller.audit.models import Event
from lexheller.cases.models import Duty
from lexheller.core import clock
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.queries import why_due
from lexheller.deadlines.rules import DayCount


@dataclass(frozen=True, slots=True)
class Day:
    """`short` stands in the calendar, `reason` is said in full. `tone`: counted, off or paused."""

    day: date
    short: str
    reason: str
    tone: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday; None for days before the first and after the last. `month` is its first day's, in short."""

    number: int
    month: str
    days: list[Day | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """Duties that share opening, days and so the due date. `passed` is the due date's day gone by."""

    units: list[str]
    opened_on: date
    due_on: date
    passed: bool
    paused: bool
    counted: int
    extended_days: int
    weeks: list[Week]
    exceptions: list[Day]


def clocks(duties: Sequence[Duty], events: Sequence[Event], calendar: Calendar) -> list[Clock]:
    """One for each different clock among the live duties. `events` are the case's own."""
    shared: dict[tuple[date, int, date], list[Duty]] = {}
    for duty in duties:
        shared.setdefault((duty.opened_on, duty.answer_days, duty.due_on), []).append(duty)
    return [_clock(together, events, calendar) for together in shared.values()]


def _clock(together: list[Duty], events: Sequence[Event], calendar: Calendar) -> Clock:
    duty = together[0]
    days = _worded(why_due(duty, events, calendar))
    return Clock(
        [row.unit.name for row in together],
        duty.opened_on,
        duty.due_on,
        passed=duty.paused_on is None and duty.due_on < clock.today(),
        paused=duty.paused_on is not None,
        counted=duty.answer_days,
        extended_days=duty.extended_days,
        weeks=_weeks(days),
        exceptions=[day for day in days if day.tone != "counted" and day.short != _("helg")],
    )


def _worded(counts: Sequence[DayCount]) -> list[Day]:
    found: list[Day] = []
    number = 0
    for count in counts:
        number += count.counted
        last = count is counts[-1]
        if count.counted:
            reason = _("arbetsdag %(number)d", number=number)
            found.append(Day(count.day, str(number), reason, "counted", last))
        else:
            found.append(Day(count.day, *_off(count.reason), last))
    return found


def _off(reason: str) -> tuple[str, str, str]:
    """Short word, full reason and tone of a day that does not count."""
    kind, _colon, name = reason.partition(":")
    if kind == "holiday":
        return _("röd dag"), _("helgdag: %(name)s", name=name), "off"
    if kind == "closed":
        return _("stängt"), _("förbundet stängt: %(note)s", note=name), "off"
    if kind == "paused":
        return _("paus"), _("väntade på anmälaren"), "paused"
    return _("helg"), _("helg"), "off"


def _weeks(days: Sequence[Day]) -> list[Week]:
    by_day = {day.day: day for day in days}
    if not by_day:
        return []
    monday = min(by_day) - timedelta(days=min(by_day).weekday())
    weeks = []
    while monday <= max(by_day):
        days_of = [by_day.get(monday + timedelta(days=number)) for number in range(7)]
        first = next(day.day for day in days_of if day is not None)
        weeks.append(Week(monday.isocalendar().week, format_date(first, "MMM").rstrip("."), days_of))
        monday += timedelta(days=7)
    return weeks


def weekday_names() -> list[tuple[str, str]]:
    """Short and full names, Monday first."""
    monday = date(2024, 1, 1)
    days = [monday + timedelta(days=number) for number in range(7)]
    return [(format_date(day, "EEEEEE"), format_date(day, "EEEE")) for day in days]
