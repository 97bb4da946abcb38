"""Reading the event log: a thing's history, and whether the chain holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from lexheller.audit.chain import START, event_hash
from lexheller.audit.models import ChainHead, Event
from lexheller.core.db import db

PORTION = 500


def history(federation_id: int, subject_type: str, subject_id: int) -> list[Event]:
    """All events of one thing, oldest first."""
    query = select(Event).where(
        Event.federation_id == federation_id,
        Event.subject_type == subject_type,
        Event.subject_id == subject_id,
    )
    return list(db.session.scalars(query.order_by(Event.sequence)))


def histories(federation_id: int, subjects: Iterable[tuple[str, int]], *, most: int = 400) -> list[Event]:
    """Events of several things (type, id), oldest first, in one query; of more than `most` the latest."""
    by_type: dict[str, list[int]] = {}
    for subject_type, subject_id in subjects:
        by_type.setdefault(subject_type, []).append(subject_id)
    if not by_type:
        return []
    wanted = [and_(Event.subject_type == name, Event.subject_id.in_(ids)) for name, ids in by_type.items()]
    query = select(Event).where(Event.federation_id == federation_id, or_(*wanted))
    return list(db.session.scalars(query.order_by(Event.sequence.desc()).limit(most)))[::-1]


def events_about(federation_id: int, subject_types: Iterable[str]) -> Iterator[Event]:
    """Events of these kinds of things, oldest first: one pass over the log, read in portions."""
    query = select(Event).where(Event.federation_id == federation_id, Event.subject_type.in_(subject_types))
    yield from db.session.scalars(query.order_by(Event.sequence).execution_options(yield_per=PORTION))


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first event of a federation that does not follow from the one before it."""

    federation_id: int
    sequence: int
    why: str


def broken_links() -> list[BrokenLink]:
    """At most one per federation: the first gap, altered row, or head that does not fit (P14)."""
    heads = list(db.session.scalars(select(ChainHead).order_by(ChainHead.federation_id)))
    found = [_first_broken(head) for head in heads]
    with_heads = {head.federation_id for head in heads}
    orphans = select(Event.federation_id).where(Event.federation_id.not_in(with_heads)).distinct()
    return [link for link in found if link is not None] + [
        BrokenLink(federation_id, 0, "no_head") for federation_id in db.session.scalars(orphans)
    ]


def _first_broken(head: ChainHead) -> BrokenLink | None:
    previous, expected = START, 1
    for event in _chain(head.federation_id):
        if event.sequence != expected:
            return BrokenLink(head.federation_id, expected, "gap")
        if event.previous_hash != previous or event.hash != _recomputed(event):
            return BrokenLink(head.federation_id, event.sequence, "altered")
        previous, expected = event.hash, expected + 1
    if (head.sequence, head.hash) != (expected - 1, previous):
        return BrokenLink(head.federation_id, expected, "cut_off")
    return None


def _chain(federation_id: int) -> Iterator[Event]:
    query = select(Event).where(Event.federation_id == federation_id).order_by(Event.sequence)
    yield from db.session.scalars(query.execution_options(yield_per=1000))


def _recomputed(event: Event) -> str:
    return event_hash(
        federation_id=event.federation_id,
        sequence=event.sequence,
        at=event.at,
        kind=event.kind,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        actor_kind=event.actor_kind,
        actor_user_id=event.actor_user_id,
        data=event.data,
        previous_hash=event.previous_hash,
    )
