"""Who prepares meetings: reading and changing them is one right, and without it there are none."""

from __future__ import annotations

from lexheller.accounts.rights import Actor, Right
from lexheller.core.errors import NotAllowedToSee


def may_prepare(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.PREPARE_MEETINGS, federation_id)


def demand(actor: Actor, federation_id: int) -> None:
    """Raises NotAllowedToSee."""
    if not may_prepare(actor, federation_id):
        raise NotAllowedToSee(f"meetings of federation {federation_id}")
