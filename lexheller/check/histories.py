"""P12 and P14: events follow the transition table and end where the case stands, and the chain holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.audit.queries import broken_links
from lexheller.cases import door
from lexheller.cases.models import Case
from lexheller.cases.states import path_is_along_table
from lexheller.check.finding import Finding
from lexheller.core.db import db
from lexheller.faults import door as fault_door
from lexheller.faults.models import Fault
from lexheller.faults.states import fault_path_is_along_table

Path = list[tuple[str, str | None]]


def along_the_table() -> Iterator[Finding]:
    """P12, P14: a case's or fault's events follow its table, end in its status, and are as many as its versions."""
    yield from _along(door.CASE, Case, path_is_along_table)
    yield from _along(fault_door.FAULT, Fault, fault_path_is_along_table)


def _along(name: str, table: type[Case] | type[Fault], is_along: Callable[[Path], bool]) -> Iterator[Finding]:
    paths: dict[int, Path] = {}
    query = select(Event.subject_id, Event.kind, Event.data).where(Event.subject_type == name)
    for row_id, kind, data in db.session.execute(query.order_by(Event.federation_id, Event.sequence)):
        paths.setdefault(row_id, []).append((kind, data.get("status")))
    for row_id, federation_id, status, version in db.session.execute(
        select(table.id, table.federation_id, table.status, table.version)
    ):
        path = paths.get(row_id, [])
        if not is_along(path):
            yield Finding("P12", federation_id, f"{name} {row_id}", "events do not follow the table")
        elif path[-1][1] != status:
            yield Finding("P12", federation_id, f"{name} {row_id}", "status differs from its last event")
        if len(path) != version:
            yield Finding("P14", federation_id, f"{name} {row_id}", f"version {version}, {len(path)} events")


def chain_holds() -> Iterator[Finding]:
    """P14: no gap and no altered event."""
    for link in broken_links():
        yield Finding("P14", link.federation_id, f"event {link.sequence}", link.why)
