"""What a verb would send, before it is sent: the verb is run, its messages are worded, and everything is undone.

Stops at mails: what the reporter would read on the receipt page is the form's own text. Nobody's personal link is
shown, and the reporter is never named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask_babel import gettext as _

from lexheller.core.db import db
from lexheller.core.transaction import tried_out
from lexheller.messaging.kinds import Address
from lexheller.messaging.models import Message, RecipientType
from lexheller.messaging.service import collected, in_words
from lexheller.organisations.labels import full_name
from lexheller.organisations.queries import federation_of

SHARED_PAGES = ("/arenden/", "/overlamningar/")
_ADDRESS = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True, slots=True)
class MailPreview:
    """`address` is None where the office may not know it: the reporter's, and another federation's people."""

    recipient: str
    address: str | None
    subject: str
    body: str
    to_reporter: bool = False


def outgoing(verb: Callable[[], object], federation_id: int | None = None) -> list[MailPreview]:
    """The mails that `verb` would send, in order; nothing of what it does stays. Raises what the verb raises.

    `federation_id` is the viewer's: people of another federation are then named by it alone.
    """
    with tried_out(), collected() as messages:
        verb()
        asked_for = [message for message in messages if message in db.session]  # others went with what was refused
        found = [_preview(message, federation_id) for message in asked_for]
    return [mail for mail in found if mail is not None]


def _preview(message: Message, federation_id: int | None) -> MailPreview | None:
    worded = in_words(message)
    if worded is None:
        return None
    address, subject, body = worded
    recipient, shown = _recipient(message, address, federation_id)
    to_reporter = message.recipient_type == RecipientType.REPORTER
    return MailPreview(recipient, shown, subject, _without_personal_links(body).strip(), to_reporter)


def _recipient(message: Message, address: Address, federation_id: int | None) -> tuple[str, str | None]:
    if message.recipient_type == RecipientType.REPORTER:
        return _("Anmälaren"), None
    if federation_id is not None and message.federation_id != federation_id:
        return _("Samordnaren i %(name)s", name=full_name(federation_of(message.federation_id))), None
    return address.name or address.email, address.email


def _without_personal_links(body: str) -> str:
    """Addresses that open something by themselves belong to their recipient alone; pages behind sign-in may stay."""
    return _ADDRESS.sub(_shown_link, body)


def _shown_link(found: re.Match[str]) -> str:
    shared = urlsplit(found.group()).path.startswith(SHARED_PAGES)
    return found.group() if shared else _("[mottagarens egen länk]")
