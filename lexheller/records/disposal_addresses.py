"""Deleting reporters' addresses so many days after their cases were closed, as plan and open statement say.

Every night, each federation by itself (P33). Only the address goes: mailed links die with it, the receipt code goes on
working, and what was to be mailed is cancelled. One event a case, without the address.
"""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from sqlalchemy import delete, select, update

from lexheller.accounts.rights import SYSTEM
from lexheller.audit.service import record
from lexheller.cases import door
from lexheller.cases.models import Case, ReporterContact
from lexheller.cases.states import CaseStatus
from lexheller.core import clock, tenancy
from lexheller.core.db import db, reading
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from lexheller.organisations.queries import federations
from lexheller.records.disposal_queries import address_days

log = structlog.get_logger(__name__)

BATCH = 200
DISPOSED = "case.address_disposed"


def dispose_of_addresses() -> int:
    """In every federation; how many. One that fails is logged, and tried again the next night."""
    with tenancy.everybody(), reading(), nothing_kept():
        ids = [federation.id for federation in federations()]
    gone = 0
    for federation_id in ids:
        try:
            while some := _some_of(federation_id):
                gone += some
        except Exception:
            log.exception("addresses_not_disposed_of", federation_id=federation_id)
    return gone


def _some_of(federation_id: int) -> int:
    with tenancy.within(federation_id):
        with reading(), nothing_kept():
            if not _due(federation_id):
                return 0
        with transaction():
            return dispose_in(federation_id)


def dispose_in(federation_id: int) -> int:
    """Delete a batch of those that are due in the federation; how many."""
    ids = _due(federation_id)
    door.hold_ids(ids)
    still = set(_due(federation_id))
    cases = db.session.scalars(
        select(Case).where(Case.federation_id == federation_id, Case.id.in_(ids)).order_by(Case.id)
    )
    found = [case for case in cases if case.id in still]
    for case in found:
        _dispose(case)
    return len(found)


def _due(federation_id: int) -> list[int]:
    """Cases whose reporter left an address, and that were closed long enough ago wherever they went on."""
    days = address_days(federation_id)
    if days is None:
        return []
    last = clock.today() - timedelta(days=days)
    query = (
        select(Case.id)
        .join(ReporterContact, ReporterContact.report_id == Case.report_id)
        .where(Case.federation_id == federation_id, ReporterContact.federation_id == federation_id)
        .where(Case.status == CaseStatus.CLOSED, Case.closed_on <= last, Case.id.not_in(_going_on(federation_id, last)))
    )
    return list(db.session.scalars(query.order_by(Case.id).limit(BATCH)))


def _going_on(federation_id: int, last: date) -> set[int]:
    """Cases that went on in another one that is not closed, or has not been for long: their reporter waits to hear."""
    rows = db.session.execute(
        select(Case.id, Case.merged_into_id).where(
            Case.federation_id == federation_id, Case.merged_into_id.is_not(None)
        )
    )
    merged = {case_id: into for case_id, into in rows if into is not None}
    over = select(Case.id).where(
        Case.federation_id == federation_id, Case.status == CaseStatus.CLOSED, Case.closed_on <= last
    )
    ended = set(db.session.scalars(over.where(Case.id.in_(set(merged.values())))))
    return {case_id for case_id in merged if not all(into in ended for into in _onwards(case_id, merged))}


def _onwards(case_id: int, merged: dict[int, int]) -> list[int]:
    seen: list[int] = []
    while (into := merged.get(case_id)) is not None and into not in seen:
        seen.append(into)
        case_id = into
    return seen


def _dispose(case: Case) -> None:
    """The messages first: none of them is looked up without its recipient."""
    db.session.execute(
        update(Message)
        .where(Message.federation_id == case.federation_id, Message.status == MessageStatus.WAITING)
        .where(Message.recipient_type == RecipientType.REPORTER, Message.recipient_id == case.report_id)
        .values(status=MessageStatus.CANCELLED)
    )
    db.session.execute(
        delete(ReporterContact).where(
            ReporterContact.report_id == case.report_id, ReporterContact.federation_id == case.federation_id
        )
    )
    record(
        SYSTEM,
        DISPOSED,
        federation_id=case.federation_id,
        subject_type=door.ASIDE,
        subject_id=case.id,
        data={"days": address_days(case.federation_id)},
    )
