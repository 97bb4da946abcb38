"""The receipt mail: number and a signed link. Never the code, never the text (P7)."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from lexheller.cases.models import Case, ReporterContact
from lexheller.cases.reporter_link import address_of_reporter, token_for
from lexheller.core.db import db
from lexheller.intake.service import RECEIVED
from lexheller.messaging.kinds import Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.organisations.labels import full_name
from lexheller.organisations.queries import federation_of
from lexheller.web.links import absolute_url


def install(app: Flask) -> None:
    register(app, Kind(RECEIVED, address_of_reporter, _words))


def _words(message: Message) -> Words:
    case = db.session.get_one(Case, message.subject_id)
    contact = db.session.get_one(ReporterContact, message.recipient_id)
    return Words(
        _("Tack, vi har fått din anmälan %(number)s", number=case.number),
        "email/intake/received.txt",
        {
            "number": case.number,
            "federation_name": full_name(federation_of(case.federation_id)),
            "link": absolute_url("intake.receipt_link", token=token_for(contact)),
        },
    )
