"""Keeping how far each federation's log has come where the database cannot reach it: in a file, and by mail (P14).

Runs often and writes once a day: a missed hour is made up for by the next. Each federation is by itself, so that one
that fails does not stop the others (P33). All lines that are there are held against the log each time: what was kept
once must be in it for ever after.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from lexheller.audit.heads import event_of, head_line, keep, not_in_log, present_head
from lexheller.audit.models import Event
from lexheller.audit.verify import Head
from lexheller.check.finding import Finding
from lexheller.core import clock, jobs, tenancy
from lexheller.core.db import db, reading
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.messaging.service import TRANSPORT
from lexheller.messaging.transport import Transport
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import Federation
from lexheller.web.links import BASE_URL

log = structlog.get_logger(__name__)

MAIL_JOB = "check.mail_head"
FOLDER = "HEADS_FOLDER"
TO = "HEADS_TO"


def known_logs() -> list[tuple[int, str]]:
    """Every federation's id and slug, those that are no longer active too: their logs stay."""
    return [(row.id, row.slug) for row in db.session.execute(select(Federation.id, Federation.slug).order_by("id"))]


def keep_all() -> None:
    """Today's head of every federation into its file, and on its way by mail. Twice a day adds nothing."""
    with reading(), nothing_kept():
        federations = known_logs()
    for federation_id, slug in federations:
        try:
            with tenancy.within(federation_id):
                _keep(federation_id, slug)
        except Exception:
            log.exception("head_not_kept", federation_id=federation_id)


def kept_heads_fit() -> Iterator[Finding]:
    """P14: each log still has what was kept of it, as far as the files are on this machine; else the first that it has
    not.
    """
    folder = Path(current_app.config[FOLDER])
    for federation_id, slug in known_logs():
        now = present_head(federation_id, slug)
        try:
            gone = [head for head in not_in_log(folder, slug, federation_id) if not _is_newer(head, now)]
        except OSError:
            yield Finding("P14", federation_id, "kept heads", "cannot be read")
            continue
        if gone:
            yield Finding("P14", federation_id, f"event {gone[0].sequence}", f"not the one that was kept {gone[0].day}")


def _is_newer(head: Head, now: Head | None) -> bool:
    """Kept today, after the moment at which the database is looked at: whoever checks may see an older one."""
    return head.day >= clock.today().isoformat() and (now is None or head.sequence > now.sequence)


def _keep(federation_id: int, slug: str) -> None:
    folder = Path(current_app.config[FOLDER])
    with reading(), nothing_kept():
        gone, now = not_in_log(folder, slug, federation_id), present_head(federation_id, slug)
    if gone:
        first = gone[0]
        log.error(
            "kept_head_not_in_log",
            federation_id=federation_id,
            day=first.day,
            sequence=first.sequence,
            heads=len(gone),
        )
    if now is None:
        return
    kept = keep(folder, now)
    if current_app.config[TO]:
        with transaction():
            _ask_for_mail(kept)


def _ask_for_mail(head: Head) -> None:
    """One mail for each place that a log has come to: a day on which nothing happened has none."""
    event_id = event_of(head)
    if event_id is not None:
        key = f"{MAIL_JOB}:{head.federation_id}:{head.sequence}:{head.hash[:16]}"
        jobs.ask_for(MAIL_JOB, federation_id=head.federation_id, subject_id=event_id, key=key)


def mail_head(event_id: int) -> jobs.Effect | None:
    """The job: the event was the last of its federation's log. Nothing is sent once the address is taken away."""
    to, event = current_app.config[TO], db.session.get(Event, event_id)
    if event is None or not to:
        return None
    federation = db.session.get_one(Federation, event.federation_id)
    head = Head(federation.slug, federation.id, clock.today().isoformat(), event.sequence, event.hash)
    transport: Transport = current_app.extensions[TRANSPORT]
    gone = not_in_log(Path(current_app.config[FOLDER]), federation.slug, federation.id)
    mail = _mail(head, gone, full_name(federation), to, transport.sender)
    return jobs.Effect(happen=partial(transport.deliver, mail), settle=_nothing, failed=_nothing_more)


def _mail(head: Head, gone: list[Head], federation_name: str, to: str, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, to
    mail["Date"] = format_datetime(clock.now())
    host = urlsplit(current_app.config[BASE_URL]).hostname or "localhost"
    mail["Message-ID"] = f"<head.{head.federation_id}.{head.sequence}.{head.hash[:16]}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    with force_locale("sv"):
        mail["Subject"] = _(
            "Händelseloggens huvud för %(federation)s, rad %(row)s", federation=head.federation, row=head.sequence
        )
        values = {"head": head, "gone": gone, "line": head_line(head).strip(), "federation_name": federation_name}
        mail.set_content(render_template("email/check/head.txt", **values))
    return mail


def _nothing() -> None:
    """The job's own row says that it was sent."""


def _nothing_more(_problem: Exception) -> None:
    """The job's own row says that it was not."""
