"""Every message is a row before it is a mail, is sent once, and only to who may still see the matter (P5, P6)."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

import pytest

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR
from lexheller.accounts.service import disable
from lexheller.cases.models import Case
from lexheller.cases.queries import contact_of
from lexheller.cases.reporter_link import revoke
from lexheller.cases.states import CaseStatus
from lexheller.casework import sending
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import transaction
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from lexheller.messaging.service import TRANSPORT, ask_for
from lexheller.messaging.transport import SmtpTransport
from lexheller.organisations.models import Unit
from lexheller.organisations.queries import responsible_managers, unit_in
from tests.cast.people import HOME, Cast
from tests.services.ports import free_port


@dataclass
class Post:
    """Keeps what it is given; breaks in the way it is told to."""

    sender: str = "Lex Heller <lex@heller.example>"
    mails: list[EmailMessage] = field(default_factory=list)
    problem: Exception | None = None
    after: bool = False

    def deliver(self, mail: EmailMessage) -> None:
        if self.problem is not None and not self.after:
            raise self.problem
        self.mails.append(mail)
        if self.problem is not None:
            raise self.problem


@pytest.fixture
def post(app) -> Post:
    app.extensions[TRANSPORT] = post = Post()
    return post


def waiting(name: str = "messaging.send_message") -> list[int]:
    query = db.select(Job.id).where(Job.status == JobStatus.WAITING, Job.name == name).order_by(Job.id)
    return list(db.session.scalars(query))


def run_all() -> None:
    for job_id in waiting():
        jobs.run(job_id)


def routed(cast: Cast) -> Case:
    """A case whose manager has a message that is not yet sent."""
    case = cast.report()
    for job_id in waiting("casework.route_case"):
        assert jobs.run(job_id)
    db.session.refresh(case)
    assert case.status == CaseStatus.ASSIGNED
    return case


def message(kind: str) -> Message:
    return db.session.scalars(db.select(Message).where(Message.kind == kind)).one()


def test_p05_each_message_has_a_row_and_a_job_and_is_sent_once(cast, post):
    case = routed(cast)
    rows = list(db.session.scalars(db.select(Message)))
    assert {row.kind for row in rows} == {
        "intake.report_received",
        "casework.case_assigned",
        "casework.reporter_routed",
    }
    assert len(waiting()) == len(rows)
    assert post.mails == []
    ids = waiting()
    for _ in range(3):
        for job_id in ids:
            jobs.run(job_id)
    assert len(post.mails) == len(rows)
    for row in db.session.scalars(db.select(Message).execution_options(populate_existing=True)):
        assert (row.status, row.attempts) == (MessageStatus.SENT, 1)
        assert row.sent_at is not None
    assert all(case.number in mail["Subject"] for mail in post.mails)


def test_p05_the_same_key_is_one_message(cast, post):
    federation = cast.federation()

    def ask() -> int:
        with transaction():
            return ask_for("casework.case_unrouted", key="unrouted:1:1:1", federation_id=federation.id, subject_id=1,
                           recipient_type=RecipientType.USER, recipient_id=1).id  # fmt: skip

    assert ask() == ask()
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 1
    assert db.session.scalar(db.select(db.func.count(Job.id))) == 1


def test_p05_a_server_that_is_down_is_tried_again_and_the_mail_arrives(cast, app, smtp_server):
    app.extensions[TRANSPORT] = SmtpTransport(f"smtp://127.0.0.1:{free_port()}", "Lex Heller <lex@heller.example>")
    cast.report()
    (job_id,) = waiting()
    assert not jobs.run(job_id)
    job = db.session.get_one(Job, job_id)
    assert (job.status, job.attempts) == (JobStatus.WAITING, 1)
    assert message("intake.report_received").status == MessageStatus.WAITING
    app.extensions[TRANSPORT] = SmtpTransport(smtp_server.url, "Lex Heller <lex@heller.example>")
    with clock.at(job.due_at):
        assert jobs.run(job_id)
    assert len(smtp_server.messages) == 1
    db.session.expire_all()
    assert message("intake.report_received").attempts == 1, "refused surely: no double is possible"


def test_p05_a_server_that_refuses_for_a_while_gets_it_later(cast, app, smtp_server):
    app.extensions[TRANSPORT] = SmtpTransport(smtp_server.url, "Lex Heller <lex@heller.example>")
    cast.report()
    (job_id,) = waiting()
    smtp_server.refusing = True
    assert not jobs.run(job_id)
    assert smtp_server.messages == []
    smtp_server.refusing = False
    with clock.at(db.session.get_one(Job, job_id).due_at):
        assert jobs.run(job_id)
    assert len(smtp_server.messages) == 1


def test_p05_a_death_between_mail_and_mark_sends_again_with_the_same_id_and_is_recorded(cast, post):
    cast.report()
    (job_id,) = waiting()
    post.problem, post.after = SystemExit(), True
    with pytest.raises(SystemExit):
        jobs.run(job_id)
    db.session.rollback()
    assert len(post.mails) == 1
    post.problem = None
    with clock.at(clock.now() + timedelta(hours=1)):
        assert jobs.run(job_id)
    first, second = post.mails
    assert first["Message-ID"] == second["Message-ID"]
    db.session.expire_all()
    assert message("intake.report_received").attempts == 2


def test_p05_what_never_leaves_is_parked_shown_and_sent_by_the_button(app, stage, visitor, new_visitor, post):
    post.problem = OSError("no route")

    def give_up(cast: Cast) -> None:
        cast.report()
        (job_id,) = waiting()
        for _ in range(jobs.MOST_ATTEMPTS):
            with clock.at(db.session.get_one(Job, job_id).due_at):
                jobs.run(job_id)
            db.session.expire_all()
        assert db.session.get_one(Job, job_id).status == JobStatus.PARKED

    stage.ask(give_up)
    post.problem = None
    queue = f"/arenden/{HOME}"
    visitor.sign_in("samordnare")
    visitor.get(queue)
    assert "har fastnat" in visitor.text
    button = re.search(rf'action="({queue}/fastnat/\d+)"', visitor.text)[1]
    manager, outsider = new_visitor(), new_visitor()
    for other, part, slug in ((manager, "chef.af", HOME), (outsider, "samordnare", "finnveden")):
        other.sign_in(part, slug)
        assert "har fastnat" not in other.text
        assert other.post(button).status_code == 404
    visitor.get(queue)
    visitor.post(button)
    assert "har fastnat" not in visitor.text
    stage.ask(lambda _cast: run_all())
    assert [mail["To"] for mail in post.mails] == ["anmalare@habo.example"]


def assert_cancelled(kind: str, post: Post) -> None:
    run_all()
    db.session.expire_all()
    found = message(kind)
    assert (found.status, found.sent_at) == (MessageStatus.CANCELLED, None)
    assert waiting() == []
    assert not [mail for mail in post.mails if kind.rpartition("_")[2] in mail["Message-ID"]]


def test_p06_a_manager_whose_time_ended_gets_no_mail(cast, post):
    case = routed(cast)
    with transaction():
        for manager in responsible_managers(cast.duty(case).unit_id, clock.today()):
            manager.valid_from, manager.valid_to = clock.today() - timedelta(9), clock.today() - timedelta(1)
    assert_cancelled("casework.case_assigned", post)


def test_p06_a_manager_of_a_unit_that_lost_the_duty_gets_no_mail(cast, post):
    case = routed(cast)
    first = cast.duty(case).unit_id
    other = db.session.scalars(
        db.select(Unit.id).where(Unit.federation_id == case.federation_id, Unit.id != first)
    ).first()
    with transaction():
        sending.assign(cast.coordinator, case, [unit_in(case.federation_id, other)], seen=case.version)
    run_all()
    db.session.expire_all()
    rows = list(
        db.session.scalars(db.select(Message).where(Message.kind == "casework.case_assigned").order_by(Message.id))
    )
    assert [row.status for row in rows] == [MessageStatus.CANCELLED, MessageStatus.SENT]


def test_p06_an_answered_duty_needs_no_mail(cast, post):
    case = routed(cast)
    with transaction():
        cast.answer(case)
    run_all()
    db.session.expire_all()
    assert message("casework.case_assigned").status == MessageStatus.CANCELLED


@pytest.mark.parametrize("loss", ["role", "account"])
def test_p06_a_coordinator_who_left_gets_no_mail(cast, post, loss):
    case = cast.report(concerned_organisation_id=None)
    for job_id in waiting("casework.route_case"):
        jobs.run(job_id)
    user = user_by_email(f"samordnare@{HOME}.example")
    with transaction():
        if loss == "role":
            cast.coordinator_leaves()
        else:
            disable(OPERATOR, user, federation_id=case.federation_id)
    assert_cancelled("casework.case_unrouted", post)


def test_p06_a_reporter_who_took_the_address_back_gets_no_mail(cast, post):
    case = cast.report()
    with transaction():
        revoke(contact_of(case.report_id))
    assert_cancelled("intake.report_received", post)


def test_p06_nobody_of_another_federation_is_reached(cast, post):
    federation, stranger = cast.federation(), user_by_email("samordnare@finnveden.example")
    case = cast.report(reporter_email=None)
    with transaction():
        ask_for("casework.case_unrouted", key="wrong", federation_id=federation.id, subject_id=case.id,
                recipient_type=RecipientType.USER, recipient_id=stranger.id)  # fmt: skip
    assert_cancelled("casework.case_unrouted", post)


def test_a_domain_with_swedish_letters_is_reached(cast, post):
    cast.report(reporter_email="anna@företag.example")
    run_all()
    assert [mail["To"] for mail in post.mails] == ["anna@xn--fretag-wxa.example"]
