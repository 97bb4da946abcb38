"""Who keeps the diary and gives out documents: one right, and without it there is none."""

from __future__ import annotations

from lexheller.accounts.rights import Actor, Right
from lexheller.core.errors import NotAllowedToSee


def demand(actor: Actor, federation_id: int) -> None:
    """Raises NotAllowedToSee."""
    if not actor.may(Right.KEEP_RECORDS, federation_id):
        raise NotAllowedToSee(f"diary of federation {federation_id}")
