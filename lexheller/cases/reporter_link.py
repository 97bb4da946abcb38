"""How a reporter who left an address is reached: by mail with a signed, revocable link, never the receipt code (P7)."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.audit.service import record
from lexheller.cases import door
from lexheller.cases.models import Case, ReporterContact
from lexheller.cases.queries import contact_of
from lexheller.core import clock, tenancy
from lexheller.core.db import db
from lexheller.messaging.kinds import Address
from lexheller.messaging.models import Message

TWO_YEARS_SECONDS = 2 * 365 * 24 * 3600
SALT = "reporter-link"


def token_for(contact: ReporterContact) -> str:
    return _serializer().dumps([contact.report_id, contact.report.submission_id, contact.link_version])


def report_id_of(token: str) -> int | None:
    """The report behind a living link; None for one that is forged, too old or revoked."""
    try:
        values = _serializer().loads(token, max_age=TWO_YEARS_SECONDS)
        report_id, submission_id, version = int(values[0]), str(values[1]), int(values[2])
    except (BadData, TypeError, ValueError, IndexError):
        return None
    owner = select(ReporterContact.federation_id).where(ReporterContact.report_id == report_id)
    tenancy.work_for_owner(lambda: db.session.scalar(owner))
    contact = db.session.get(ReporterContact, report_id)
    if contact is None or contact.revoked_at is not None or contact.link_version != version:
        return None
    return report_id if contact.report.submission_id == submission_id else None


def revoke(contact: ReporterContact) -> None:
    """Every link mailed so far stops working."""
    contact.link_version += 1
    contact.revoked_at = clock.now()
    db.session.flush()


def close(actor: Actor, case: Case) -> bool:
    """The reporter of this case is mailed nothing more and what was mailed stops working, at once. False if it was so
    already, or no address was left.
    """
    door.hold(case)
    contact = contact_of(case.report_id)
    if contact is not None:
        db.session.refresh(contact)
    if contact is None or contact.revoked_at is not None:
        return False
    revoke(contact)
    record(
        actor,
        "case.reporter_link_closed",
        federation_id=case.federation_id,
        subject_type=door.ASIDE,
        subject_id=case.id,
        data={},
    )
    return True


def living_contact(case: Case) -> ReporterContact | None:
    """Where the reporter of this case is mailed; None where no address was left, or the link is closed."""
    contact = contact_of(case.report_id)
    return contact if contact is not None and contact.revoked_at is None else None


def address_of_reporter(message: Message) -> Address | None:
    """Where a message to a reporter goes; None once the contact was removed or revoked (P6)."""
    contact = db.session.get(ReporterContact, message.recipient_id)
    if contact is None or contact.revoked_at is not None or contact.federation_id != message.federation_id:
        return None
    return Address(contact.email, "", contact.report.locale)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
