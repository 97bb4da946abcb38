"""Who reads, writes and approves the yearly report, and chooses its settings. Approving is the director's alone."""

from __future__ import annotations

from lexheller.accounts.rights import Actor, ActorKind, Right
from lexheller.core.errors import NotAllowedToSee

ON_ITS_OWN = frozenset({ActorKind.SYSTEM, ActorKind.OPERATOR})


def may_read(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.SEE_ACTION_REPORT, federation_id)


def may_write(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.COMPILE_ACTION_REPORT, federation_id)


def may_approve(actor: Actor, federation_id: int) -> bool:
    return actor.may(Right.APPROVE_ACTION_REPORT, federation_id)


def demand_reading(actor: Actor, federation_id: int) -> None:
    """Raises NotAllowedToSee."""
    _demand(may_read(actor, federation_id), federation_id)


def demand_writing(actor: Actor, federation_id: int) -> None:
    """Raises NotAllowedToSee."""
    _demand(may_write(actor, federation_id), federation_id)


def demand_compiling(actor: Actor, federation_id: int) -> None:
    """The nightly job and the operator's commands compile and freeze too. Raises NotAllowedToSee."""
    _demand(actor.kind in ON_ITS_OWN or may_write(actor, federation_id), federation_id)


def demand_approving(actor: Actor, federation_id: int) -> None:
    """Raises NotAllowedToSee."""
    _demand(may_approve(actor, federation_id), federation_id)


def demand_choosing(actor: Actor, federation_id: int) -> None:
    """The federation's settings of the report. Raises NotAllowedToSee."""
    _demand(actor.may(Right.ADMINISTER, federation_id), federation_id)


def _demand(allowed: bool, federation_id: int) -> None:
    if not allowed:
        raise NotAllowedToSee(f"action report of federation {federation_id}")
