"""What a case has been through, as days and codes, and what of it had happened by a given day.

Pure. Where milestones come from is `case_facts`; what is counted of them is `figures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lexheller.cases.states import TRANSITIONS, Step


class What(StrEnum):
    SENT = "sent"
    """It was sent to a unit that can answer."""
    ANSWER = "answer"
    """One party answered. The detail says whether its time had run out."""
    ANSWERED = "answered"
    """The case as a whole was answered."""
    CLOSED = "closed"
    """The detail is the reason."""
    REOPENED = "reopened"
    """It was closed, and is not any longer. What was answered stays so. The detail is the event's kind."""
    NOT_SOLVED = "not_solved"
    OCCURRENCE = "occurrence"
    TOLD = "told"
    """The reporter was told of a decision on a fault that the case belongs to."""


IN_TIME, LATE = "in_time", "late"
MISTAKEN = TRANSITIONS[Step.UNMERGE].event
"""Taking a mistaken merge apart opens a case, but nothing was opened again because it was not done."""


class Milestone(NamedTuple):
    """As it is stored: an ISO day, a code, and the code's detail."""

    on: str
    what: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stood at the end of a day. Days are Swedish calendar days. `answered_on` is of the latest answer."""

    sent_on: date | None = None
    first_answer_on: date | None = None
    answered_on: date | None = None
    closed_on: date | None = None
    close_reason: str | None = None
    answers: int = 0
    answers_in_time: int = 0
    reopened: int = 0
    not_solved: int = 0
    occurrences: int = 0
    told: bool = False


def standing(milestones: Iterable[Sequence[str | None]], day: date) -> Standing:
    """What had happened by the end of `day`; what came later is as if it had not."""
    happened = [Milestone(*stored) for stored in milestones if date.fromisoformat(str(stored[0])) <= day]  # type: ignore[arg-type]
    answers = [one for one in happened if one.what == What.ANSWER]
    answered = next((one for one in reversed(happened) if one.what == What.ANSWERED), None)
    closed = _closed(happened)
    return Standing(
        sent_on=_first(happened, What.SENT),
        first_answer_on=_first(happened, What.ANSWER, What.ANSWERED),
        answered_on=_day(answered),
        closed_on=_day(closed),
        close_reason=closed.detail if closed else None,
        answers=len(answers),
        answers_in_time=sum(one.detail == IN_TIME for one in answers),
        reopened=sum(one.what == What.REOPENED and one.detail != MISTAKEN for one in happened),
        not_solved=_times(happened, What.NOT_SOLVED),
        occurrences=_times(happened, What.OCCURRENCE),
        told=_times(happened, What.TOLD) > 0,
    )


def _first(happened: list[Milestone], *kinds: What) -> date | None:
    return min((date.fromisoformat(one.on) for one in happened if one.what in kinds), default=None)


def _closed(happened: list[Milestone]) -> Milestone | None:
    """The last closing, unless the case has been opened again since."""
    last = next((one for one in reversed(happened) if one.what in (What.CLOSED, What.REOPENED)), None)
    return last if last is not None and last.what == What.CLOSED else None


def _day(milestone: Milestone | None) -> date | None:
    return date.fromisoformat(milestone.on) if milestone else None


def _times(happened: list[Milestone], what: What) -> int:
    return sum(one.what == what for one in happened)
