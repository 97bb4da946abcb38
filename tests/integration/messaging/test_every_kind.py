"""P5–P8 for every kind of message: a scene for each, and what must hold for all of them.

A kind that is registered without a scene fails here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from flask_babel import force_locale
from scenes import SECRET, SENDING, Made, Post, Scene, kept, settle
from scenes_of_accounts import SCENES as ACCOUNTS
from scenes_of_actions import SCENES as ACTIONS
from scenes_of_actions import of_unit
from scenes_of_disposal import SCENES as DISPOSALS
from scenes_of_disposal import plan_of, proposal
from scenes_of_duties import SCENES as DUTIES
from scenes_of_faults import SCENES as FAULTS
from scenes_of_reporters import SCENES as REPORTERS
from scenes_of_settings import SCENES as SETTINGS
from scenes_of_settings import connected
from sqlalchemy import select, update

from lexheller.accounts.queries import user_by_email
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.actions.clocks import waiting_steps
from lexheller.actions.models import Action, ActionDueStep
from lexheller.audit.models import Event
from lexheller.cases.answer_link import links_of
from lexheller.cases.dialogue import Handover
from lexheller.cases.models import Case, Report, ReporterContact
from lexheller.cases.states import CaseStatus
from lexheller.casework import handing_over
from lexheller.check.promises import broken_promises
from lexheller.core import clock, jobs
from lexheller.core.db import Model, db
from lexheller.core.jobs import Effect, Job
from lexheller.core.transaction import nothing_kept
from lexheller.deadlines.models import Digest, DigestLine
from lexheller.deadlines.sweep import fire_all, remind_now
from lexheller.faults.models import Fault
from lexheller.faults.service import Details, suspect
from lexheller.intake.service import receipt_code
from lexheller.meetings.models import Meeting
from lexheller.messaging import service as messaging
from lexheller.messaging.kinds import kind_names, kind_of
from lexheller.messaging.models import Message, MessageStatus, RecipientType
from lexheller.messaging.service import TRANSPORT
from lexheller.organisations.models import Federation, ResponsibleManager, Unit
from lexheller.records.disposal_models import Disposal, DisposalPlan
from tests.cast.databases import on_sqlite
from tests.cast.people import PASSWORD, Cast
from tests.integration.meetings.days import meeting_in

SCENES: tuple[Scene, ...] = (*ACCOUNTS, *ACTIONS, *DISPOSALS, *DUTIES, *FAULTS, *REPORTERS, *SETTINGS)
THIRD = "hoglandet"
every_scene = pytest.mark.parametrize("scene", SCENES, ids=str)
OPEN_TO_ALL = ("/svar/", "/kvitto/lank/", "/bekrafta/", "/inbjudan/", "/logga-in", "/glomt-losenord", "/nytt-losenord/")


@pytest.fixture
def post(app) -> Post:
    app.extensions[TRANSPORT] = post = Post()
    return post


def of_kind(kind: str) -> list[Message]:
    query = select(Message).where(Message.kind == kind).order_by(Message.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def waiting(scene: Scene) -> list[Message]:
    return [row for row in of_kind(scene.kind) if row.status == MessageStatus.WAITING]


def play(cast: Cast, scene: Scene) -> Made:
    """The scene up to where its messages wait, and nothing else has been sent of them."""
    with clock.at(scene.starts):
        made = scene.play(cast)
    made.at = made.at or scene.starts
    return made


def send(rows: list[Message]) -> None:
    keys = [f"send:{row.key}" for row in rows]
    for job_id in db.session.scalars(select(Job.id).where(Job.key.in_(keys)).order_by(Job.id)).all():
        jobs.run(job_id)
    db.session.expire_all()


def everything_again() -> None:
    """Every job is run once more, rung for or not, and both sweeps look twice."""
    for _time in range(2):
        for job_id in db.session.scalars(select(Job.id).where(Job.name != SENDING).order_by(Job.id)).all():
            jobs.run(job_id)
        jobs.sweep()
        fire_all()
    db.session.expire_all()


def mails_of(post: Post, rows: list[Message]) -> list:
    ids = {row.key.replace(":", ".") for row in rows}
    return [mail for mail in post.mails if mail["Message-ID"].strip("<>").rpartition("@")[0] in ids]


def marks(made: Made, row: Message) -> tuple[str, ...]:
    """What identifies the matter of the message."""
    if kind_of(row.kind).subject is Case:
        return (db.session.get_one(Case, row.subject_id).number,)
    assert made.marks
    return made.marks


def test_every_registered_kind_has_a_scene_and_a_subject(context):
    assert {scene.kind for scene in SCENES} == set(kind_names(context))
    assert len({str(scene) for scene in SCENES}) == len(SCENES)
    for name in kind_names(context):
        assert issubclass(kind_of(name).subject, Model), name


@every_scene
def test_p05_p06_p08_it_goes_once_to_just_those_it_is_for(cast, post, scene):
    made = play(cast, scene)
    with clock.at(made.at):
        rows = waiting(scene)
        kept(lambda: scene.again(cast, made))
        everything_again()
        assert [row.id for row in waiting(scene)] == [row.id for row in rows], "the same thing twice"
        for _time in range(3):
            send(rows)
        everything_again()
        assert [(row.status, row.attempts) for row in rows] == [(MessageStatus.SENT, 1)] * len(scene.to)
        found = mails_of(post, rows)
        assert sorted(map(to_of, found)) == sorted(scene.to)
        assert all(db.session.get(kind_of(scene.kind).subject, row.subject_id) for row in rows)
        assert broken_promises() == []
        kept(lambda: scene.again(cast, made))
        assert waiting(scene) == [], "asked for once more after it was sent"
    if scene.anew is not None:
        before = {row.id for row in of_kind(scene.kind)}
        with clock.at(made.at):
            scene.anew(cast, made)
        with clock.at(made.at):
            new = [row for row in of_kind(scene.kind) if row.id not in before]
            send([row for row in new if row.status == MessageStatus.WAITING])
            assert [row.status for row in new].count(MessageStatus.SENT) >= len(scene.to), "a new occasion"
            assert broken_promises() == []


@every_scene
def test_p06_who_lost_the_right_or_whose_matter_is_over_gets_nothing(cast, post, scene):
    made = play(cast, scene)
    with clock.at(made.at):
        post.mails.clear()
        rows = waiting(scene)
        assert len(rows) == len(scene.to)
        for how, lose in scene.lost.items():
            with nothing_kept():
                lose(cast, made)
                assert statuses_once_sent(rows) == {MessageStatus.CANCELLED}, how
                assert broken_promises() == [], how
        assert post.mails == []
        for row in rows:
            with nothing_kept():
                assert isinstance(messaging.send(row.id), Effect), "and without any of that it goes"


def statuses_once_sent(rows: list[Message]) -> set[str]:
    """What the jobs that send would make of the messages."""
    for row in rows:
        assert messaging.send(row.id) is None
    return {row.status for row in rows}


@every_scene
def test_p06_nobody_of_another_federation_is_reached_and_the_check_finds_it(cast, post, scene):
    with clock.at(scene.starts):
        strangers, subject = strangers_to(cast), SUBJECTS[kind_of(scene.kind).subject](cast)
        settle()
    made, elsewhere = play(cast, scene), cast.federation(THIRD).id
    with clock.at(made.at):
        post.mails.clear()
        rows = waiting(scene)
        with nothing_kept():
            for row in rows:
                give_to(row, strangers[RecipientType(row.recipient_type)])
            assert statuses_once_sent(rows) == {MessageStatus.CANCELLED}
        with nothing_kept():
            change(rows, subject_id=subject)
            found = {finding.subject for finding in broken_promises() if finding.promise == "P6"}
            assert found >= {f"message {row.id}" for row in rows}
        for row in rows:
            there = Message(**{**columns(row), "federation_id": elsewhere})
            assert kind_of(scene.kind).address(there) is None
        assert post.mails == []


def strangers_to(cast: Cast) -> dict[RecipientType, int]:
    """Somebody of each type, of a third federation."""
    case = cast.reach(CaseStatus.ASSIGNED, THIRD, reporter_email="nagon@aneby.example")
    manager = manager_elsewhere(cast).id
    return {
        RecipientType.USER: cast.person("samordnare", THIRD).user_id,
        RecipientType.LINK: links_of(cast.duty(case).id)[0].id,
        RecipientType.SUPERIOR: manager,
        RecipientType.RESPONSIBLE_MANAGER: manager,
        RecipientType.REPORTER: case.report_id,
    }


def give_to(row: Message, stranger: int) -> None:
    change([row], recipient_id=stranger)
    if kind_of(row.kind).subject is Digest:
        db.session.execute(
            update(DigestLine).where(DigestLine.digest_id == row.subject_id).values(recipient_id=stranger)
        )
    db.session.expire_all()


def manager_elsewhere(cast: Cast) -> ResponsibleManager:
    query = select(ResponsibleManager).where(ResponsibleManager.federation_id == cast.federation(THIRD).id)
    return db.session.scalars(query).first()


def digest_elsewhere(cast: Cast) -> int:
    case = cast.reach(CaseStatus.ASSIGNED, THIRD)
    kept(lambda: remind_now(cast.person("samordnare", THIRD), cast.duty(case)))
    return db.session.scalars(select(Digest.id).order_by(Digest.id.desc())).first()


def offer_elsewhere(cast: Cast) -> int:
    """From one federation to another, and the scene's is neither."""
    case = cast.reach(CaseStatus.ASSIGNED)
    there, actor = cast.federation(THIRD), cast.coordinator
    return kept(lambda: handing_over.offer(actor, case, there, "Skäl.", "Till anmälaren.", seen=case.version)).id


def fault_elsewhere(cast: Cast) -> int:
    office, federation_id = cast.person("samordnare", THIRD), cast.federation(THIRD).id
    return kept(lambda: suspect(office, federation_id, Details("Ingen tar över."))).id


def action_step_elsewhere(cast: Cast) -> int:
    action = kept(lambda: of_unit(cast, THIRD))
    return waiting_steps(action.id)[0].id


# A row of each table that can be a subject, of another federation than any scene's messages.
SUBJECTS = {
    Action: lambda cast: kept(lambda: of_unit(cast, THIRD)).id,
    ActionDueStep: action_step_elsewhere,
    Case: lambda cast: cast.report(THIRD).id,
    Handover: offer_elsewhere,
    Federation: lambda cast: cast.federation(THIRD).id,
    ResponsibleManager: lambda cast: manager_elsewhere(cast).id,
    Fault: fault_elsewhere,
    Meeting: lambda cast: meeting_in(cast, 20, THIRD).id,
    Digest: digest_elsewhere,
    Disposal: lambda cast: proposal(cast, THIRD).id,
    Unit: lambda cast: cast.unit("Arbetsförmedlingen", THIRD).id,
    DisposalPlan: lambda cast: plan_of(cast, THIRD).id,
    SignInConnection: lambda cast: connected(cast, THIRD).id,
}


def columns(row: Message) -> dict[str, object]:
    return {column.name: getattr(row, column.name) for column in Message.__table__.columns if column.name != "id"}


def change(rows: list[Message], **values: int) -> None:
    """Behind the verbs' back, as a fault would."""
    db.session.execute(update(Message).where(Message.id.in_([row.id for row in rows])).values(**values))
    db.session.expire_all()


@on_sqlite
@every_scene
def test_p07_it_says_what_waits_nothing_of_what_was_written_and_its_links_open(app, stage, new_visitor, post, scene):
    def say(cast: Cast) -> Made:
        made = play(cast, scene)
        with clock.at(made.at):
            rows = waiting(scene)
            for row in rows:
                look_at_the_words(app, scene, made, row)
            send(rows)
            look_at_what_left(post)
            mails = mails_of(post, rows)
            return Made(other=mails, at=made.at, marks=tuple(filter(can_sign_in, map(to_of, mails))))

    made = stage.ask(say)
    with clock.at(made.at):
        assert made.other
        for mail in made.other:
            follow_links(new_visitor, mail, has_account=to_of(mail) in made.marks)


def look_at_the_words(app, scene: Scene, made: Made, row: Message) -> None:
    for locale in ("sv", "en"):
        with force_locale(locale):
            words = kind_of(row.kind).words(row)
            body = app.jinja_env.get_template(words.template).render(**words.values)
        whole = f"{words.subject}\n{body}"
        assert words.subject and "\n" not in words.subject
        assert all(mark.lower() in whole.lower() for mark in marks(made, row)), locale
        assert re.search(r"https?://\S+/\S+", body), locale
        if locale == "sv":
            assert scene.waits in re.sub(r"\s+", " ", body)
        hidden = [SECRET, *codes(), *db.session.scalars(select(ReporterContact.email))]
        assert [word for word in hidden if word in whole] == []


def codes() -> Iterator[str]:
    """Every receipt code, with and without its dashes."""
    for report in db.session.scalars(select(Report)):
        code = receipt_code(report.federation_id, report.submission_id)
        yield from (code, code.replace("-", ""))


def look_at_what_left(post: Post) -> None:
    """Of all mails so far: a reporter's address is nowhere but in the mails to that reporter."""
    addresses = set(db.session.scalars(select(ReporterContact.email)))
    to_reporters = select(Message).where(Message.recipient_type == RecipientType.REPORTER)
    own = {mail["Message-ID"] for mail in mails_of(post, list(db.session.scalars(to_reporters)))}
    for mail in post.mails:
        assert SECRET not in str(mail) + mail.get_content()
        assert (to_of(mail) in addresses) == (mail["Message-ID"] in own), mail["Subject"]
    for table in (Event, Message, Job):
        stored = json.dumps([[str(value) for value in row] for row in db.session.execute(select(table.__table__))])
        assert [word for word in (SECRET, *addresses) if word in stored] == []


def follow_links(new_visitor, mail: EmailMessage, *, has_account: bool) -> None:
    """Each opens without signing in, or after it for those with an account; and there is one that opens."""
    paths = [re.sub(r"^https?://[^/]+", "", url) for url in re.findall(r"https?://\S+", mail.get_content())]
    opened = 0
    for path in paths:
        visitor = new_visitor()
        if not path.startswith(OPEN_TO_ALL):
            if not has_account:
                continue  # "if you have an account", said to somebody without one
            visitor.get("/logga-in")
            visitor.post("/logga-in", {"email": to_of(mail), "password": PASSWORD})
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert (answer.request.path == "/logga-in") == (path == "/logga-in"), path
        opened += 1
    assert opened


def to_of(mail: EmailMessage) -> str:
    return parseaddr(mail["To"])[1]


def can_sign_in(email: str) -> bool:
    user = user_by_email(email)
    return user is not None and user.activated_at is not None
