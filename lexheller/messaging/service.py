"""Asking for a message, and sending one. Sending is the job `messaging.send_message`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from functools import partial
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import select

from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.messaging.kinds import Address, Words, kind_of
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from lexheller.messaging.transport import Transport, surely_not_sent
from lexheller.web.links import BASE_URL

SEND_JOB = "messaging.send_message"
TRANSPORT = "lexheller_mail_transport"

_collected: ContextVar[list[Message] | None] = ContextVar("collected_messages", default=None)


@contextmanager
def collected() -> Iterator[list[Message]]:
    """The messages that are asked for within the block, in order; for a preview of what a verb would send."""
    found: list[Message] = []
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)


def ask_for(
    kind: str,
    *,
    key: str,
    federation_id: int,
    subject_id: int,
    recipient_type: RecipientType,
    recipient_id: int,
) -> Message:
    """Write the row that promises the message; the same key twice is one message (P5)."""
    existing = db.session.scalar(select(Message).where(Message.key == key))
    if existing is not None:
        return existing
    message = Message(
        kind=kind,
        key=key,
        federation_id=federation_id,
        subject_id=subject_id,
        recipient_type=recipient_type,
        recipient_id=recipient_id,
        requested_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    jobs.ask_for(SEND_JOB, federation_id=federation_id, subject_id=message.id, key=f"send:{key}")
    collecting = _collected.get()
    if collecting is not None:
        collecting.append(message)
    return message


def ask_each(kind: str, user_ids: Iterable[int], *, key: str, federation_id: int, subject_id: int) -> None:
    """A message to each of these accounts; the same key and account twice is one message (P5)."""
    for user_id in user_ids:
        ask_for(
            kind,
            key=f"{key}:{user_id}",
            federation_id=federation_id,
            subject_id=subject_id,
            recipient_type=RecipientType.USER,
            recipient_id=user_id,
        )


def in_words(message: Message) -> tuple[Address, str, str] | None:
    """Address, subject and body of the message as it would be sent now; None when it would be cancelled (P6)."""
    kind = kind_of(message.kind)
    address = kind.address(message)
    if address is None:
        return None
    with force_locale(address.locale):
        words = kind.words(message)
        return address, words.subject, render_template(words.template, **words.values)


def send(message_id: int) -> jobs.Effect | jobs.Postponed | None:
    """The delivery of the message, if it still should be sent. It is counted before it begins: should the process die
    between the mail server's answer and the mark, the second sending is known as a possible double (P5). At an hour
    when its kind is not sent it waits, and is looked at anew (P9).
    """
    message = db.session.get(Message, message_id)
    if message is None or message.status != MessageStatus.WAITING:
        return None
    kind = kind_of(message.kind)
    address = kind.address(message)
    if address is None:
        message.status = MessageStatus.CANCELLED
        db.session.flush()
        return None
    opens_at = kind.not_before(message) if kind.not_before is not None else None
    if opens_at is not None and opens_at > clock.now():
        return jobs.Postponed(opens_at)
    transport: Transport = current_app.extensions[TRANSPORT]
    with force_locale(address.locale):
        mail = _mail(message, address, kind.words(message), transport.sender)
    message.attempts += 1
    db.session.flush()
    return jobs.Effect(
        happen=partial(transport.deliver, mail),
        settle=partial(_mark_sent, message_id),
        failed=partial(_mark_failed, message_id),
    )


def _mark_sent(message_id: int) -> None:
    message = db.session.get_one(Message, message_id)
    message.status, message.sent_at = MessageStatus.SENT, clock.now()
    db.session.flush()


def _mark_failed(message_id: int, problem: Exception) -> None:
    """What was surely refused can be sent again without being a double."""
    message = db.session.get_one(Message, message_id)
    if message.status == MessageStatus.WAITING and surely_not_sent(problem):
        message.attempts -= 1
        db.session.flush()


def _own_host() -> str:
    return urlsplit(current_app.config[BASE_URL]).hostname or "localhost"


def _ascii(email: str) -> str:
    """The address with its domain as mail servers spell it: `a@företag.se` becomes `a@xn--fretag-wxa.se`."""
    local, _at, domain = email.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _mail(message: Message, address: Address, words: Words, sender: str) -> EmailMessage:
    """The Message-ID follows from the key and this installation's host, so that the receiving side knows a double."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = formataddr((address.name, _ascii(address.email)))
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message.key.replace(':', '.')}@{_own_host()}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(render_template(words.template, **words.values))
    mail["Content-Language"] = address.locale  # setting the content takes away what describes it
    return mail
