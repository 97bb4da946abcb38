"""A conclusion that no longer holds, because the case was opened again, stays as an internal note: nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lexheller.cases.dialogue import Note
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db

CLEARED: Mapping[str, Any] = {
    "conclusion": None,
    "closed_on": None,
    "close_reason": None,
    "merged_into_id": None,
}


def keep(case: Case) -> None:
    """Write the conclusion down before it is cleared."""
    if not case.conclusion:
        return
    db.session.add(
        Note(
            federation_id=case.federation_id,
            case_id=case.id,
            author_name="",
            written_at=clock.now(),
            text=case.conclusion,
        )
    )
    db.session.flush()
