"""How much time is left to answer, in words: days left, the last day, late, or a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from lexheller.cases.models import Duty
from lexheller.core import clock
from lexheller.deadlines.labels import left_words
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import working_days_between

SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`tone` is the status tag's: neutral, progress or late. `late` also while the clock stands still."""

    words: str
    detail: str
    tone: str
    late: bool = False
    paused: bool = False


def time_left(duty: Duty) -> TimeLeft:
    """Of a duty that somebody still has to answer, as of today in Sweden."""
    today, last_day = clock.today(), _said(duty.due_on)
    if duty.paused_on is not None:
        return _standing_still(duty, last_day)
    calendar = frame_of(duty.federation_id).calendar
    words = left_words(duty.due_on, today, calendar)
    words = words[:1].upper() + words[1:]
    if duty.due_on < today:
        return TimeLeft(words, _("Svaret skulle ha kommit senast %(day)s.", day=last_day), "late", late=True)
    soon = working_days_between(today, duty.due_on, calendar) <= SOON_DAYS
    return TimeLeft(words, _("Svara senast %(day)s.", day=last_day), "progress" if soon else "neutral")


def _standing_still(duty: Duty, last_day: str) -> TimeLeft:
    late = duty.paused_on is not None and duty.due_on < duty.paused_on
    if late:
        detail = _("Svaret skulle ha kommit senast %(day)s, innan anmälaren fick frågan.", day=last_day)
    else:
        detail = _("Dagarna räknas inte förrän anmälaren har svarat. Sista dagen flyttas fram lika mycket.")
    return TimeLeft(_("Klockan står still"), detail, "late" if late else "neutral", late, paused=True)


def _said(day: date) -> str:
    return str(format_date(day, "EEEE d MMMM y"))
