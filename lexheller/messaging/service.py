"""Asking for a message, and sending one. Sending is the job `messaging.send_message`."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import select

from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.messaging.kinds import Address, Words, kind_of
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from lexheller.messaging.transport import Transport

SEND_JOB = "messaging.send_message"
TRANSPORT = "lexheller_mail_transport"


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
    return message


def send(message_id: int) -> None:
    """Send the message if it still should be. Raises what the transport raises: the job tries again later."""
    message = db.session.get(Message, message_id)
    if message is None or message.status != MessageStatus.WAITING:
        return
    kind = kind_of(message.kind)
    address = kind.address(message)
    message.attempts += 1
    if address is None:
        message.status = MessageStatus.CANCELLED
        db.session.flush()
        return
    transport: Transport = current_app.extensions[TRANSPORT]
    with force_locale(address.locale):
        transport.deliver(_mail(message, address, kind.words(message), transport.sender))
    message.status, message.sent_at = MessageStatus.SENT, clock.now()
    db.session.flush()


def _mail(message: Message, address: Address, words: Words, sender: str) -> EmailMessage:
    """The Message-ID follows from the key, so that a double can be recognised by the receiving side."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = formataddr((address.name, address.email))
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message.key.replace(':', '.')}@lexheller>"
    mail["Content-Language"] = address.locale
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(render_template(words.template, **words.values))
    return mail
