"""The days one federation works: Swedish holidays and eves, weekends, and its own closed days. Pure.

Public holidays and the eves that the Annual Leave Act (1977:480, section 7) puts on a par with Sundays. Stops at
single days: counting them towards a deadline is `deadlines.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

import holidays

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days one federation works. `closed_days` are its own days off, each with a note saying why."""

    closed_days: Mapping[date, str] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        return self.day_off_reason(day) is None

    def day_off_reason(self, day: date) -> str | None:
        """The reason key when `day` is off, else None.

        A named holiday is said before the weekend it may fall on, and both before a closed day.
        Raises TypeError for a datetime: which calendar day it means depends on the zone (`core.clock.day_of`).
        """
        if isinstance(day, datetime):
            raise TypeError("a calendar day is needed, not a point in time")
        name = _national_days_off(day.year).get(day)
        if name is not None:
            return f"holiday:{name}"
        if day.weekday() >= _SATURDAY:
            return "weekend"
        if day in self.closed_days:
            return f"closed:{self.closed_days[day]}"
        return None


@lru_cache(maxsize=256)
def _national_days_off(year: int) -> Mapping[date, str]:
    """Holidays and eves of one year by their Swedish names, whatever language the process runs in.

    Read out year by year into a plain mapping, because the library's own object fills itself in when asked
    and is shared by no thread safely. Påskafton and pingstafton are Saturdays and need no entry.
    """
    days = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), language="sv")
    return dict(days.items())
