"""How a mail leaves: by SMTP in production, into a folder on the embedded default. Knows nothing of outbox rows."""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

SMTP_TIMEOUT_SECONDS = 10


class Transport(Protocol):
    @property
    def sender(self) -> str: ...

    def deliver(self, mail: EmailMessage) -> None: ...


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """`url` is smtp://[user:password@]host[:port] (STARTTLS where offered) or smtps://…"""

    url: str
    sender: str

    def deliver(self, mail: EmailMessage) -> None:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        with contextlib.ExitStack() as stack:
            if parts.scheme == "smtps":
                server: smtplib.SMTP = stack.enter_context(
                    smtplib.SMTP_SSL(
                        host,
                        parts.port or 465,
                        timeout=SMTP_TIMEOUT_SECONDS,
                        context=ssl.create_default_context(),
                    )
                )
            else:
                server = stack.enter_context(smtplib.SMTP(host, parts.port or 25, timeout=SMTP_TIMEOUT_SECONDS))
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """One .eml file per mail, named by its Message-ID: written whole or not at all."""

    folder: Path
    sender: str

    def deliver(self, mail: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in mail["Message-ID"][1:-1])
        finished = self.folder / f"{name[:200]}.eml"
        unfinished = finished.with_suffix(f".{os.getpid()}.part")
        unfinished.write_bytes(mail.as_bytes(policy=policy.SMTP))
        unfinished.replace(finished)


@dataclass(frozen=True, slots=True)
class StoredMail:
    name: str
    to: str
    subject: str
    date: str
    text: str


def read_folder(folder: Path, *, most: int = 100) -> list[StoredMail]:
    """The newest mails of a FolderTransport, newest first, by their Date header."""
    found: list[tuple[float, StoredMail]] = []
    newest = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[: most * 3]
    for path in newest:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        stored = StoredMail(path.stem, mail["To"], mail["Subject"], mail["Date"], body.get_content() if body else "")
        found.append((parsedate_to_datetime(mail["Date"]).timestamp(), stored))
    return [stored for _, stored in sorted(found, key=lambda pair: (pair[0], pair[1].name), reverse=True)][:most]
