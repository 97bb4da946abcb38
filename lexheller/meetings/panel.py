"""What a case's page shows of meetings: which ones the case is on, and which it can be put on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Case
from lexheller.meetings import queries
from lexheller.meetings.agenda import is_late
from lexheller.meetings.labels import OUTCOME, group_and_when, group_name, when
from lexheller.meetings.models import AgendaItem
from lexheller.meetings.permissions import may_prepare
from lexheller.meetings.states import Outcome


@dataclass(frozen=True, slots=True)
class Place:
    """The case or fault on one meeting. `waits`: that meeting is cancelled and no other was there to take it over.

    `outcome` is what the meeting came to, in words; empty before.
    """

    item: AgendaItem
    when: str
    late: bool
    waits: bool
    outcome: str


def case_panel(actor: Actor, case: Case) -> dict[str, Any]:
    """The values that `meetings/_on_case.html` wants; it draws nothing for somebody who prepares no meetings."""
    places = queries.meetings_of_case(actor, case)
    return {
        "may_prepare_meetings": may_prepare(actor, case.federation_id),
        "meeting_choices": open_choices(actor, case.federation_id, places),
        "case_meetings": places_of(places),
    }


def places_of(items: list[AgendaItem]) -> list[Place]:
    """Where something stands, for its page."""
    return [
        Place(
            item,
            f"{when(item.meeting)}, {group_name(item.meeting.group)}",
            is_late(item, item.meeting),
            item.meeting.cancelled_at is not None,
            str(OUTCOME[Outcome(item.outcome)]) if item.outcome else "",
        )
        for item in items
    ]


def choices(actor: Actor, federation_id: int) -> list[tuple[int, str]]:
    """Ids and names of the meetings to come."""
    return [(meeting.id, group_and_when(meeting)) for meeting in queries.upcoming(actor, federation_id)]


def open_choices(actor: Actor, federation_id: int, places: list[AgendaItem]) -> list[tuple[int, str]]:
    """Meetings to come on which it does not stand yet."""
    there = {item.meeting_id for item in places}
    return [choice for choice in choices(actor, federation_id) if choice[0] not in there]
