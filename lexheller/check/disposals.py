"""P26: nothing is gone without a plan and a decision by two persons, and a tombstone stays for each that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from lexheller.actions.models import Action
from lexheller.audit.models import Event
from lexheller.cases.fact_models import CaseFact
from lexheller.cases.models import Case
from lexheller.check.finding import Finding
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.meetings.models import Meeting
from lexheller.records.disposal_models import Disposal, DisposalItem
from lexheller.records.disposal_rules import DocumentKind
from lexheller.records.disposal_service import DISPOSAL
from lexheller.records.release_models import ReleaseRequest
from lexheller.statistics.models import ActionFact, FaultFact

Named = set[tuple[str, int]]
"""Kinds and ids."""
FACTS = (
    (DocumentKind.CASE, CaseFact.case_id, CaseFact.federation_id, Case.id),
    (DocumentKind.FAULT, FaultFact.fault_id, FaultFact.federation_id, Fault.id),
    (DocumentKind.ACTION, ActionFact.action_id, ActionFact.federation_id, Action.id),
)
"""Kinds whose facts outlive them: where the fact says which one it is of, and the row itself."""
TOLD = (
    (DocumentKind.MEETING, "meeting.planned", Meeting.id),
    (DocumentKind.RELEASE, "release.requested", ReleaseRequest.id),
)
"""Kinds without facts: the event that each of them began with."""


def disposed_case_ids() -> set[int]:
    """The cases of all tombstones: that their rows are missing is no loss."""
    return {subject_id for kind, subject_id in _graves() if kind == DocumentKind.CASE}


def gone_by_decision() -> Iterator[Finding]:
    """P26: no fact or beginning without its row or a tombstone, no tombstone of what is there."""
    graves = _graves()
    for kind, subject_id, federation_id, there in _known():
        if not there and (kind, subject_id) not in graves:
            yield Finding("P26", federation_id, f"{kind} {subject_id}", "gone, and nobody decided that")
        if there and (kind, subject_id) in graves:
            yield Finding("P26", federation_id, f"{kind} {subject_id}", "has a tombstone, and is there")
    yield from _as_told()


def _graves() -> Named:
    rows = select(DisposalItem.kind, DisposalItem.subject_id).where(DisposalItem.disposed_at.is_not(None))
    return {(kind, subject_id) for kind, subject_id in db.session.execute(rows)}


def _known() -> Iterator[tuple[DocumentKind, int, int, bool]]:
    """What has ever been there, and whether it still is."""
    for kind, subject, federation, row in FACTS:
        facts = select(subject, federation, row).outerjoin(row.class_, row == subject).order_by(subject)
        for subject_id, federation_id, there in db.session.execute(facts):
            yield kind, subject_id, federation_id, there is not None
    for kind, begun, row in TOLD:
        events = select(Event.subject_id, Event.federation_id, row).outerjoin(row.class_, row == Event.subject_id)
        for subject_id, federation_id, there in db.session.execute(
            events.where(Event.kind == begun).order_by(Event.federation_id, Event.sequence)
        ):
            yield kind, subject_id, federation_id, there is not None


def _as_told() -> Iterator[Finding]:
    """The log names those who proposed and decided, and what went, as the tombstones do."""
    told: dict[int, dict[str, list[tuple[int | None, dict[str, Any]]]]] = {}
    events = select(Event.subject_id, Event.kind, Event.actor_user_id, Event.data)
    for subject_id, kind, user_id, data in db.session.execute(events.where(Event.subject_type == DISPOSAL)):
        told.setdefault(subject_id, {}).setdefault(kind, []).append((user_id, data))
    gone: dict[int, Named] = {}
    items = select(DisposalItem.disposal_id, DisposalItem.kind, DisposalItem.subject_id)
    for disposal_id, kind, subject_id in db.session.execute(items.where(DisposalItem.disposed_at.is_not(None))):
        gone.setdefault(disposal_id, set()).add((kind, subject_id))
    for row in db.session.scalars(select(Disposal).order_by(Disposal.id)):
        events_of = told.get(row.id, {})
        deleted = {one for _user, data in events_of.get("disposal.portion_deleted", []) for one in _named(data)}
        if deleted != gone.get(row.id, set()):
            yield Finding("P26", row.federation_id, f"disposal {row.id}", "tombstones and events differ")
        if deleted and not _by_two(row, events_of):
            yield Finding("P26", row.federation_id, f"disposal {row.id}", "was not decided by two persons")


def _named(data: dict[str, Any]) -> Named:
    """What an event of a portion names. Before there were other kinds, all of them were cases."""
    if "case_ids" in data:
        return {(DocumentKind.CASE, case_id) for case_id in data["case_ids"]}
    return {(data["kind"], subject_id) for subject_id in data["ids"]}


def _by_two(row: Disposal, events_of: dict[str, list[tuple[int | None, dict[str, Any]]]]) -> bool:
    proposed = [user for user, _data in events_of.get("disposal.proposed", [])]
    decided = [user for user, _data in events_of.get("disposal.decided", [])]
    persons = [row.proposed_by_user_id, row.decided_by_user_id]
    return [*proposed, *decided] == persons and persons[0] != persons[1]
