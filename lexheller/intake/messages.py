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
from lexheller.accounts.rights import Right
from lexheller.cases.answer_link import address_of_link
from lexheller.cases.answer_link import token_for as answer_token
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Case, ReporterContact
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
}


def install(app: Flask) -> None:
    register(app, Kind(RECEIVED, address_of_reporter, _received, subject=Case))
    for kind, subject in OFFICE_SUBJECTS.items():
        template = f"email/intake/{kind.partition('.')[2]}.txt"
        register(app, Kind(kind, _office, _for_office(template, subject), subject=Case))
    register(app, Kind(notices.QUESTION_REPLIED_MANAGER, address_of_link, _replied_manager, subject=Case))


def _office(message: Message) -> Address | None:
    """A user who still handles the federation's cases, as long as this one runs (P6)."""
    user = db.session.get(User, message.recipient_id)
    case = db.session.get(Case, message.subject_id)
    if case is None or case.federation_id != message.federation_id or case.status == CaseStatus.CLOSED:
        return None
    if user is None or not actor_for(user).may(Right.HANDLE_CASES, message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


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
