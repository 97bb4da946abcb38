"""What a viewer asks the queue for: the filter, the order, and when an answer is late. Pure.

Stops at values: reading them from an address is `filters`, finding the cases `narrowing` and `queries`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lexheller.cases.states import CaseStatus

PAGE_SIZE = 25
COUNT_LIMIT = 100
UNKNOWN = 0


class Sort(StrEnum):
    """DUE: cases whose answer is waited for, the earliest day first; after them the others, the latest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"


class Only(StrEnum):
    """One thing that a case must show. HELD: a text waits for the office to look at it. NOT_SOLVED: the reporter said
    so, and no unit has been asked since. NOT_BETTER: told lately, some weeks after closing. RETURNED: a unit of this
    round said that it is not theirs. MINE: a duty waits at the viewer's own unit. OFFERED: to another federation.
    """

    RUNNING = "running"
    HELD = "held"
    MINE = "mine"
    OVERDUE = "overdue"
    PAUSED = "paused"
    NOT_SOLVED = "not_solved"
    NOT_BETTER = "not_better"
    RETURNED = "returned"
    PROPOSALS = "proposals"
    OFFERED = "offered"
    IN_DOUBT = "in_doubt"


BY_DUE_DATE = frozenset({Only.MINE, Only.OVERDUE})
FOR_MANAGERS = (Only.RUNNING, Only.MINE, Only.OVERDUE, Only.PAUSED)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """None means any; UNKNOWN (0) means those without one. Both days are counted."""

    status: CaseStatus | None = None
    only: Only | None = None
    organisation_id: int | None = None
    reporting_id: int | None = None
    unit_id: int | None = None
    municipality_id: int | None = None
    theme_id: int | None = None
    received_from: date | None = None
    received_to: date | None = None
    words: str = ""

    @property
    def natural_sort(self) -> Sort:
        """The order that is meant when nobody chose one."""
        return Sort.DUE if self.only in BY_DUE_DATE else Sort.NEWEST


def is_overdue(due_on: date, paused_on: date | None, today: date) -> bool:
    """Whether the answer is late. While the reporter is asked the clock stands still: only what was late before is."""
    return due_on < today and (paused_on is None or paused_on > due_on)


def capped(count: int) -> str:
    """A count that was stopped at COUNT_LIMIT, in figures: `99+`."""
    return str(count) if count < COUNT_LIMIT else f"{COUNT_LIMIT - 1}+"
