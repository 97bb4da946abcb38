"""How a mail leaves: by SMTP in production, into a folder on the embedded default. Knows nothing of outbox rows."""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
import threading
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

SMTP_TIMEOUT_SECONDS = 10


class Transport(Protocol):
    @property
    def sender(self) -> str: ...

    def deliver(self, mail: EmailMessage) -> None: ...


def surely_not_sent(problem: Exception) -> bool:
    """Whether `deliver` failed before anybody took the mail over. A connection that broke leaves that open."""
    return isinstance(problem, OSError) and not isinstance(problem, smtplib.SMTPServerDisconnected)


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """`url` is smtp://[user:password@]host[:port] (STARTTLS where offered) or smtps://…"""

    url: str
    sender: str

    def deliver(self, mail: EmailMessage) -> None:
        """Returns when the server has taken the mail over; how it says good-bye after that changes nothing."""
        parts = urlsplit(self.url)
        server = self._connected(parts)
        try:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
            with contextlib.suppress(OSError):
                server.quit()
        finally:
            server.close()

    def _connected(self, parts: SplitResult) -> smtplib.SMTP:
        host = parts.hostname or "localhost"
        encrypted = ssl.create_default_context()
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, parts.port or 465, timeout=SMTP_TIMEOUT_SECONDS, context=encrypted)
        server = smtplib.SMTP(host, parts.port or 25, timeout=SMTP_TIMEOUT_SECONDS)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=encrypted)
            elif parts.username:
                raise smtplib.SMTPNotSupportedError("a password is not sent without STARTTLS")
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """One .eml file per mail, named by its Message-ID: written whole or not at all."""

    folder: Path
    sender: str

    def deliver(self, mail: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in mail["Message-ID"][1:-1])
        finished = self.folder / f"{name[:200]}.eml"
        unfinished = finished.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
        unfinished.write_bytes(mail.as_bytes(policy=policy.SMTP))
        unfinished.replace(finished)


@dataclass(frozen=True, slots=True)
class StoredMail:
    name: str
    to: str
    subject: str
    moment: datetime
    text: str


def read_folder(folder: Path, *, most: int = 100) -> list[StoredMail]:
    """The newest mails of a FolderTransport, newest first, by their Date header."""
    found: list[StoredMail] = []
    newest = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[: most * 3]
    for path in newest:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        moment = parsedate_to_datetime(mail["Date"])
        found.append(StoredMail(path.stem, mail["To"], mail["Subject"], moment, body.get_content() if body else ""))
    return sorted(found, key=lambda stored: (stored.moment, stored.name), reverse=True)[:most]
