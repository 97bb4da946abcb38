"""P29 and P30: editions are what was frozen, as the event log tells, and one at most of each year stands open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, func, select

from lexheller.action_reports.compiling import hash_of
from lexheller.action_reports.editions import FROZEN, SUBJECT
from lexheller.action_reports.models import Edition, EditionPublication
from lexheller.audit.models import Event
from lexheller.check.finding import Finding
from lexheller.core.db import db

SAID = ("year", "number", "hash", "diary_number")
"""What an edition's event and its row both say."""
AT_A_TIME = 10
Told = dict[int, tuple[int, dict[str, Any]]]
"""By edition: its federation, and what the event said of it."""


def editions_as_frozen() -> Iterator[Finding]:
    """P29: each edition has the hash of its data and an event that says the same of it; no frozen edition is gone."""
    events = list(_frozen())
    told: Told = {edition_id: (federation_id, data) for edition_id, federation_id, data in events}
    for edition_id, times in Counter(edition_id for edition_id, *_rest in events).items():
        if times > 1:
            yield Finding("P29", told[edition_id][0], f"edition {edition_id}", f"frozen {times} times")
    query = select(Edition.id, Edition.federation_id, Edition.data, *(getattr(Edition, name) for name in SAID))
    for edition in db.session.execute(query.order_by(Edition.id).execution_options(yield_per=AT_A_TIME)):
        for why in _wrong(edition, told.pop(edition.id, None)):
            yield Finding("P29", edition.federation_id, f"edition {edition.id}", why)
    for edition_id, (federation_id, _data) in told.items():
        yield Finding("P29", federation_id, f"edition {edition_id}", "frozen, and gone")


def one_of_a_year_stands() -> Iterator[Finding]:
    """P30: two editions of a year that stand beside each other can be subtracted."""
    standing = (
        select(Edition.federation_id, Edition.year)
        .join(EditionPublication, EditionPublication.edition_id == Edition.id)
        .where(EditionPublication.withdrawn_at.is_(None))
        .group_by(Edition.federation_id, Edition.year)
        .having(func.count() > 1)
    )
    for federation_id, year in db.session.execute(standing.order_by(Edition.federation_id, Edition.year)):
        yield Finding("P30", federation_id, f"report of {year}", "several editions stand on the open page")


def _frozen() -> Iterator[tuple[int, int, dict[str, Any]]]:
    query = select(Event.subject_id, Event.federation_id, Event.data).where(
        Event.subject_type == SUBJECT, Event.kind == FROZEN
    )
    for row in db.session.execute(query.order_by(Event.federation_id, Event.sequence)):
        yield row.subject_id, row.federation_id, row.data


def _wrong(edition: Row[Any], event: tuple[int, dict[str, Any]] | None) -> Iterator[str]:
    if hash_of(edition.data) != edition.hash:
        yield "data does not have its hash"
    if event is None:
        yield "no event says that it was frozen"
        return
    federation_id, said = event
    different = [name for name in SAID if said.get(name) != getattr(edition, name)]
    if federation_id != edition.federation_id:
        different.append("federation")
    if different:
        yield f"differs from its event: {', '.join(different)}"
