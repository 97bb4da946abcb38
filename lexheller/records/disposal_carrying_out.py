"""Carrying a decided disposal out: a job that deletes portion by portion, each a transaction of its own.

Killed at any point it goes on where it was (P33). Before each portion everything is looked at anew: whether each still
falls under the plan, what hinders, whether its fact says what the log says; and the figures of every year must be the
same afterwards, or the portion is taken back (P26).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from lexheller.accounts.rights import SYSTEM
from lexheller.audit.service import lock_chains, record
from lexheller.cases import door
from lexheller.core import clock, jobs
from lexheller.core.db import Base, db
from lexheller.records.disposal_deleting import refuse_unknown_pointers, remove
from lexheller.records.disposal_hindrances import Why, hindrances, went_on
from lexheller.records.disposal_models import Disposal, DisposalItem
from lexheller.records.disposal_proof import FiguresChanged, figures_of
from lexheller.records.disposal_queries import due_ids, items_of
from lexheller.records.disposal_register import ROOTS
from lexheller.records.disposal_rules import DisposalStatus, DocumentKind, Hindrance
from lexheller.records.disposal_service import DISPOSAL

PORTION = 25


def carry_out(disposal_id: int) -> jobs.Postponed | None:
    """The job: one portion, and again at once as long as something is left. Called off: nothing."""
    disposal = _held(disposal_id)
    if disposal is None or disposal.status != DisposalStatus.DECIDED or disposal.not_before is None:
        return None
    if clock.now() < disposal.not_before:
        return jobs.Postponed(disposal.not_before)
    waiting = [item for item in items_of(disposal) if item.disposed_at is None and item.left_why is None]
    if not waiting:
        _finish(disposal)
        return None
    refuse_unknown_pointers()
    _take_portion(disposal, waiting)
    return jobs.Postponed(clock.now())


def _held(disposal_id: int) -> Disposal | None:
    query = select(Disposal).where(Disposal.id == disposal_id)
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _take_portion(disposal: Disposal, waiting: Sequence[DisposalItem]) -> None:
    """Of the first kind of which anything is left. The rows are locked before the log, as every step does; while the
    log is, no figure can change.
    """
    federation_id, kind = disposal.federation_id, DocumentKind(waiting[0].kind)
    items = [item for item in waiting if item.kind == kind]
    _hold(kind, [item.subject_id for item in items])
    lock_chains([federation_id])
    why = _why_left(disposal, kind, [item.subject_id for item in items])
    portion = _in_order(federation_id, kind, [item for item in items if item.subject_id not in why])[:PORTION]
    left = {item.subject_id: why[item.subject_id][0] for item in items if item.subject_id in why}
    before = figures_of(federation_id)
    counts = remove(kind, federation_id, [item.subject_id for item in portion])
    if figures_of(federation_id) != before:
        raise FiguresChanged(f"disposal {disposal.id}")
    _mark(disposal, kind, portion, left)
    record(
        SYSTEM,
        "disposal.portion_deleted",
        federation_id=federation_id,
        subject_type=DISPOSAL,
        subject_id=disposal.id,
        data={
            "kind": str(kind),
            "ids": [item.subject_id for item in portion],
            "left": {str(subject_id): str(code) for subject_id, code in sorted(left.items())},
            "rows": counts,
            "figures": before,
        },
    )


def _hold(kind: DocumentKind, ids: Sequence[int]) -> None:
    """Keep others from the rows until the transaction ends, in the order of their ids."""
    if kind is DocumentKind.CASE:
        door.hold_ids(ids)
    else:
        table = Base.metadata.tables[ROOTS[kind]]
        db.session.execute(select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update())


def _why_left(disposal: Disposal, kind: DocumentKind, ids: list[int]) -> Why:
    """What must stay after all. What was opened again, or what a newer plan keeps longer, is not due."""
    due = due_ids(disposal.federation_id, kind, disposal.as_of)
    why = hindrances(disposal.federation_id, kind, [one for one in ids if one in due], {})
    return {**why, **{one: [Hindrance.NOT_DUE] for one in ids if one not in due}}


def _in_order(federation_id: int, kind: DocumentKind, items: Sequence[DisposalItem]) -> Sequence[DisposalItem]:
    """Those that nothing else points at any longer: what went on goes before what it went on in. In a ring, all."""
    pointed_at = {into for _one, into in went_on(federation_id, kind)}
    return [item for item in items if item.subject_id not in pointed_at] or items


def _mark(disposal: Disposal, kind: DocumentKind, portion: Sequence[DisposalItem], left: dict[int, Hindrance]) -> None:
    own = update(DisposalItem).where(
        DisposalItem.disposal_id == disposal.id,
        DisposalItem.federation_id == disposal.federation_id,
        DisposalItem.kind == kind,
    )
    gone = [item.subject_id for item in portion]
    db.session.execute(own.where(DisposalItem.subject_id.in_(gone)).values(disposed_at=clock.now()))
    for subject_id, code in left.items():
        db.session.execute(own.where(DisposalItem.subject_id == subject_id).values(left_why=code))
    db.session.expire_all()


def _finish(disposal: Disposal) -> None:
    items = items_of(disposal)
    disposal.status, disposal.ended_at, disposal.version = DisposalStatus.DONE, clock.now(), disposal.version + 1
    db.session.flush()
    gone = sum(1 for item in items if item.disposed_at is not None)
    record(
        SYSTEM,
        "disposal.carried_out",
        federation_id=disposal.federation_id,
        subject_type=DISPOSAL,
        subject_id=disposal.id,
        data={"deleted": gone, "left": len(items) - gone},
    )
