"""Loaded by every Python process of a site that lives through another year: its clock is ahead or behind by what a file
says. Stops at `core.clock`, where all of the application's time comes from.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lexheller.core import clock

OFFSET = Path(os.environ["CLOCK_OFFSET_FILE"])


class MovedDatetime(datetime):
    """Answers another `now`; everything else is the same."""

    @classmethod
    def now(cls, tz=UTC):
        return datetime.now(tz) + timedelta(seconds=float(OFFSET.read_text()))


clock.datetime = MovedDatetime
