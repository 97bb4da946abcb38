"""Who may change the rules, on top of the one rights table in `accounts`."""

from __future__ import annotations

from lexheller.accounts.rights import Actor, Right
from lexheller.core.errors import NotAllowedToSee


def may_change_rules(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.ADMINISTER, federation_id)


def refuse_strangers(actor: Actor, federation_id: int) -> None:
    """Raises NotAllowedToSee: to others the federation's rules do not exist."""
    if not may_change_rules(actor, federation_id):
        raise NotAllowedToSee(f"rules of federation {federation_id}")
