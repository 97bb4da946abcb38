"""When each step of a duty's deadline comes, and when nobody is to be disturbed. Pure.

Steps fall on a working day at the federation's digest hour in Sweden; all moments answered are aware UTC. Stops at
moments: rows and firing are `deadlines.service` and `deadlines.sweep`, whom a step reaches is `deadlines.ladder`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from lexheller.core.clock import SWEDEN, day_of
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.rules import Pause, add_working_days, subtract_working_days
from lexheller.deadlines.settings import Settings, at_clock, is_quiet_clock

_ONE_DAY = timedelta(days=1)
_LONGEST_SILENCE = 3660


class DueStepKind(StrEnum):
    """ACKNOWLEDGE: nobody has accepted in time. OVERDUE: the first working day after the due date."""

    ACKNOWLEDGE = "acknowledge"
    REMIND = "remind"
    OVERDUE = "overdue"
    ESCALATE_1 = "escalate_1"
    ESCALATE_2 = "escalate_2"
    ESCALATE_3 = "escalate_3"


ESCALATIONS = (DueStepKind.ESCALATE_1, DueStepKind.ESCALATE_2, DueStepKind.ESCALATE_3)


@dataclass(frozen=True, slots=True)
class Running:
    """What the clock of a duty runs on. `clock_round` is 1 until the duty is extended."""

    opened_on: date
    answer_days: int
    clock_round: int = 1


def terms_of(settings: Settings, clock_round: int = 1) -> dict[DueStepKind, int]:
    """The working days of each step: after opening (ACKNOWLEDGE), before (REMIND) or after (the others) the due date.

    They stay with the duty: settings that are changed later apply to duties opened later. Whoever extends has
    accepted, so a later round has no ACKNOWLEDGE.
    """
    found = {DueStepKind.OVERDUE: 1}
    if clock_round == 1:
        found[DueStepKind.ACKNOWLEDGE] = settings.acknowledge_days + 1
    if settings.remind_before_days:
        found[DueStepKind.REMIND] = settings.remind_before_days
    found.update(zip(ESCALATIONS, settings.escalate_after_days, strict=False))
    return found


def due_date(running: Running, calendar: Calendar, pauses: Sequence[Pause] = (), today: date | None = None) -> date:
    """The last day to answer. A pause that begins after it changes nothing: late stays late."""
    return add_working_days(running.opened_on, running.answer_days, calendar, pauses, today)


def moments(
    running: Running,
    terms: Mapping[DueStepKind, int],
    calendar: Calendar,
    settings: Settings,
    pauses: Sequence[Pause] = (),
    today: date | None = None,
) -> dict[DueStepKind, datetime]:
    """When each step of `terms` comes. Days on which the reporter is asked do not count after the due date either."""
    due_on = due_date(running, calendar, pauses, today)
    days: dict[DueStepKind, date] = {}
    for step, count in terms.items():
        if step is DueStepKind.REMIND:
            days[step] = subtract_working_days(due_on, count, calendar)
        else:
            start = running.opened_on if step is DueStepKind.ACKNOWLEDGE else due_on
            days[step] = add_working_days(start, count, calendar, pauses, today)
    at = at_clock(settings.digest_at)
    return {step: local_moment(day, at) for step, day in days.items()}


def too_soon(step: DueStepKind, moment: datetime, running: Running) -> bool:
    """A reminder before the day after opening says nothing that the first mail did not say: it is left out."""
    return step is DueStepKind.REMIND and day_of(moment) <= running.opened_on


def is_quiet(moment: datetime, calendar: Calendar, settings: Settings) -> bool:
    """Whether nobody is to be disturbed at the aware moment: at night, and all day on a day off (P9)."""
    local = moment.astimezone(SWEDEN)
    if not calendar.is_working_day(day_of(moment)):
        return True
    return is_quiet_clock(local.time(), at_clock(settings.quiet_from), at_clock(settings.quiet_to))


def next_open(moment: datetime, calendar: Calendar, settings: Settings) -> datetime:
    """The moment itself if it is not quiet, else the next one that is not, aware UTC.

    Raises ValueError when ten years of days off lie ahead.
    """
    if not is_quiet(moment, calendar, settings):
        return moment.astimezone(UTC)
    openings = sorted({time(0), at_clock(settings.quiet_to)})
    day = day_of(moment)
    for _ in range(_LONGEST_SILENCE):
        for opening in openings:
            found = local_moment(day, opening)
            if found > moment and not is_quiet(found, calendar, settings):
                return found
        day += _ONE_DAY
    raise ValueError("the calendar has too few working days")


def local_moment(day: date, at: time) -> datetime:
    """That time of day in Sweden as aware UTC; an hour that comes twice is the first one."""
    return datetime.combine(day, at, tzinfo=SWEDEN).astimezone(UTC)
