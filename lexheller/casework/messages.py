"""The words and recipients of casework's mails. Number, what waits, link: no text of a case, ever (P7)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_babel import gettext as _

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for
from lexheller.cases.models import Case, Duty, ReporterContact
from lexheller.cases.permissions import sees_everything
from lexheller.cases.queries import open_duty
from lexheller.cases.reporter_link import address_of_reporter, token_for
from lexheller.casework import notices
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import ResponsibleManager
from lexheller.organisations.queries import federation_of, responsible_managers
from lexheller.web.links import absolute_url

Subject = Callable[[Case], str]


def install(app: Flask) -> None:
    kinds = [
        Kind(notices.ASSIGNED, _manager, _assigned),
        Kind(notices.UNROUTED, _office, _for_office("email/casework/unrouted.txt", _unrouted_subject)),
        Kind(notices.ANSWERED, _office, _for_office("email/casework/answered.txt", _answered_subject)),
        Kind(
            notices.REPORTER_NEWS["answered"],
            address_of_reporter,
            _for_reporter("email/casework/reporter_answered.txt", _reporter_answered_subject),
        ),
        Kind(
            notices.REPORTER_NEWS["closed"],
            address_of_reporter,
            _for_reporter("email/casework/reporter_closed.txt", _reporter_closed_subject),
        ),
    ]
    for kind in kinds:
        register(app, kind)


def _manager(message: Message) -> Address | None:
    """A manager who still is responsible for the unit that still has the duty (P6)."""
    manager = db.session.get(ResponsibleManager, message.recipient_id)
    duty = open_duty(message.subject_id)
    if manager is None or duty is None or duty.unit_id != manager.unit_id:
        return None
    if manager.id not in {current.id for current in responsible_managers(manager.unit_id, clock.today())}:
        return None
    return Address(manager.email, manager.name)


def _office(message: Message) -> Address | None:
    """A user who still may see the federation's cases (P6)."""
    user = db.session.get(User, message.recipient_id)
    if user is None or not sees_everything(actor_for(user), message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _assigned(message: Message) -> Words:
    case = db.session.get_one(Case, message.subject_id)
    duty: Duty | None = open_duty(case.id)
    manager = db.session.get_one(ResponsibleManager, message.recipient_id)
    return Words(
        _("Ärende %(number)s väntar på ditt svar", number=case.number),
        "email/casework/assigned.txt",
        {
            **_common(case),
            "unit_name": manager.unit.name,
            "due_on": duty.due_on if duty else None,
            "manager_name": manager.name,
        },
    )


def _for_office(template: str, subject: Subject) -> Callable[[Message], Words]:
    def words(message: Message) -> Words:
        case = db.session.get_one(Case, message.subject_id)
        return Words(subject(case), template, _common(case))

    return words


def _for_reporter(template: str, subject: Subject) -> Callable[[Message], Words]:
    def words(message: Message) -> Words:
        case = db.session.get_one(Case, message.subject_id)
        contact = db.session.get_one(ReporterContact, message.recipient_id)
        link = absolute_url("intake.receipt_link", token=token_for(contact))
        return Words(subject(case), template, {**_common(case), "link": link})

    return words


def _common(case: Case) -> dict[str, object]:
    federation = federation_of(case.federation_id)
    return {
        "number": case.number,
        "federation_name": full_name(federation),
        "link": absolute_url("casework.show", federation=federation.slug, case_id=case.id),
    }


def _unrouted_subject(case: Case) -> str:
    return str(_("Välj enhet för ärende %(number)s", number=case.number))


def _answered_subject(case: Case) -> str:
    return str(_("Ärende %(number)s har fått ett svar", number=case.number))


def _reporter_answered_subject(case: Case) -> str:
    return str(_("Din anmälan %(number)s har fått ett svar", number=case.number))


def _reporter_closed_subject(case: Case) -> str:
    return str(_("Din anmälan %(number)s är avslutad", number=case.number))
