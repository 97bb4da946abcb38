"""The event log as lines of a file, for those who want to see outside the database that nothing was changed.

What a line holds, and how it is judged, stands in `audit.verify`. Stops at lines: commands write them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from lexheller.audit.chain import START, VERSION
from lexheller.audit.models import ChainHead, Event
from lexheller.audit.verify import FORMAT, LOG
from lexheller.core import clock
from lexheller.core.db import db

PORTION = 1000
COLUMNS = (
    Event.federation_id,
    Event.sequence,
    Event.at,
    Event.kind,
    Event.subject_type,
    Event.subject_id,
    Event.actor_kind,
    Event.actor_user_id,
    Event.data,
    Event.previous_hash,
    Event.hash,
)


def log_lines(federation_id: int, slug: str) -> Iterator[str]:
    """The federation's log, first line first, read in portions. The transaction must see one moment."""
    head = db.session.get(ChainHead, federation_id)
    yield as_line(
        {
            LOG: FORMAT,
            "federation": slug,
            "federation_id": federation_id,
            "exported_at": clock.now().isoformat(timespec="seconds"),
            "sequence": head.sequence if head is not None else 0,
            "hash": head.hash if head is not None else START,
        }
    )
    query = select(*COLUMNS).where(Event.federation_id == federation_id).order_by(Event.sequence)
    for row in db.session.execute(query.execution_options(yield_per=PORTION)).mappings():
        yield as_line({"version": VERSION, **row, "at": row["at"].isoformat(timespec="microseconds")})


def as_line(content: dict[str, Any]) -> str:
    """One line of JSON, with letters as they are."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n"
