"""The half-yearly question: whom it goes to (P6), what it says (P7), that it comes once (P5), what an answer does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lexheller.administration import confirming, notices
from lexheller.administration.queries import attention
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.core.jobs import Job, run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from lexheller.messaging.kinds import kind_of
from lexheller.messaging.models import Message, MessageStatus
from lexheller.organisations import service as register
from lexheller.organisations.models import RegisterChange, ResponsibleManager, Unit
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import everything

FK = address("chef.fk", HOME)
MONDAY_MORNING = datetime(2031, 3, 3, 7, 30, tzinfo=UTC)  # 08.30 in Sweden
FRIDAY_NIGHT = datetime(2031, 2, 28, 21, 0, tzinfo=UTC)
NUMBER = "19121212-1212"


def rows_of(email: str) -> list[ResponsibleManager]:
    query = select(ResponsibleManager).where(ResponsibleManager.email == email)
    return list(db.session.scalars(query.order_by(ResponsibleManager.id)))


def messages(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def ask_everybody() -> None:
    confirming.ask_for_confirmations()


def work() -> None:
    with transaction():
        run_waiting_now()


def confirm_all_but(email: str, on: datetime) -> None:
    with clock.at(on), transaction():
        for row in db.session.scalars(select(ResponsibleManager).where(ResponsibleManager.email != email)):
            row.confirmed_on = clock.today()


@pytest.fixture
def asked(cast):
    """The manager at Försäkringskassan, of two units, has been asked on a Monday morning."""
    confirm_all_but(FK, MONDAY_MORNING)
    with clock.at(MONDAY_MORNING):
        ask_everybody()
        work()
    return rows_of(FK)


def test_p05_a_person_is_asked_once_in_a_half_year_whatever_the_number_of_units(asked):
    assert len(asked) == 2
    assert [message.recipient_id for message in messages(notices.STILL_YOU)] == [asked[0].id]
    for days in (0, 1, 30, 100):
        with clock.at(MONDAY_MORNING + timedelta(days=days)):
            ask_everybody()
            work()
    assert len(messages(notices.STILL_YOU)) == 1
    confirm_all_but(FK, MONDAY_MORNING + timedelta(days=190))
    with clock.at(MONDAY_MORNING + timedelta(days=190)):
        ask_everybody()
        ask_everybody()
    with clock.at(MONDAY_MORNING + timedelta(days=196)):
        work()
    assert len(messages(notices.STILL_YOU)) == 2


def test_p05_the_job_run_twice_is_one_mail(asked):
    with clock.at(MONDAY_MORNING), transaction():
        assert confirming.ask(asked[0].id) is None
        assert confirming.ask(asked[1].id) is None
    assert len(messages(notices.STILL_YOU)) == 1


def test_p09_nobody_is_asked_at_night_or_on_a_day_off(cast):
    confirm_all_but(FK, FRIDAY_NIGHT)
    for night in (FRIDAY_NIGHT, FRIDAY_NIGHT + timedelta(days=1)):
        with clock.at(night):
            ask_everybody()
            work()
    assert messages(notices.STILL_YOU) == []
    job = db.session.scalars(select(Job).where(Job.name == confirming.ASK_JOB)).one()
    due = job.due_at.astimezone(clock.SWEDEN)
    assert (due.date(), due.hour < 10) == (datetime(2031, 3, 3).date(), True)
    for late in (FRIDAY_NIGHT, FRIDAY_NIGHT + timedelta(days=1)):
        with clock.at(late), transaction():
            assert confirming.ask(job.subject_id).until > late
    assert messages(notices.STILL_YOU) == []


def test_who_confirmed_in_time_is_not_asked(cast):
    with clock.at(MONDAY_MORNING):
        with transaction():
            for row in db.session.scalars(select(ResponsibleManager)):
                register.confirm_manager(cast.coordinator, row)
        ask_everybody()
    assert db.session.scalar(select(func.count(Job.id)).where(Job.name == confirming.ASK_JOB)) == 0


def test_who_was_replaced_before_the_morning_is_not_asked(cast):
    confirm_all_but(FK, FRIDAY_NIGHT)
    with clock.at(FRIDAY_NIGHT):
        ask_everybody()
        with transaction():
            for row in rows_of(FK):
                register.end_manager(cast.coordinator, row, last_day=clock.today())
    with clock.at(MONDAY_MORNING):
        work()
    assert messages(notices.STILL_YOU) == []


def test_p06_a_manager_who_left_before_the_sending_gets_nothing(cast):
    confirm_all_but(FK, MONDAY_MORNING)
    with clock.at(MONDAY_MORNING):
        with transaction():
            confirming.ask(rows_of(FK)[0].id)
            for row in rows_of(FK):
                register.end_manager(cast.coordinator, row, last_day=clock.today() - timedelta(days=1))
        work()
    assert [message.status for message in messages(notices.STILL_YOU)] == [MessageStatus.CANCELLED]


def test_p07_the_mail_names_the_units_and_the_link_and_nobody_else(asked):
    with clock.at(MONDAY_MORNING):
        message = messages(notices.STILL_YOU)[0]
        address_, words = kind_of(message.kind).address(message), kind_of(message.kind).words(message)
    assert address_.email == FK
    assert len(words.values["units"]) == 2
    assert "/bekrafta/" in words.values["link"]
    told = str(words)
    assert "Birgitta" not in told
    assert "omradeschef" not in told


def fresh_link(stage) -> str:
    return stage.ask(lambda _cast: f"/bekrafta/{confirming.token_for(rows_of(FK)[0])}")


def state(stage):
    return stage.ask(lambda _cast: [(row.confirmed_on, row.doubted_on) for row in rows_of(FK)])


def test_looking_at_the_link_changes_nothing(app, stage, visitor):
    path, before = fresh_link(stage), everything(app)
    assert visitor.get(path).status_code == 200
    assert "Handläggning sjukpenning" in visitor.text
    assert everything(app) == before


def test_yes_confirms_every_unit_and_twice_is_once(stage, visitor):
    path, today = fresh_link(stage), clock.today()
    visitor.get(path)
    visitor.post(f"{path}/ja")
    visitor.post(f"{path}/ja")
    assert state(stage) == [(today, None), (today, None)]
    lines = stage.ask(
        lambda _cast: [
            (line.what, line.actor_kind)
            for line in db.session.scalars(select(RegisterChange).where(RegisterChange.what == "manager_confirmed"))
        ]
    )
    assert lines == [("manager_confirmed", "link")] * 2


def test_no_for_one_unit_tells_the_office_once_and_confirms_the_other(stage, visitor):
    path, today = fresh_link(stage), clock.today()
    first, second = stage.ask(lambda _cast: [row.id for row in rows_of(FK)])
    visitor.get(path)
    answer = {"managers": str(second), "who_now": "<b>Olle</b> Nilsson"}
    assert visitor.post(f"{path}/nej", answer).status_code == 200
    visitor.post(f"{path}/nej", answer)
    assert state(stage)[0] == (today, None)
    assert state(stage)[1][1] == today

    def told(cast):
        found = messages(notices.DOUBTED)
        looked = attention(cast.federation().id)
        words = kind_of(notices.DOUBTED).words(found[0])
        note = db.session.scalars(select(RegisterChange.note).where(RegisterChange.what == "manager_doubted")).one()
        return [message.recipient_id for message in found], [row.id for row in looked.doubted], str(words), note

    recipients, doubted, words, note = stage.ask(told)
    assert recipients == [stage.ask(lambda cast: cast.coordinator.user_id)]
    assert doubted == [second]
    assert "Olle" not in words
    assert note == "<b>Olle</b> Nilsson"
    visitor.sign_in("samordnare")
    unit_id = stage.ask(lambda _cast: rows_of(FK)[1].unit_id)
    visitor.get(f"/installningar/{HOME}/enheter/{unit_id}")
    assert "&lt;b&gt;Olle&lt;/b&gt;" in visitor.text
    assert "<b>Olle" not in visitor.text
    assert first != second


def test_p23_a_number_in_the_answer_is_stopped_and_nothing_is_stored(app, stage, visitor):
    path, before = fresh_link(stage), everything(app)
    second = stage.ask(lambda _cast: rows_of(FK)[1].id)
    visitor.get(path)
    assert visitor.post(f"{path}/nej", {"managers": str(second), "who_now": f"Olle {NUMBER}"}).status_code == 422
    assert everything(app) == before


def test_no_without_a_unit_asks_which(stage, visitor):
    path = fresh_link(stage)
    visitor.get(path)
    assert visitor.post(f"{path}/nej", {"who_now": "Olle"}).status_code == 422
    assert "Välj minst en enhet" in visitor.text


@pytest.mark.parametrize("what", ["ended", "retired", "other address", "old"])
def test_a_link_dies_with_what_it_is_for(stage, visitor, what):
    if what == "old":
        path = stage.ask(lambda _cast: _old_link())
    else:
        path = fresh_link(stage)
        assert visitor.get(path).status_code == 200

    def end(cast):
        for row in rows_of(FK):
            if what == "ended":
                register.end_manager(cast.coordinator, row, last_day=clock.today() - timedelta(days=1))
            elif what == "retired":
                register.retire_unit(cast.coordinator, db.session.get_one(Unit, row.unit_id))
            elif what == "other address":
                details = register.ManagerDetails("Ny", "ny@fk.example")
                register.change_manager(
                    cast.coordinator, row, details, valid_from=row.valid_from, valid_to=row.valid_to
                )

    stage.ask(end)
    assert visitor.client.get(path).status_code == 404
    visitor.get("/kvitto")
    assert visitor.post(f"{path}/ja", follow=False).status_code == 404


def _old_link() -> str:
    manager = rows_of(FK)[0]
    serializer = confirming._serializer()

    class Old(type(serializer.make_signer(confirming.SALT))):
        def get_timestamp(self):
            return super().get_timestamp() - 61 * 24 * 3600

    serializer.signer = Old
    return f"/bekrafta/{serializer.dumps([manager.id, confirming._mark(manager)])}"


def test_p15_a_link_reaches_the_persons_own_units_alone(stage, visitor):
    path = fresh_link(stage)
    foreign = stage.ask(lambda _cast: rows_of(address("chef.fk", ELSEWHERE))[0].id)
    visitor.get(path)
    assert visitor.post(f"{path}/nej", {"managers": str(foreign)}).status_code == 422
    assert state(stage) == state(stage)
    with pytest.raises(NotAllowedToSee):
        stage.ask(lambda _cast: confirming.deny(path.rpartition("/")[2], {foreign}, None))


def test_the_link_shows_no_other_address_than_nothing(stage, visitor):
    """The page says the person's own name and units; no e-mail address stands on it."""
    visitor.get(fresh_link(stage))
    main = visitor.text.split("<main")[1].split("</main>")[0]
    assert not re.search(r"[\w.]+@[\w.]+", main)


def test_p33_one_federation_that_cannot_be_asked_for_does_not_stop_the_others(cast, monkeypatch):
    first, *others = sorted(cast.federation(slug).id for slug in (HOME, "hoglandet", ELSEWHERE))
    honest = confirming.frame_of

    def fails_for_one(federation_id: int) -> object:
        if federation_id == first:
            raise ValueError("no day is open")
        return honest(federation_id)

    monkeypatch.setattr(confirming, "frame_of", fails_for_one)
    with clock.at(MONDAY_MORNING):
        assert confirming.ask_for_confirmations() > 1
    asked = select(Job.federation_id).where(Job.name == confirming.ASK_JOB).distinct()
    assert sorted(db.session.scalars(asked)) == others
    monkeypatch.setattr(confirming, "frame_of", honest)
    with clock.at(MONDAY_MORNING):
        confirming.ask_for_confirmations()
    assert sorted(db.session.scalars(asked)) == [first, *others]
