"""Deleting every row of some cases, faults, actions, meetings or requests, in an order that no foreign key forbids.

Derived from the tables themselves. What becomes of each column is said by `disposal_register`; who may, when, and what
must hold by others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from flask import current_app
from sqlalchemy import ColumnElement, Select, Table, and_, delete, select, update
from sqlalchemy.orm import configure_mappers

from lexheller.cases.dialogue import Handover
from lexheller.core import tenancy
from lexheller.core.db import Base, db
from lexheller.deadlines.models import Digest, DigestLine
from lexheller.messaging.kinds import kind_names, kind_of
from lexheller.messaging.models import Message, RecipientType
from lexheller.records.disposal_register import CASES, JOBS, POINTERS, REPORTS, ROOTS, Fate
from lexheller.records.disposal_rules import DocumentKind
from lexheller.records.masking_models import Masking

IDS_AT_A_TIME = 500
Gone = dict[str, list[int]]
"""By table: the ids of the rows that go."""


class NobodyDecided(RuntimeError):
    """A table points at what is deleted, and `disposal_register` does not say what becomes of its rows."""


def remove(kind: DocumentKind, federation_id: int, ids: Sequence[int]) -> dict[str, int]:
    """Every row about them is gone afterwards; how many there were, by table. What stays: see the register."""
    refuse_unknown_pointers()
    roots = _roots(kind, federation_id, ids)
    going: Gone = {}
    for table, of_table in roots:
        _gather(table, of_table, federation_id, going)
    counts: Counter[str] = Counter()
    others = _told_elsewhere(federation_id, ids) if kind is DocumentKind.CASE else set()
    with tenancy.also(*others):
        _remove_messages(going, counts)
    _remove_maskings(federation_id, going, counts)
    for table, of_table in roots:
        _remove_under(table, of_table, federation_id, counts)
    _remove_empty_digests(federation_id, counts)
    db.session.expire_all()
    return {name: count for name, count in sorted(counts.items()) if count}


def _roots(kind: DocumentKind, federation_id: int, ids: Sequence[int]) -> list[tuple[Table, list[int]]]:
    """The rows themselves; of cases their reports after them."""
    table = Base.metadata.tables[ROOTS[kind]]
    found = [(table, list(ids))]
    if kind is DocumentKind.CASE:
        reports = db.session.scalars(select(table.c.report_id).where(_of(table, "id", ids, federation_id)))
        found.append((Base.metadata.tables[REPORTS], list(reports)))
    return found


def unknown_pointers() -> list[str]:
    """Foreign keys to a table whose rows go that the register does not name."""
    going = {REPORTS, *ROOTS.values()}
    while more := {name.partition(".")[0] for name in _pointers_at(going) if POINTERS.get(name) is Fate.GOES} - going:
        going |= more
    return sorted(set(_pointers_at(going)) - set(POINTERS))


def refuse_unknown_pointers() -> None:
    if unknown := unknown_pointers():
        raise NobodyDecided(", ".join(unknown))


def _pointers_at(tables: set[str]) -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name in tables:
                yield f"{table.name}.{key.parent.name}"


@cache
def _children(name: str) -> tuple[tuple[Table, str, Fate], ...]:
    """What points at the rows of a table, and what becomes of it."""
    configure_mappers()
    return tuple(
        (table, key.parent.name, POINTERS[f"{table.name}.{key.parent.name}"])
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == name and f"{table.name}.{key.parent.name}" in POINTERS
    )


def _of(table: Table, column: str, ids: Sequence[int], federation_id: int) -> ColumnElement[bool]:
    return and_(table.c[column].in_(ids), table.c.federation_id == federation_id)


def _gather(table: Table, ids: list[int], federation_id: int, going: Gone) -> None:
    """The ids of all that goes with some rows, for what names them without a key."""
    going.setdefault(table.name, []).extend(ids)
    for child, column, fate in _children(table.name):
        if fate is Fate.GOES and "id" in child.c and child.name != CASES:
            for some in _some(ids):
                found = select(child.c.id).where(_of(child, column, some, federation_id))
                _gather(child, list(db.session.scalars(found)), federation_id, going)


def _told_elsewhere(federation_id: int, case_ids: Sequence[int]) -> set[int]:
    """Federations that were mailed that a case was offered to them: those mails are theirs."""
    told = select(Handover.to_federation_id).where(Handover.federation_id == federation_id)
    return set(db.session.scalars(told.where(Handover.case_id.in_(case_ids))))


def _remove_under(table: Table, ids: list[int], federation_id: int, counts: Counter[str]) -> None:
    """The rows and all that hangs on them, the outermost first."""
    if not ids:
        return
    for child, column, fate in _children(table.name):
        for some in _some(ids):
            where = _of(child, column, some, federation_id)
            if fate is Fate.LETS_GO:
                db.session.execute(update(child).where(where).values({column: None}))
            elif fate is Fate.GOES and "id" in child.c:
                _remove_under(child, list(db.session.scalars(select(child.c.id).where(where))), federation_id, counts)
            elif fate is Fate.GOES:
                counts[child.name] += _deleted(child, where)
    for some in _some(ids):
        counts[table.name] += _deleted(table, _of(table, "id", some, federation_id))


def _remove_maskings(federation_id: int, going: Gone, counts: Counter[str]) -> None:
    """What was masked in the rows that go, and in what was written about that, with the originals that were sealed."""
    table = Base.metadata.tables[Masking.__tablename__]
    names = sorted(going)
    while names:
        found = [
            masking_id
            for name in names
            for some in _some(going[name])
            for masking_id in db.session.scalars(_maskings_in(federation_id, name, some))
        ]
        of_them: Gone = {}
        _gather(table, found, federation_id, of_them)
        _remove_under(table, found, federation_id, counts)
        going, names = of_them, sorted(of_them) if found else []


def _maskings_in(federation_id: int, name: str, ids: Sequence[int]) -> Select[int]:
    return select(Masking.id).where(
        Masking.federation_id == federation_id,
        Masking.place.startswith(f"{name}.", autoescape=True),
        Masking.row_id.in_(ids),
    )


def _remove_messages(going: Gone, counts: Counter[str]) -> None:
    """Messages about rows that go, or to whom only such a row knows, and the jobs of both."""
    for wanted in _about(going):
        ids = list(db.session.scalars(select(Message.id).where(wanted)))
        going.setdefault("message", []).extend(ids)
    jobs, messages = Base.metadata.tables["job"], Base.metadata.tables["message"]
    for name, subject in JOBS.items():
        for some in _some(going.get(subject or "", [])):
            counts["job"] += _deleted(jobs, and_(jobs.c.name == name, jobs.c.subject_id.in_(some)))
    for some in _some(going.get("message", [])):
        counts["message"] += _deleted(messages, messages.c.id.in_(some))


def _about(going: Gone) -> Iterator[ColumnElement[bool]]:
    """Of what is asked for without a federation's number only its own: the ids are those of rows that go."""
    for name in kind_names(current_app):
        for some in _some(going.get(kind_of(name).subject.__table__.name, [])):  # type: ignore[attr-defined]
            yield and_(Message.kind == name, Message.subject_id.in_(some))
    for recipient, table in ((RecipientType.LINK, "answer_link"), (RecipientType.REPORTER, REPORTS)):
        for some in _some(going.get(table, [])):
            yield and_(Message.recipient_type == recipient, Message.recipient_id.in_(some))


def _remove_empty_digests(federation_id: int, counts: Counter[str]) -> None:
    """A digest whose every line is gone told of nothing else."""
    lines = select(DigestLine.digest_id).where(DigestLine.federation_id == federation_id)
    empty = select(Digest.id).where(Digest.federation_id == federation_id, Digest.id.not_in(lines))
    ids = list(db.session.scalars(empty))
    if ids:
        _remove_messages({Digest.__tablename__: ids}, counts)
        for some in _some(ids):
            table = Base.metadata.tables[Digest.__tablename__]
            counts[table.name] += _deleted(table, _of(table, "id", some, federation_id))


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), IDS_AT_A_TIME):
        yield ids[start : start + IDS_AT_A_TIME]


def _deleted(table: Table, where: ColumnElement[bool]) -> int:
    return int(db.session.execute(delete(table).where(where)).rowcount)  # type: ignore[attr-defined]
