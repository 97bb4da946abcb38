"""Duties and their clocks, at hours that the test chooses. Local times are written as `2026-03-02 09:00`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage

from lexheller.audit.models import Event
from lexheller.audit.queries import history
from lexheller.cases.models import Case, Duty
from lexheller.casework import answering, asking, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.deadlines.models import DueStep
from lexheller.deadlines.service import change_settings
from lexheller.deadlines.sweep import fire_due
from lexheller.messaging.models import Message
from lexheller.messaging.service import TRANSPORT
from lexheller.organisations.models import ResponsibleManager
from lexheller.organisations.queries import responsible_managers
from lexheller.organisations.service import ManagerDetails, change_manager
from tests.cast.people import ANSWER, Cast

OPENED = "2026-03-02 09:00"  # a Monday; due on the 30th, over the night that summer time begins


def local(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=clock.SWEDEN).astimezone(UTC)


@contextmanager
def at(written: str) -> Iterator[None]:
    with clock.at(local(written)):
        yield


@dataclass
class Post:
    """Keeps what it is given."""

    sender: str = "Lex Heller <lex@heller.example>"
    mails: list[EmailMessage] = field(default_factory=list)

    def deliver(self, mail: EmailMessage) -> None:
        self.mails.append(mail)

    def texts(self) -> list[str]:
        return [mail.get_content() for mail in self.mails]


@dataclass
class Clockwork:
    """Walks through the verbs at chosen hours. `sent` is every mail that has left since the duty was opened."""

    cast: Cast
    post: Post = field(default_factory=Post)

    def __post_init__(self) -> None:
        self.cast.app.extensions[TRANSPORT] = self.post

    @property
    def federation_id(self) -> int:
        return self.cast.federation().id

    def duty(self, when: str = OPENED, organisation: str = "Arbetsförmedlingen", **changes: object) -> Duty:
        """A duty opened then at a unit of that organisation, its first mails sent and put aside."""
        with at(when):
            case = self.cast.report(concerned_organisation_id=None, **changes)
            with transaction():
                run_waiting_now()
            with transaction():
                unit = self.cast.unit(organisation)
                (opened,) = sending.assign(self.cast.coordinator, case, [unit], seen=case.version)
                run_waiting_now()
        self.post.mails.clear()
        return opened

    def fire(self, when: str) -> int:
        """One tick of the clock."""
        with at(when), transaction():
            return fire_due(self.federation_id)

    def tick(self, when: str) -> int:
        """One tick, and what waits to be sent is sent."""
        fired = self.fire(when)
        self.send(when)
        return fired

    def send(self, when: str) -> list[EmailMessage]:
        with at(when), transaction():
            run_waiting_now()
        return self.post.mails

    def set(self, **values: object) -> None:
        with transaction():
            change_settings(self.cast.coordinator, self.federation_id, values)

    def accept(self, duty: Duty, when: str) -> None:
        with at(when), transaction():
            answering.accept(self.cast.manager_of(duty), self.case(duty), duty, seen=duty.version)

    def answer(self, duty: Duty, when: str) -> None:
        with at(when), transaction():
            answering.answer(self.cast.manager_of(duty), self.case(duty), duty, dict(ANSWER), seen=duty.version)

    def extend(self, duty: Duty, days: int, when: str) -> None:
        with at(when), transaction():
            case = self.case(duty)
            answering.extend(self.cast.coordinator, case, duty, days, "Semester.", seen=duty.version)

    def ask(self, duty: Duty, when: str) -> None:
        with at(when), transaction():
            case = self.case(duty)
            asking.ask_reporter(self.cast.coordinator, case, "Vilken dag var det?", seen=case.version)

    def no_longer_ask(self, duty: Duty, when: str) -> None:
        with at(when), transaction():
            case = self.case(duty)
            question = asking.open_question(case.id)
            assert question is not None
            asking.withdraw_question(self.cast.coordinator, case, question, seen=case.version)

    def case(self, duty: Duty) -> Case:
        return db.session.get_one(Case, duty.case_id)

    def fired(self, duty: Duty) -> list[tuple[str, str]]:
        """(step, local minute) of everything that has fired, in that order."""
        rows = db.session.scalars(
            db.select(DueStep).where(DueStep.duty_id == duty.id, DueStep.fired_at.is_not(None)).order_by(DueStep.due_at)
        )
        return [(row.step, f"{row.fired_at.astimezone(clock.SWEDEN):%Y-%m-%d %H:%M}") for row in rows if row.fired_at]

    def waiting(self, duty: Duty) -> dict[str, str]:
        """The local minute of each step that waits."""
        rows = db.session.scalars(
            db.select(DueStep).where(
                DueStep.duty_id == duty.id, DueStep.fired_at.is_(None), DueStep.cancelled_at.is_(None)
            )
        )
        return {row.step: f"{row.due_at.astimezone(clock.SWEDEN):%Y-%m-%d %H:%M}" for row in rows}

    def events(self, duty: Duty) -> list[Event]:
        return history(duty.federation_id, "duty", duty.id)

    def messages(self) -> list[Message]:
        query = db.select(Message).where(Message.kind == "deadlines.digest").order_by(Message.id)
        return list(db.session.scalars(query.execution_options(populate_existing=True)))

    def give_superior(
        self, duty: Duty, name: str | None = "Sara Sund", email: str | None = "sara.sund@af.example"
    ) -> None:
        """The managers of the duty's unit get this superior, or none."""
        for manager in self.managers(duty):
            with transaction():
                change_manager(
                    self.cast.coordinator,
                    manager,
                    ManagerDetails(manager.name, manager.email, name, email),
                    valid_from=manager.valid_from,
                    valid_to=manager.valid_to,
                )

    def managers(self, duty: Duty) -> list[ResponsibleManager]:
        return responsible_managers(duty.unit_id, clock.day_of(local(OPENED)))
