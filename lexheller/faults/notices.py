"""The mail when a fault comes back: who is told, may they still, which words. Number and link, no text (P6, P7)."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, office_of, user_by_email
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.faults.permissions import answers_for_owner, may_see
from lexheller.faults.states import OVER, FaultStatus
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.messaging.service import ask_each
from lexheller.organisations.labels import full_name
from lexheller.organisations.queries import contacts_for_unit, federation_of
from lexheller.web.links import absolute_url

RECURRED = "faults.recurred"


def install(app: Flask) -> None:
    register(app, Kind(RECURRED, _address, _words, subject=Fault))


def tell_recurred(fault: Fault) -> None:
    """The office always; whoever answers for the unit that owns it, where they have an account. Nobody twice."""
    users = {user.id: user for user in (*office_of(fault.federation_id), *owners(fault))}
    ask_each(
        RECURRED,
        sorted(users),
        key=f"{RECURRED}:{fault.id}:{fault.version}",
        federation_id=fault.federation_id,
        subject_id=fault.id,
    )


def nobody_hears(fault: Fault) -> bool:
    """Whether a unit owns it where nobody can be told: then the office is alone to know."""
    return fault.owner_unit_id is not None and not owners(fault)


def owners(fault: Fault) -> list[User]:
    """Those who answer for the owner today, as far as they can sign in and read the fault."""
    if fault.owner_unit_id is None:
        return []
    contacts = contacts_for_unit(fault.owner_unit_id, clock.today())
    users = (user_by_email(contact.email) for contact in contacts)
    known = [user for user in users if user is not None and user.activated_at is not None]
    return [user for user in known if answers_for_owner(actor_for(user), fault)]


def _address(message: Message) -> Address | None:
    """A user who still may read the fault, as long as it is open again (P6)."""
    user, fault = db.session.get(User, message.recipient_id), db.session.get(Fault, message.subject_id)
    if user is None or fault is None or fault.federation_id != message.federation_id:
        return None
    if FaultStatus(fault.status) in OVER or not may_see(actor_for(user), fault):
        return None
    return Address(user.email, user.name, user.locale)


def _words(message: Message) -> Words:
    fault = db.session.get_one(Fault, message.subject_id)
    federation = federation_of(fault.federation_id)
    return Words(
        _("Systemfel %(number)s har hänt igen", number=fault.number),
        "email/faults/recurred.txt",
        {
            "number": fault.number,
            "federation_name": full_name(federation),
            "nobody_hears": nobody_hears(fault),
            "link": absolute_url("improvement.fault", federation=federation.slug, fault_id=fault.id),
        },
    )
