"""What a scene of the table of message kinds is made of, and the walks that several of them share.

Every text that anybody writes in a scene holds SECRET; no mail and no row of a message, job or event may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TypeVar

from lexheller.cases.models import Case
from lexheller.cases.queries import contact_of
from lexheller.cases.reporter_link import revoke
from lexheller.cases.states import CloseReason
from lexheller.casework import answering, beside, closing, describing, sending
from lexheller.core import clock
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from tests.cast.people import ELSEWHERE, HOME, Cast

SECRET = "Hemligordet"
SENDING = "messaging.send_message"
REPORTER = "anmalare@habo.example"
OFFICE, AF, FK = (address(part, HOME) for part in ("samordnare", "chef.af", "chef.fk"))
TEXTS = dict.fromkeys(answering.ANSWER_FIELDS, f"{SECRET} i svaret.")
Found = TypeVar("Found")


def moment(written: str) -> datetime:
    """`2026-03-02 09:00` in Sweden."""
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=clock.SWEDEN).astimezone(UTC)


MONDAY = moment("2026-03-02 09:00")


@dataclass
class Made:
    """What a scene made: its case, what else its other parts look at, and when its messages are sent.

    `marks` identify the matter in the mail where the kind is not about a case, whose number does.
    """

    case: Case | None = None
    other: object = None
    at: datetime | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """`play` walks through the verbs until the messages wait. `to` are their addresses, one a message; `waits` is what
    the Swedish mail says that the recipient is to do or read. `again` causes the same thing once more, `anew` makes
    another occasion, after which as many wait again. `lost`: how each loses the right, or the matter is over.
    """

    kind: str
    to: tuple[str, ...]
    waits: str
    play: Callable[[Cast], Made]
    again: Callable[[Cast, Made], object]
    lost: Mapping[str, Callable[[Cast, Made], object]]
    anew: Callable[[Cast, Made], object] | None = None
    variant: str = ""
    starts: datetime = MONDAY

    def __str__(self) -> str:
        return f"{self.kind}-{self.variant}" if self.variant else self.kind


@dataclass
class Post:
    """Keeps what it is given."""

    sender: str = "Lex Heller <lex@heller.example>"
    mails: list[EmailMessage] = field(default_factory=list)

    def deliver(self, mail: EmailMessage) -> None:
        self.mails.append(mail)


def kept(verb: Callable[[], Found]) -> Found:
    with transaction():
        return verb()


def settle() -> None:
    """Everything that waits is done, mails too."""
    with transaction():
        run_waiting_now()


def told(cast: Cast, slug: str = HOME, **changes: object) -> Case:
    """A report with SECRET in every field, routed or left to the office, its first mails sent."""
    texts = dict.fromkeys(("what_happened", "consequence", "done_at_once", "proposal"), f"{SECRET} i anmälan.")
    case = cast.report(slug, **{**texts, **changes})
    settle()
    return case


def unrouted(cast: Cast, slug: str = HOME, **changes: object) -> Case:
    """The same with the office, which has written a note and a summary for others."""
    case = told(cast, slug, concerned_organisation_id=None, **changes)
    office = cast.person("samordnare", slug)
    kept(lambda: beside.write_note(office, case, f"{SECRET} i anteckningen."))
    kept(lambda: describing.share_summary(office, case, f"{SECRET} i sammanfattningen.", seen=case.version))
    return case


def assigned(cast: Cast, slug: str = HOME, **changes: object) -> Case:
    """With Arbetsförmedlingen, whose manager has heard of it."""
    case = unrouted(cast, slug, **changes)
    kept(lambda: send(cast, case, slug))
    settle()
    return case


def answered(cast: Cast) -> Case:
    case = assigned(cast)
    kept(lambda: answer(cast, case))
    settle()
    return case


def closed(cast: Cast) -> Case:
    case = answered(cast)
    kept(lambda: close(cast, case))
    settle()
    return case


def send(cast: Cast, case: Case, slug: str = HOME) -> object:
    unit = cast.unit("Arbetsförmedlingen", slug)
    return sending.assign(cast.person("samordnare", slug), case, [unit], seen=case.version)


def answer(cast: Cast, case: Case) -> object:
    return cast.answer(case, **TEXTS)


def close(cast: Cast, case: Case) -> object:
    text = f"{SECRET} i slutsatsen."
    return closing.close(cast.coordinator, case, CloseReason.EXPLAINED, text, seen=case.version)


def send_back(cast: Cast, case: Case) -> object:
    duty = cast.duty(case)
    return answering.send_back(cast.manager_of(duty), case, duty, f"{SECRET} i skälet.", seen=duty.version)


def role_gone(cast: Cast, _made: Made) -> None:
    cast.coordinator_leaves()


def role_gone_elsewhere(cast: Cast, _made: Made) -> None:
    cast.coordinator_leaves(ELSEWHERE)


def address_taken_back(_cast: Cast, made: Made) -> None:
    revoke(contact_of(made.case.report_id))
