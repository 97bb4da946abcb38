"""How long is left to answer, or how late an answer is, in words: one wording for lists, start pages and the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.core import clock
from lexheller.deadlines.calendar import Calendar
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import working_days_between

Left = Callable[[date], str]
"""From the day by which somebody is to answer to the words."""


def left_in(federation_id: int) -> Left:
    """As of today, by the federation's calendar, which is read once for many duties."""
    return partial(left_words, today=clock.today(), calendar=frame_of(federation_id).calendar)


def left_words(due_on: date, today: date, calendar: Calendar) -> str:
    """In working days of the calendar, as part of a sentence. A clock that stands still is the caller's to say."""
    if due_on < today:
        late = working_days_between(due_on, today, calendar)
        if not late:
            return str(_("tiden har gått ut"))
        return str(ngettext("%(num)d arbetsdag försenat", "%(num)d arbetsdagar försenat", late))
    match (due_on - today).days:
        case 0:
            return str(_("i dag är sista dagen"))
        case 1:
            return str(_("i morgon är sista dagen"))
    left = working_days_between(today, due_on, calendar)
    return str(ngettext("%(num)d arbetsdag kvar", "%(num)d arbetsdagar kvar", left))
