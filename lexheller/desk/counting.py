"""How many cases there are of each kind, counted up to COUNT_LIMIT and all in one query: the cost has a roof."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal, select

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Duty
from lexheller.cases.permissions import sees_everything
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job
from lexheller.desk.indexes import is_live, is_parked
from lexheller.desk.narrowing import is_late, narrowed
from lexheller.desk.rules import COUNT_LIMIT, Only, QueueFilter


@dataclass(frozen=True, slots=True)
class Attention:
    """How many cases ask for something of the office, each up to COUNT_LIMIT."""

    held: int
    unrouted: int
    not_solved: int
    not_better: int
    returned: int
    collected: int
    answered: int
    proposals: int
    in_doubt: int
    overdue: int
    with_units: int
    paused: int
    offered_out: int
    parked: int


FILTERS: Mapping[str, QueueFilter] = {
    "held": QueueFilter(only=Only.HELD),
    "unrouted": QueueFilter(status=CaseStatus.UNROUTED),
    "not_solved": QueueFilter(only=Only.NOT_SOLVED),
    "not_better": QueueFilter(only=Only.NOT_BETTER),
    "returned": QueueFilter(only=Only.RETURNED),
    "collected": QueueFilter(status=CaseStatus.COLLECTED),
    "answered": QueueFilter(status=CaseStatus.ANSWERED),
    "proposals": QueueFilter(only=Only.PROPOSALS),
    "in_doubt": QueueFilter(only=Only.IN_DOUBT),
    "offered_out": QueueFilter(only=Only.OFFERED),
}


def attention(actor: Actor, federation_id: int) -> Attention:
    """For somebody who sees all cases of the federation; nothing is counted for others (P15)."""
    if not sees_everything(actor, federation_id):
        return Attention(**dict.fromkeys(Attention.__slots__, 0))
    counts = {name: up_to_limit(narrowed(actor, federation_id, wanted)) for name, wanted in FILTERS.items()}
    live = select(Duty).where(Duty.federation_id == federation_id, is_live())
    counts["overdue"] = up_to_limit(live.where(is_late(Duty)))
    counts["with_units"] = up_to_limit(live.where(Duty.due_on >= clock.today(), Duty.paused_on.is_(None)))
    counts["paused"] = up_to_limit(select(Duty).where(Duty.federation_id == federation_id, Duty.paused_on.is_not(None)))
    counts["parked"] = up_to_limit(select(Job).where(Job.federation_id == federation_id, is_parked()))
    row = db.session.execute(select(*(count.label(name) for name, count in counts.items()))).one()
    return Attention(**row._mapping)


def waiting_at(unit_ids: Set[int]) -> int:
    """Duties that wait for an answer at these units, up to COUNT_LIMIT; nothing is asked where there are none."""
    if not unit_ids:
        return 0
    query = select(Duty).where(is_live(), Duty.unit_id.in_(unit_ids))
    return db.session.scalar(select(up_to_limit(query))) or 0


def up_to_limit(query: Select[Any]) -> ScalarSelect[int]:
    """How many rows, stopped at COUNT_LIMIT."""
    few = query.with_only_columns(literal(1).label("one")).limit(COUNT_LIMIT).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
