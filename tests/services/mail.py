"""A real SMTP server that keeps what it is sent. Stops at receiving; reading a mail is for the test."""

from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.ports import free_port


class _Handler:
    def __init__(self, server: "MailServer") -> None:
        self._server = server

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self._server.refusing:
            return "451 Requested action aborted: try again later"
        content = envelope.original_content or b""
        self._server.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 Message accepted for delivery"


class MailServer:
    """Listens on a free port of this machine.

    `messages` in the order of arrival; while `refusing`, every message is answered with 451, try later.
    """

    def __init__(self) -> None:
        self.messages: list[Message | EmailMessage] = []
        self.refusing = False
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=free_port())
        self._controller.start()

    @property
    def port(self) -> int:
        """The TCP port."""
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """The address as LEXHELLER_SMTP_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[Message | EmailMessage]:
        """The messages whose To names this address."""
        return [message for message in self.messages if address in str(message["To"])]

    def stop(self) -> None:
        """Stop listening; the messages stay."""
        self._controller.stop()
