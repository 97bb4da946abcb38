"""Writing the diary: an entry in the transaction of each event that draws a number, and the older ones made up for.

Events tell everything, as for the facts of figures: no verb elsewhere has to know that there is a diary.
"""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select, update

from lexheller.accounts.rights import SYSTEM
from lexheller.audit import service as audit
from lexheller.audit.models import Event
from lexheller.audit.queries import events_about
from lexheller.cases.models import Case, Report
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.records.diary_models import DiaryEntry
from lexheller.records.diary_rules import (
    BEGINS,
    CORRESPONDENT,
    DIRECTION,
    EntryKind,
    Told,
    place_of,
    told_by,
)

NOTED = "diary.entries_noted"
EDITION = "report_edition"
_OF_SOURCE = {"import": EntryKind.IMPORTED, "handover": EntryKind.TAKEN_OVER}


def install(app: Flask) -> None:
    audit.hear(app, heard)


def heard(event: Event) -> None:
    """Take one new event into the diary: a new entry, or what it tells anew of an older one."""
    told = told_by(event.kind, event.data)
    if told is not None:
        kind = BEGINS[event.kind]
        _enter(event.federation_id, kind, event.subject_type, event.subject_id, told, clock.day_of(event.at))
    elif event.subject_type == "case" and "facts" in event.data:
        _told_anew(event)


def note_missing(federation_id: int) -> int:
    """Enter what was registered before there was a diary; returns how many. One event, however many; none for none.

    Two who begin at once enter it once.
    """
    audit.lock_chains([federation_id])
    known = _known(federation_id)
    before = len(known)
    for case, source in _cases(federation_id):
        told = Told(case.number, case.received_on, case.reporting_organisation_id, case.theme_id)
        kind = _OF_SOURCE.get(source, EntryKind.REPORT)
        _enter_unless(known, federation_id, kind, "case", case.id, told)
    for fault in db.session.scalars(select(Fault).where(Fault.federation_id == federation_id).order_by(Fault.id)):
        told = Told(fault.number, fault.opened_on, None, None)
        _enter_unless(known, federation_id, EntryKind.FAULT, "fault", fault.id, told)
    for event in events_about(federation_id, [EDITION]):
        frozen = told_by(event.kind, event.data)
        if frozen is not None:
            day = clock.day_of(event.at)
            dated = Told(frozen.number, day, None, None)
            _enter_unless(known, federation_id, EntryKind.EDITION, EDITION, event.subject_id, dated)
    count = len(known) - before
    if count:
        db.session.flush()
        audit.record(
            SYSTEM,
            NOTED,
            federation_id=federation_id,
            subject_type="diary",
            subject_id=federation_id,
            data={"count": count},
        )
    return count


def _enter(
    federation_id: int, kind: EntryKind, subject_type: str, subject_id: int, told: Told, day: date | None = None
) -> None:
    place = place_of(told.number)
    db.session.add(
        DiaryEntry(
            federation_id=federation_id,
            number=told.number,
            series_year=place.year,
            file_number=place.file_number,
            document=place.document,
            registered_on=told.registered_on or day,
            direction=DIRECTION[kind],
            kind=kind,
            correspondent=CORRESPONDENT[kind],
            correspondent_organisation_id=told.organisation_id,
            theme_id=told.theme_id,
            subject_type=subject_type,
            subject_id=subject_id,
        )
    )
    db.session.flush()


def _enter_unless(
    known: set[tuple[str, int]], federation_id: int, kind: EntryKind, subject_type: str, subject_id: int, told: Told
) -> None:
    if (subject_type, subject_id) not in known:
        known.add((subject_type, subject_id))
        _enter(federation_id, kind, subject_type, subject_id, told)


def _told_anew(event: Event) -> None:
    """The theme, and where the reporter works, as the case has them now."""
    facts = event.data["facts"]
    db.session.execute(
        update(DiaryEntry)
        .where(
            DiaryEntry.federation_id == event.federation_id,
            DiaryEntry.subject_type == event.subject_type,
            DiaryEntry.subject_id == event.subject_id,
        )
        .values(
            theme_id=facts.get("theme_id"),
            correspondent_organisation_id=facts.get("reporting_organisation_id"),
        )
    )


def _known(federation_id: int) -> set[tuple[str, int]]:
    query = select(DiaryEntry.subject_type, DiaryEntry.subject_id).where(DiaryEntry.federation_id == federation_id)
    return {(row.subject_type, row.subject_id) for row in db.session.execute(query)}


def _cases(federation_id: int) -> list[tuple[Case, str]]:
    query = select(Case, Report.source).join(Report, Report.id == Case.report_id)
    rows = db.session.execute(query.where(Case.federation_id == federation_id).order_by(Case.id))
    return [(row.Case, row.source) for row in rows]
