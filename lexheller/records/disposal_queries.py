"""Reading plans and proposals, and trying out what falls under a plan. The viewer comes first; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor, Right
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.records.disposal_hindrances import hindrances
from lexheller.records.disposal_kinds import due
from lexheller.records.disposal_models import Disposal, DisposalItem, DisposalPlan, DisposalRule
from lexheller.records.disposal_rules import (
    DECIDED,
    UNDER_WAY,
    After,
    DocumentKind,
    Hindrance,
    Plan,
    Rule,
    nightly_from,
)
from lexheller.statements.queries import details_of


@dataclass(frozen=True, slots=True)
class Line:
    """One whose time has come; `why` holds it back."""

    kind: DocumentKind
    subject_id: int
    number: str
    year: int
    ended_on: date
    why: tuple[Hindrance, ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would be deleted as of a day, and what would stay: by kind, and within that by age."""

    as_of: date
    going: tuple[Line, ...] = ()
    staying: tuple[Line, ...] = ()


def demand_planning(actor: Actor, federation_id: int) -> None:
    """Raises NotAllowedToSee."""
    if not actor.may(Right.PLAN_DISPOSAL, federation_id):
        raise NotAllowedToSee(f"disposal in federation {federation_id}")


def plan_in_force(federation_id: int) -> DisposalPlan | None:
    """The newest version; None: nothing is ever deleted."""
    query = select(DisposalPlan).where(DisposalPlan.federation_id == federation_id)
    return db.session.scalar(query.order_by(DisposalPlan.version.desc()).limit(1))


def plans(actor: Actor, federation_id: int) -> list[DisposalPlan]:
    """Every version, the newest first. Raises NotAllowedToSee."""
    demand_planning(actor, federation_id)
    return _versions(federation_id)


def _versions(federation_id: int) -> list[DisposalPlan]:
    query = select(DisposalPlan).where(DisposalPlan.federation_id == federation_id)
    return list(db.session.scalars(query.order_by(DisposalPlan.version.desc())))


def contents_of(plan: DisposalPlan) -> Plan:
    rows = db.session.scalars(
        select(DisposalRule).where(DisposalRule.plan_id == plan.id, DisposalRule.federation_id == plan.federation_id)
    )
    rules = {DocumentKind(row.kind): Rule(row.kept, After(row.after), row.ground) for row in rows}
    ordered = {kind: rules[kind] for kind in DocumentKind if kind in rules}
    return Plan(plan.decision, plan.adopted_on, plan.adopted_by, plan.wait_days, ordered)


def rule_in_force(federation_id: int, kind: DocumentKind) -> Rule | None:
    plan = plan_in_force(federation_id)
    return contents_of(plan).rules.get(kind) if plan is not None else None


def address_days(federation_id: int) -> int | None:
    """How many days after the closing a reporter's address is deleted; None: it is kept.

    The plan and the open statement of personal data must say the same. As long as they differ nothing is deleted.
    """
    rule = rule_in_force(federation_id, DocumentKind.REPORTER)
    said = details_of(federation_id).reporter_days
    return days_kept(federation_id, DocumentKind.REPORTER) if rule is not None and rule.kept == said else None


def days_kept(federation_id: int, kind: DocumentKind) -> int | None:
    """For how many days what goes at night is kept; None: for good.

    As the plan in force says, and until its waiting time is over no shorter than the plan before it said: what one
    person writes in deletes nothing the night after.
    """
    versions = _versions(federation_id)
    now = clock.now()
    begun = (plan for plan in versions if nightly_from(plan.written_at, plan.wait_days) <= now)
    newest, followed = next(iter(versions), None), next(begun, None)
    if newest is None or followed is None:
        return None
    kept = [contents_of(plan).rules.get(kind) for plan in (newest, followed)]
    return max((rule.kept for rule in kept if rule is not None), default=None) if None not in kept else None


def dry_run(actor: Actor, federation_id: int, as_of: date) -> DryRun:
    """What falls under the plan in force. Raises NotAllowedToSee."""
    demand_planning(actor, federation_id)
    plan = plan_in_force(federation_id)
    rules = contents_of(plan).rules if plan is not None else {}
    lines: list[Line] = []
    leaving: dict[DocumentKind, set[int]] = {}
    for kind in DECIDED:
        found = due(federation_id, kind, rules[kind], as_of) if kind in rules else []
        why = hindrances(federation_id, kind, [one.subject_id for one in found], leaving)
        leaving[kind] = {one.subject_id for one in found} - why.keys()
        lines += [
            Line(kind, one.subject_id, one.number, one.year, one.ended_on, tuple(why.get(one.subject_id, ())))
            for one in found
        ]
    return DryRun(as_of, tuple(line for line in lines if not line.why), tuple(line for line in lines if line.why))


def due_ids(federation_id: int, kind: DocumentKind, as_of: date) -> set[int]:
    """Those of a kind whose time has come, hindered or not."""
    rule = rule_in_force(federation_id, kind)
    return {one.subject_id for one in due(federation_id, kind, rule, as_of)} if rule is not None else set()


def under_way(federation_id: int) -> Disposal | None:
    """The one proposal that waits for a decision or to be carried out."""
    query = select(Disposal).where(Disposal.federation_id == federation_id, Disposal.status.in_(UNDER_WAY))
    return db.session.scalar(query)


def disposals(actor: Actor, federation_id: int) -> list[Disposal]:
    """All proposals, the newest first. Raises NotAllowedToSee."""
    demand_planning(actor, federation_id)
    query = select(Disposal).where(Disposal.federation_id == federation_id).options(joinedload(Disposal.plan))
    return list(db.session.scalars(query.order_by(Disposal.id.desc())))


def disposal_for(actor: Actor, federation_id: int, disposal_id: int) -> Disposal:
    """Raises NotAllowedToSee."""
    demand_planning(actor, federation_id)
    query = select(Disposal).where(Disposal.id == disposal_id, Disposal.federation_id == federation_id)
    found = db.session.scalar(query.options(joinedload(Disposal.plan)))
    if found is None:
        raise NotAllowedToSee(f"disposal {disposal_id}")
    return found


def items_of(disposal: Disposal) -> list[DisposalItem]:
    """What it names, in the order in which it is deleted: by kind, the oldest year first."""
    query = select(DisposalItem).where(
        DisposalItem.disposal_id == disposal.id, DisposalItem.federation_id == disposal.federation_id
    )
    order = list(DECIDED)
    found = db.session.scalars(query.order_by(DisposalItem.year, DisposalItem.subject_id, DisposalItem.id))
    return sorted(found, key=lambda item: order.index(DocumentKind(item.kind)))


def has_begun(disposal: Disposal) -> bool:
    """Whether a portion of it has been dealt with: from then on there is no way back."""
    query = select(DisposalItem.id).where(
        DisposalItem.disposal_id == disposal.id, DisposalItem.federation_id == disposal.federation_id
    )
    dealt_with = DisposalItem.disposed_at.is_not(None) | DisposalItem.left_why.is_not(None)
    return db.session.scalar(query.where(dealt_with).limit(1)) is not None


def counts_of(federation_id: int) -> dict[int, tuple[int, int]]:
    """By proposal: how many it names, and how many of them are gone."""
    query = select(DisposalItem.disposal_id, func.count(), func.count(DisposalItem.disposed_at))
    rows = db.session.execute(
        query.where(DisposalItem.federation_id == federation_id).group_by(DisposalItem.disposal_id)
    )
    return {disposal_id: (named, gone) for disposal_id, named, gone in rows}
