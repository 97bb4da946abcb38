"""What the texts belong to: how each is found, named and held, how it notes that its words changed, and what is made
anew of them.

For those who may mask, in their own federation and whatever else they may do there. Stops at the subject: its texts are
`masking_queries`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from lexheller.accounts.rights import Actor, Right
from lexheller.actions import door as action_door
from lexheller.actions import search as action_search
from lexheller.actions.facts import facts_of as facts_of_action
from lexheller.actions.models import Action
from lexheller.cases import door as case_door
from lexheller.cases.facts import FACTS, facts_of
from lexheller.cases.held import waits_since
from lexheller.cases.models import Case
from lexheller.cases.permissions import sees_held
from lexheller.casework import sharing
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.faults import door as fault_door
from lexheller.faults.models import Fault
from lexheller.meetings import holding
from lexheller.meetings.labels import group_and_when
from lexheller.meetings.models import Meeting
from lexheller.organisations.models import Federation
from lexheller.records.masking_places import Kind, Room, rooms_above


@dataclass(frozen=True, slots=True)
class Subject:
    """One case, fault, action, meeting, report or federation, with the row itself."""

    kind: Kind
    row: Any
    room: Room

    @property
    def id(self) -> int:
        found: int = self.row.id
        return found

    @property
    def federation_id(self) -> int:
        found: int = self.row.id if self.kind is Kind.FEDERATION else self.row.federation_id
        return found

    @property
    def name(self) -> str:
        return self.room.name(self.row)


def _stepped(row: Any) -> dict[str, Any]:
    """As the doors of cases, faults and actions tell it in their events (P12, P14)."""
    return {"status": str(row.status), "version": row.version}


def _in_order(*_rows: Any) -> None:
    """Held by nothing: the texts' own rows are."""


OWN_ROOMS: Mapping[Kind, Room] = {
    Kind.CASE: Room(
        Case,
        case_door.CASE,
        lambda case: str(_("Ärende %(number)s", number=case.number)),
        lambda case: ("casework.show", {"case_id": case.id}),
        case_door.hold,
        sharing.index,
        lambda case: {**_stepped(case), FACTS: facts_of(case)},
    ),
    Kind.FAULT: Room(
        Fault,
        fault_door.FAULT,
        lambda fault: str(_("Systemfel %(number)s", number=fault.number)),
        lambda fault: ("improvement.fault", {"fault_id": fault.id}),
        fault_door.hold,
        stands=_stepped,
    ),
    Kind.ACTION: Room(
        Action,
        action_door.ACTION,
        lambda action: str(_("Åtgärd %(number)s", number=action.number)),
        lambda action: ("improvement.action", {"action_id": action.id}),
        action_door.hold,
        action_search.index,
        lambda action: {**_stepped(action), FACTS: facts_of_action(action)},
    ),
    Kind.MEETING: Room(
        Meeting,
        "meeting",
        lambda meeting: str(_("Mötet %(when)s", when=group_and_when(meeting))),
        lambda meeting: ("meetings.show", {"meeting_id": meeting.id}),
        holding.hold,
    ),
    Kind.FEDERATION: Room(
        Federation,
        "federation",
        lambda _federation: str(_("Inställningar och historik")),
        lambda _federation: ("desk.start_page", {}),
        _in_order,
    ),
}


def rooms() -> dict[Kind, Room]:
    return {**OWN_ROOMS, **{kind: room for above in rooms_above() for kind, room in above.rooms.items()}}


def demand(actor: Actor, federation_id: int) -> None:
    """Raises NotAllowedToSee."""
    if not actor.may(Right.MASK, federation_id):
        raise NotAllowedToSee(f"masking in federation {federation_id}")


def may_mask(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.MASK, federation_id)


def subject_for(actor: Actor, federation_id: int, kind: Kind, subject_id: int) -> Subject:
    """Raises NotAllowedToSee: missing, another federation's and forbidden look alike."""
    demand(actor, federation_id)
    room = rooms()[kind]
    model: Any = room.model
    own = model.id == federation_id if kind is Kind.FEDERATION else model.federation_id == federation_id
    row = db.session.scalar(select(model).where(model.id == subject_id, own))
    if row is None or is_kept_from(actor, kind, row):
        raise NotAllowedToSee(f"{kind} {subject_id}")
    return Subject(kind, row, room)


def is_kept_from(actor: Actor, kind: Kind, row: Any) -> bool:
    """What waits to be looked at is the office's alone (P24)."""
    return kind is Kind.CASE and not sees_held(actor, row.federation_id) and waits_since(row) is not None


def changed(subject: Subject, row: Any) -> dict[str, Any]:
    """Raise the versions of the subject and of the text's row, where they have any: who holds an old form meets a
    conflict (P13). Answers what the event tells of where the subject stands.
    """
    for one in {id(subject.row): subject.row, id(row): row}.values():
        if hasattr(one, "version") and subject.kind is not Kind.FEDERATION:
            one.version += 1
    db.session.flush()
    subject.room.renew(subject.row)
    return subject.room.stands(subject.row)
