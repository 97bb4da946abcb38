"""Appending to the event log and drawing diary numbers. Stops at writing: reading is `audit.queries`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from lexheller.audit.chain import START, event_hash
from lexheller.audit.models import ChainHead, DiarySeries, Event
from lexheller.core import clock
from lexheller.core.db import Model, db

HEARERS = "lexheller_event_hearers"
DIARY_NUMBER = re.compile(r"^(\d{4}):(\d{1,4}) / (\d{1,6})$")


Hearer = Callable[[Event], None]


class Doer(Protocol):
    """Whoever an event is by: a kind (`user`, `reporter`, `system`, `operator`) and, for users, an id."""

    @property
    def kind(self) -> str: ...

    @property
    def user_id(self) -> int | None: ...


def hear(app: Flask, hearer: Hearer) -> None:
    """Have `hearer` called with each event in the transaction that writes it, under the lock of its chain."""
    app.extensions.setdefault(HEARERS, []).append(hearer)


def record(
    actor: Doer, kind: str, *, federation_id: int, subject_type: str, subject_id: int, data: dict[str, Any]
) -> Event:
    """Append one event in the caller's transaction. `data` holds ids, numbers and codes, never free text."""
    head = _locked_head(federation_id)
    fields: dict[str, Any] = {
        "federation_id": federation_id,
        "sequence": head.sequence + 1,
        "at": clock.now(),
        "kind": kind,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "actor_kind": str(actor.kind),
        "actor_user_id": actor.user_id,
        "data": data,
        "previous_hash": head.hash,
    }
    event = Event(**fields, hash=event_hash(**fields))
    head.sequence, head.hash = event.sequence, event.hash
    db.session.add(event)
    db.session.flush()
    for hearer in current_app.extensions.get(HEARERS, ()):
        hearer(event)
    return event


def next_diary_number(federation_id: int, year: int, *, file_number: int) -> str:
    """The next `YYYY:NN / n` of the federation's Lex Heller file. A year's first call opens its series."""
    series = _locked_series(federation_id, year, file_number)
    series.last_document += 1
    db.session.flush()
    return f"{year}:{series.file_number:02d} / {series.last_document}"


def reserve_diary_number(federation_id: int, number: str, *, file_number: int) -> None:
    """An imported number of the federation's own file is taken: later ones follow after it. Others are left alone."""
    match = DIARY_NUMBER.match(number)
    if match is None:
        return
    year, written_file, document = (int(part) for part in match.groups())
    series = _locked_series(federation_id, year, file_number)
    if series.file_number == written_file and document > series.last_document:
        series.last_document = document
        db.session.flush()


def lock_diary_series(federation_id: int, years: Iterable[int], *, file_number: int) -> None:
    """Take the series' locks before the chain's, in order of years: as a report does, so that none waits in a ring."""
    for year in sorted(set(years)):
        _locked_series(federation_id, year, file_number)


def lock_chains(federation_ids: Iterable[int]) -> None:
    """Take several federations' chains in one order, for the rare step that leaves events in more than one."""
    for federation_id in sorted(set(federation_ids)):
        _locked_head(federation_id)


def _locked_head(federation_id: int) -> ChainHead:
    insert_unless_there(ChainHead, federation_id=federation_id, sequence=0, hash=START)
    query = select(ChainHead).where(ChainHead.federation_id == federation_id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _locked_series(federation_id: int, year: int, file_number: int) -> DiarySeries:
    insert_unless_there(DiarySeries, federation_id=federation_id, year=year, file_number=file_number, last_document=0)
    query = select(DiarySeries).where(DiarySeries.federation_id == federation_id, DiarySeries.year == year)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def insert_unless_there(model: type[Model], **values: Any) -> None:
    """Two first comers at once: one row, no error."""
    insert = postgresql_insert if db.session.get_bind().dialect.name == "postgresql" else sqlite_insert
    db.session.execute(insert(model).values(**values).on_conflict_do_nothing())
