"""The page that the group reads about an item, as the office writes it: de-identified, with a proposed decision."""

from __future__ import annotations

from dataclasses import asdict

from lexheller.accounts.rights import Actor
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.meetings.holding import hold_item, refuse_when_ended
from lexheller.meetings.models import AgendaItem
from lexheller.meetings.permissions import demand
from lexheller.meetings.proposing import LONGEST_TITLE, Texts
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.web.doubts import doubts_in, refuse_unlooked

LONGEST = 3000


def describe_item(actor: Actor, item: AgendaItem, texts: Texts, *, seen: int, looked: bool = False) -> None:
    """Store the six texts. The same again is no change.

    `looked`: somebody has looked at what in the new words looks like a person's name, number or address (P24).
    Raises InvalidInput on the field (`empty` title, `too_long`, or P23) and on `looked` (`doubtful`), Conflict when the
    item was changed since `seen`, was moved, or its meeting has ended.
    """
    demand(actor, item.federation_id)
    values = {name: text.strip() for name, text in asdict(texts).items()}
    refuse_identity_numbers(**values)
    for name, text in values.items():
        if len(text) > (LONGEST_TITLE if name == "title" else LONGEST):
            raise InvalidInput(name, "too_long")
    if not values["title"]:
        raise InvalidInput("title", "empty")
    meeting = hold_item(item, seen=seen)
    refuse_when_ended(meeting)
    fields = [name for name, text in values.items() if text != getattr(item, name)]
    if not fields and item.described_at is not None:
        return
    refuse_unlooked(doubts_in({name: values[name] for name in fields}), looked=looked)
    for name, text in values.items():
        setattr(item, name, text)
    item.described_at = clock.now()
    item.version += 1
    meeting.version += 1
    db.session.flush()
    record(
        actor,
        "meeting.item_described",
        federation_id=item.federation_id,
        subject_type="meeting",
        subject_id=meeting.id,
        data={"item_id": item.id, "case_id": item.case_id, "fault_id": item.fault_id, "fields": sorted(fields)},
    )
