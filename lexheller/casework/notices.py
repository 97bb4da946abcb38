"""Which messages a step causes: rows in the outbox, written with the step. Words and recipients' rights: `messages`."""

from __future__ import annotations

from lexheller.accounts.queries import users_with
from lexheller.accounts.rights import Right
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import contact_of
from lexheller.core import clock
from lexheller.messaging.models import RecipientType
from lexheller.messaging.service import ask_for
from lexheller.organisations.queries import responsible_managers

ASSIGNED = "casework.case_assigned"
UNROUTED = "casework.case_unrouted"
ANSWERED = "casework.case_answered"
REPORTER_NEWS = {"answered": "casework.reporter_answered", "closed": "casework.reporter_closed"}


def tell_managers(case: Case, duty: Duty) -> None:
    """Whoever is responsible for the duty's unit today."""
    for manager in responsible_managers(duty.unit_id, clock.today()):
        ask_for(
            ASSIGNED,
            key=f"assigned:{duty.id}:{manager.id}",
            federation_id=case.federation_id,
            subject_id=case.id,
            recipient_type=RecipientType.RESPONSIBLE_MANAGER,
            recipient_id=manager.id,
        )


def tell_office_unrouted(case: Case) -> None:
    """Nobody has the case: the office is told, once for each time it comes to that (P4)."""
    _tell_office(UNROUTED, f"unrouted:{case.id}:{case.version}", case)


def tell_office_answered(case: Case) -> None:
    _tell_office(ANSWERED, f"answered:{case.id}:{case.version}", case)


def tell_reporter(case: Case, news: str) -> None:
    """A reporter who left an address hears that there is something to read; the words are on the receipt page."""
    contact = contact_of(case.report_id)
    if contact is not None and contact.revoked_at is None:
        ask_for(
            REPORTER_NEWS[news],
            key=f"reporter-{news}:{case.id}:{case.version}",
            federation_id=case.federation_id,
            subject_id=case.id,
            recipient_type=RecipientType.REPORTER,
            recipient_id=case.report_id,
        )


def _tell_office(kind: str, key: str, case: Case) -> None:
    for user in users_with(Right.HANDLE_CASES, case.federation_id):
        ask_for(
            kind,
            key=f"{key}:{user.id}",
            federation_id=case.federation_id,
            subject_id=case.id,
            recipient_type=RecipientType.USER,
            recipient_id=user.id,
        )
