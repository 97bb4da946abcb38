"""What in a reporter's words looks as if it named a person: asked about once, and what stays so waits (P24).

Stops at finding and at the marks of waiting: who is asked is the views' matter, letting it through `casework`'s.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from lexheller.core import clock
from lexheller.organisations.known_names import doubts_here
from lexheller.web.doubts import Doubt, refuse_unlooked

if TYPE_CHECKING:
    from lexheller.intake.service import Submission


def doubts_of(federation_id: int, submission: Submission) -> list[Doubt]:
    """In what was written; not in the reporter's own address, which stands apart."""
    return doubts_here(
        federation_id,
        {
            "what_happened": submission.what_happened,
            "consequence": submission.consequence,
            "done_at_once": submission.done_at_once,
            "proposal": submission.proposal,
        },
    )


def held_at(federation_id: int, text: str, *, looked: bool) -> datetime | None:
    """Now, for words that are in doubt though the writer has looked; None for words that are not in doubt.

    Raises InvalidInput on `looked` (`doubtful`) while the writer has not said so.
    """
    found = doubts_here(federation_id, {"text": text})
    refuse_unlooked(found, looked=looked)
    return clock.now() if found else None
