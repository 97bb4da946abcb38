"""What an event says of the case as it stood afterwards: ids, days and codes, for figures to be made of.

No free text. What is counted of it is `statistics`' matter.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from lexheller.cases.models import Case, Duty
from lexheller.core import clock

FACTS, DUTY = "facts", "duty"


def facts_of(case: Case) -> dict[str, Any]:
    """The case's structured facts, JSON-ready; days are Swedish calendar days."""
    return {
        "number": case.number,
        "received_on": case.received_on.isoformat(),
        "reporting_organisation_id": case.reporting_organisation_id,
        "concerned_organisation_id": case.concerned_organisation_id,
        "municipality_id": case.municipality_id,
        "theme_id": case.theme_id,
        "answered_on": _day(case.answered_on),
        "closed_on": _day(case.closed_on),
        "close_reason": case.close_reason,
        "merged_into_id": case.merged_into_id,
    }


def answer_of(duty: Duty) -> dict[str, Any]:
    """What an answer's event says of its clock: whether it ran out before the answer came."""
    return {"late": was_late(duty, clock.today())}


def was_late(duty: Duty, answered_on: date) -> bool:
    """Once late is always late, even when the calendar or the clock is changed afterwards.

    While the reporter is asked the clock stands still: what was not late when it stopped is not late.
    """
    return duty.late_on is not None or (duty.paused_on is None and answered_on > duty.due_on)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
