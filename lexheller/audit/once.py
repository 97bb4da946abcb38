"""What is sent twice is made once (P1): a form that makes something new carries an id, which its event keeps.

Whoever presses the button twice, or whose browser sends the form again, is led to what the first one made. Stops at
finding that: what the form makes is its verb's matter, and that a step is taken once is seen to by versions.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func, select

from lexheller.audit.models import ChainHead, Event
from lexheller.core.db import db

SENT = "sent_id"
LOOKED_BACK = 1000
"""How many of the federation's latest events are looked through: more than come to be before somebody presses again."""


def made_by(federation_id: int, kind: str, sent_id: str | None) -> Event | None:
    """The event of what the same form made already. Of two at once the second waits here until the first is done.

    Called before the verb holds anything else. None for a form that was not sent before, and without an id.
    """
    if not sent_id:
        return None
    if db.session.get_bind().dialect.name == "postgresql":
        key = uuid.uuid5(uuid.NAMESPACE_OID, sent_id).int >> 65
        db.session.execute(select(func.pg_advisory_xact_lock(key)))
    newest = select(ChainHead.sequence).where(ChainHead.federation_id == federation_id).scalar_subquery()
    query = (
        select(Event)
        .where(Event.federation_id == federation_id, Event.sequence > newest - LOOKED_BACK, Event.kind == kind)
        .order_by(Event.sequence.desc())
    )
    return next((event for event in db.session.scalars(query) if event.data.get(SENT) == sent_id), None)


def marked(sent_id: str | None) -> dict[str, Any]:
    """What the event of the thing that is made keeps, to be found by `made_by`."""
    return {SENT: sent_id} if sent_id else {}
