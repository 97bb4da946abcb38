"""When an answer is due: the federation's own calendar and number of days put into the pure rules."""

from __future__ import annotations

from datetime import date

from lexheller.deadlines.rules import Calendar, add_working_days
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import closed_days


def answer_due_on(federation: Federation, opened_on: date) -> date:
    """The last day to answer a duty opened on that day in Sweden: the federation's `answer_days` working days on."""
    return add_working_days(opened_on, federation.answer_days, calendar_of(federation))


def calendar_of(federation: Federation) -> Calendar:
    return Calendar(closed_days(federation.id))
