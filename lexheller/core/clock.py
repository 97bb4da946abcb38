"""The one place that knows what time it is. Stops at time: calendars and deadlines live in `deadlines`.

All moments are aware UTC. `at` lets the demo and the tests live through another time; nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")

_pinned: ContextVar[datetime | None] = ContextVar("pinned_moment", default=None)


def now() -> datetime:
    """The present moment, aware UTC."""
    return _pinned.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day in Sweden."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day in Sweden that an aware moment falls on. Raises ValueError for a naive one."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(SWEDEN).date()


def local_year() -> int:
    """The calendar year in Sweden: the year of a diary number given now."""
    return today().year


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block `now()` answers `moment`, which must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)
