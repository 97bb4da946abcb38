"""An agenda item as lists show it: what it is called, where it comes from, whether the group can take it up."""

from __future__ import annotations

from dataclasses import dataclass

from lexheller.meetings.agenda import is_late
from lexheller.meetings.labels import OUTCOME
from lexheller.meetings.models import AgendaItem
from lexheller.meetings.paper import moves, reference
from lexheller.meetings.proposing import is_ready, title_of
from lexheller.meetings.states import Outcome


@dataclass(frozen=True, slots=True)
class Shown:
    """`reference` names the case or fault, `moves` say from where and how often it was moved.

    `outcome` is what the meeting came to, in words; empty before.
    """

    item: AgendaItem
    title: str
    reference: str
    late: bool
    ready: bool
    moves: tuple[str, ...]
    outcome: str


def shown(item: AgendaItem) -> Shown:
    late, outcome = is_late(item, item.meeting), str(OUTCOME[Outcome(item.outcome)]) if item.outcome else ""
    return Shown(item, title_of(item), reference(item), late, is_ready(item), moves(item), outcome)
