"""When things happened in the demonstration."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from lexheller.core import clock
from lexheller.core.clock import SWEDEN
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.service import calendar_of
from lexheller.organisations.models import Federation


def working_moment(federation: Federation, start: date, days: int, *, hour: int) -> datetime:
    """That many working days on, at the hour in Sweden, never later than now."""
    day = add_working_days(start, days, calendar_of(federation))
    moment = datetime.combine(day, time(hour, 12), tzinfo=SWEDEN).astimezone(UTC)
    return min(moment, clock.now())
