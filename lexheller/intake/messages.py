"""The mails of intake: the receipt to the reporter, and what the reporter's words mean to office and manager.

Number, what waits, a link. Never a code, never a text (P7).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for
from lexheller.cases.answer_link import address_of_link
from lexheller.cases.answer_link import token_for as answer_token
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Case, ReporterContact
from lexheller.cases.permissions import sees_everything
from lexheller.cases.reporter_link import address_of_reporter, token_for
from lexheller.cases.states import CaseStatus
from lexheller.core.db import db
from lexheller.intake import notices
from lexheller.intake.service import RECEIVED
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.organisations.labels import full_name
from lexheller.organisations.queries import federation_of
from lexheller.web.links import absolute_url

OFFICE_SUBJECTS: Mapping[str, LazyString] = {
    notices.QUESTION_REPLIED: _l("Anmälaren har svarat i ärende %(number)s"),
    notices.NOT_SOLVED: _l("Anmälaren skriver att ärende %(number)s inte är löst"),
    notices.NOT_BETTER: _l("Det blev inte helt bra efter ärende %(number)s"),
    notices.HAPPENED_AGAIN: _l("Det har hänt igen: ärende %(number)s"),
}


def _runs(case: Case) -> bool:
    return case.status != CaseStatus.CLOSED


def _is_closed(case: Case) -> bool:
    return case.status == CaseStatus.CLOSED


def _always(_case: Case) -> bool:
    return True


STILL: Mapping[str, Callable[[Case], bool]] = {
    notices.QUESTION_REPLIED: _runs,
    notices.NOT_SOLVED: _runs,
    notices.NOT_BETTER: _is_closed,
    notices.HAPPENED_AGAIN: _always,
}
"""Whether what the mail to the office says still is so when it is sent."""


def install(app: Flask) -> None:
    register(app, Kind(RECEIVED, address_of_reporter, _received, subject=Case))
    for kind, subject in OFFICE_SUBJECTS.items():
        template = f"email/intake/{kind.partition('.')[2]}.txt"
        register(app, Kind(kind, _office(STILL[kind]), _for_office(template, subject), subject=Case))
    register(app, Kind(notices.QUESTION_REPLIED_MANAGER, address_of_link, _replied_manager, subject=Case))


def _office(still: Callable[[Case], bool]) -> Callable[[Message], Address | None]:
    """A user who still may see the federation's cases, as long as what is said of this one is so (P6)."""

    def address(message: Message) -> Address | None:
        user = db.session.get(User, message.recipient_id)
        case = db.session.get(Case, message.subject_id)
        if case is None or case.federation_id != message.federation_id or not still(case):
            return None
        if user is None or not sees_everything(actor_for(user), message.federation_id):
            return None
        return Address(user.email, user.name, user.locale)

    return address


def _received(message: Message) -> Words:
    case = db.session.get_one(Case, message.subject_id)
    contact = db.session.get_one(ReporterContact, message.recipient_id)
    link = absolute_url("intake.receipt_link", token=token_for(contact))
    return Words(
        _("Tack, vi har fått din anmälan %(number)s", number=case.number),
        "email/intake/received.txt",
        _values(case, link),
    )


def _replied_manager(message: Message) -> Words:
    case = db.session.get_one(Case, message.subject_id)
    link = db.session.get_one(AnswerLink, message.recipient_id)
    return Words(
        _("Anmälaren har svarat på er fråga i ärende %(number)s", number=case.number),
        "email/intake/question_replied_manager.txt",
        {
            **_values(case, absolute_url("answer_link.show", token=answer_token(link))),
            "name": link.name,
            "due_on": link.duty.due_on,
        },
    )


def _for_office(template: str, subject: LazyString) -> Callable[[Message], Words]:
    def words(message: Message) -> Words:
        case = db.session.get_one(Case, message.subject_id)
        slug = federation_of(case.federation_id).slug
        link = absolute_url("casework.show", federation=slug, case_id=case.id)
        return Words(str(subject) % {"number": case.number}, template, _values(case, link))

    return words


def _values(case: Case, link: str) -> dict[str, object]:
    return {"number": case.number, "federation_name": full_name(federation_of(case.federation_id)), "link": link}
