"""What a plan for disposal says of each kind of document, and when something that is over falls under it. Pure.

Stops at days and codes: what there is of each kind is `disposal_kinds`, what hinders one is `disposal_hindrances`.
Nothing has a period unless the federation has adopted one (arkivlagen 1990:782): without a rule everything is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from lexheller.core.errors import InvalidInput

LONGEST_YEARS, LONGEST_DAYS, LONGEST_WAIT = 100, 3650, 90
USUAL_WAIT = 7
"""Days between decision and deletion, unless the plan says otherwise."""


class DocumentKind(StrEnum):
    """What a plan can have a rule for. CASE: the report and all of its handling. REPORTER: the reporter's address.

    MEETING: with its agenda, papers and decisions. RELEASE: a request with the copies and letters that were made.
    READING: who read what. SIGN_IN: sign-ins, and those that were refused.
    """

    CASE = "case"
    REPORTER = "reporter"
    FAULT = "fault"
    ACTION = "action"
    MEETING = "meeting"
    RELEASE = "release"
    READING = "reading"
    SIGN_IN = "sign_in"


DECIDED = (DocumentKind.CASE, DocumentKind.FAULT, DocumentKind.ACTION, DocumentKind.MEETING, DocumentKind.RELEASE)
"""Kept for years, and deleted when two persons have decided it; in this order, each after what it was about."""
NIGHTLY = tuple(kind for kind in DocumentKind if kind not in DECIDED)
"""Kept for days, and deleted every night: that the plan was adopted, and stood for its waiting time, is enough."""
SHORTEST = {DocumentKind.READING: 365, DocumentKind.SIGN_IN: 365}
"""Days that no plan goes below: one person writes the plan in, and what they have read stays to be asked about."""


class After(StrEnum):
    """From which day the time is counted: the day that it was over, or the end of that year."""

    CLOSED = "closed"
    YEAR_END = "year_end"


class DisposalStatus(StrEnum):
    PROPOSED = "proposed"
    DECIDED = "decided"
    DONE = "done"
    CALLED_OFF = "called_off"


UNDER_WAY = frozenset({DisposalStatus.PROPOSED, DisposalStatus.DECIDED})


class Hindrance(StrEnum):
    """Why something stays although its time has come. The last one: it does not fall under the plan any longer.

    LINKED: a case or fault that it belongs to stays. UNSETTLED: a meeting has something on it that is not over.
    FOLLOW_UP: the effect of the action is still to be judged.
    """

    FAULT = "fault"
    ACTION = "action"
    MEETING = "meeting"
    MERGED = "merged"
    LINKED = "linked"
    UNSETTLED = "unsettled"
    FOLLOW_UP = "follow_up"
    HANDED_HERE = "handed_here"
    RELEASE = "release"
    YEAR = "year"
    FACTS = "facts"
    NEWEST = "newest"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Rule:
    """`kept`: whole years for what is decided about, calendar days for what goes at night. `ground`: the decision's own
    words.
    """

    kept: int
    after: After = After.CLOSED
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the federation adopted: under which reference, when, by whom; `wait_days` from decision to deletion."""

    decision: str
    adopted_on: date
    adopted_by: str
    wait_days: int = USUAL_WAIT
    rules: Mapping[DocumentKind, Rule] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        grounds = {f"{kind}_ground": rule.ground for kind, rule in self.rules.items()}
        return {"decision": self.decision, "adopted_by": self.adopted_by, **grounds}


def checked(plan: Plan, today: date) -> Plan:
    """The same, if it can be. Raises InvalidInput by field: `required`, `in_future`, `too_small`, `too_large`, and
    `log_too_short` for a log that would be kept for less than `SHORTEST`.
    """
    for name in ("decision", "adopted_by"):
        if not getattr(plan, name):
            raise InvalidInput(name, "required")
    if plan.adopted_on > today:
        raise InvalidInput("adopted_on", "in_future")
    _between("wait_days", plan.wait_days, 1, LONGEST_WAIT)
    for kind, rule in plan.rules.items():
        _between(f"{kind}_kept", rule.kept, 1, LONGEST_YEARS if kind in DECIDED else LONGEST_DAYS)
        if rule.kept < SHORTEST.get(kind, 1):
            raise InvalidInput(f"{kind}_kept", "log_too_short")
        if not rule.ground:
            raise InvalidInput(f"{kind}_ground", "required")
    return plan


def _between(name: str, value: int, least: int, most: int) -> None:
    if value < least:
        raise InvalidInput(name, "too_small")
    if value > most:
        raise InvalidInput(name, "too_large")


def latest_ending(as_of: date, rule: Rule) -> date:
    """The last day of being over that falls due on `as_of` at the latest; `date.min` when there can be none."""
    if as_of.year - rule.kept - 1 < 1:
        return date.min
    if rule.after is After.YEAR_END:
        return date(as_of.year - 1 - rule.kept, 12, 31)
    try:
        return as_of.replace(year=as_of.year - rule.kept)
    except ValueError:
        return date(as_of.year - rule.kept, 2, 28)


def nightly_from(written_at: datetime, wait_days: int) -> datetime:
    """From when what goes at night follows a plan: the others who plan disposal have had its waiting time to object."""
    return written_at + timedelta(days=wait_days)


def staying(wanted: Iterable[int], hindered: Iterable[int], pairs: Iterable[tuple[int, int]]) -> set[int]:
    """Those of `wanted` that must stay because one that stays, wanted or not, went on in them.

    `pairs`: which one went on in which.
    """
    going, known = set(wanted) - set(hindered), list(pairs)
    found: set[int] = set()
    while more := {into for one, into in known if into in going and one not in going}:
        going -= more
        found |= more
    return found
