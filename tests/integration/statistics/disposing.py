"""A year in which faults were found and mended, and rows taken away as a disposal would, in the test's own database."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

from sqlalchemy import Table, delete, select

from lexheller.actions import effect
from lexheller.actions import service as actions
from lexheller.actions.models import Action
from lexheller.actions.queries import follow_ups, types
from lexheller.actions.service import Details as What
from lexheller.actions.service import Done
from lexheller.actions.states import Judgement
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import Base, db
from lexheller.core.transaction import transaction
from lexheller.faults import service as faults
from lexheller.faults.models import Fault
from lexheller.faults.service import Details
from tests.cast.people import Cast

YEAR = 2024


def on(month: int, day: int, year: int = YEAR) -> AbstractContextManager[None]:
    return clock.at(datetime(year, month, day, 9, tzinfo=UTC))


def year_of_mending(cast: Cast) -> tuple[Fault, list[Action]]:
    """Three cases; two show a fault, one of them another too; an action is done and judged, one is planned."""
    office, home = cast.coordinator, cast.federation()
    with on(3, 4):
        first, second, third = (cast.reach(CaseStatus.ANSWERED) for _ in range(3))
    with on(4, 2), transaction():
        fault = faults.suspect(office, home.id, Details("Dörren är stängd"), first, "Samma dörr.")
        faults.link_case(office, fault, second, "Samma dörr.")
        faults.suspect(office, home.id, Details("Telefonen"), second, "Ingen svarade.")
        faults.confirm(office, fault, seen=fault.version)
    with on(5, 2), transaction():
        meeting = What("Möte med cheferna", type=types(home.id)[0])
        done = actions.record_new(
            office, home, meeting, cases=[first, second], faults=[fault], done=Done(date(YEAR, 5, 1))
        )
        planned = actions.record_new(office, home, What("Ny rutin", type=types(home.id)[1]), cases=[third])
    with on(11, 4), transaction():
        effect.judge(
            office, done, follow_ups([done.id])[done.id][0], Judgement.PARTLY, "Färre hör av sig.", seen=done.version
        )
    return fault, [done, planned]


def without_words(report: dict) -> dict:
    """What is counted, listed and numbered; what faults and actions are called stands on their rows alone."""
    return {
        **{key: value for key, value in report.items() if key not in ("hash", "text")},
        "faults": [{**line, "title": None} for line in report["faults"]],
        "actions": [{**line, "text": None} for line in report["actions"]],
    }


def dispose_of(table: str, ids: Iterable[int]) -> None:
    """With all that hangs on them."""
    _remove(Base.metadata.tables[table], list(ids))


def _remove(table: Table, ids: list[int]) -> None:
    if not ids:
        return
    for child in Base.metadata.sorted_tables:
        for key in child.foreign_keys:
            if key.column.table is not table or child is table:
                continue
            if "id" in child.c:
                _remove(child, list(db.session.scalars(select(child.c.id).where(key.parent.in_(ids)))))
            else:
                db.session.execute(delete(child).where(key.parent.in_(ids)))
    for key in table.foreign_keys:
        if key.column.table is table:
            db.session.execute(table.update().where(key.parent.in_(ids)).values({key.parent: None}))
    db.session.execute(delete(table).where(table.c.id.in_(ids)))
