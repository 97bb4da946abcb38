"""The course of a fault or an action, as days and codes, and where it stood at the end of a given day.

Pure. Where milestones come from is `fault_facts` and `action_facts`; what is counted of them is `mending`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lexheller.actions.states import ActionStatus


class Turn(StrEnum):
    """The code of a milestone `[ISO day, code, detail]`."""

    STATUS = "status"
    """The detail is the status. Of an action that is done the day is the one on which it was carried out."""
    TAKEN_FOR = "taken_for"
    """The detail is a case that an action had from the beginning: it has it on whichever day the action is counted."""
    LINKED = "linked"
    UNLINKED = "unlinked"
    JUDGED = "judged"
    """The detail is the judgement."""


@dataclass(frozen=True, slots=True)
class Course:
    """Where it stood. `since` is the status's own day; `case_ids` are in order; `judgements` with their days."""

    status: str | None
    since: date | None
    case_ids: tuple[int, ...]
    judgements: tuple[tuple[date, str], ...]


def course(milestones: Iterable[Sequence[Any]], day: date) -> Course:
    """How it stood at the end of `day`; what came later is as if it had not.

    But for one thing: an action that was done and has another status since turned out not to have been carried out,
    and has never been done on any day, nor has what was judged of it.
    """
    found = list(milestones)
    status, since = _status(found, day)
    linked: set[int] = set()
    judgements: list[tuple[date, str]] = []
    for stored, what, detail in found:
        on = date.fromisoformat(stored)
        if what == Turn.STATUS and detail != ActionStatus.DONE:
            judgements.clear()
        elif what == Turn.TAKEN_FOR:
            linked.add(detail)
        elif on > day:
            continue
        elif what == Turn.LINKED:
            linked.add(detail)
        elif what == Turn.UNLINKED:
            linked.discard(detail)
        elif what == Turn.JUDGED:
            judgements.append((on, detail))
    return Course(status, since, tuple(sorted(linked)), tuple(judgements))


def _status(milestones: Iterable[Sequence[Any]], day: date) -> tuple[str | None, date | None]:
    """The latest by `day` and its day, without what was taken back, whenever that was told."""
    standing: list[tuple[str, date]] = []
    for on, what, detail in milestones:
        if what != Turn.STATUS:
            continue
        if detail != ActionStatus.DONE:
            standing = [one for one in standing if one[0] != ActionStatus.DONE]
        standing.append((detail, date.fromisoformat(on)))
    return next((one for one in reversed(standing) if one[1] <= day), (None, None))
