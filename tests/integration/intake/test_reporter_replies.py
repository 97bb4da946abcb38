"""A question to the reporter: shown first, answered once; nobody learns who answered (P1, P2, P6, P7, P23)."""

import threading
from datetime import timedelta

import pytest

from lexheller.accounts.models import User
from lexheller.cases.answer_link import links_of, revoke, token_for
from lexheller.cases.dialogue import Question
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import case_of_id, contact_of
from lexheller.cases.reporter_link import revoke as revoke_reporter_link
from lexheller.cases.states import CaseStatus
from lexheller.casework import asking
from lexheller.casework.asking import LONGEST_DAYS, look_after_question
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.jobs import Postponed
from lexheller.core.transaction import transaction
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import working_days_between
from lexheller.intake import reporter_steps
from lexheller.messaging.transport import read_folder
from lexheller.web.limits import Limit
from tests.cast.people import ELSEWHERE
from tests.cast.traces import counts
from tests.integration.intake.following import (
    ADDRESS,
    STEPS,
    ask,
    events,
    fields_of,
    messages,
    open_by_code,
    open_by_link,
    send,
    words,
)
from tests.integration.intake.test_identity_numbers_stopped import NUMBER, TEXT, assert_nowhere

REPLY = "Det var i vecka 12."
REMINDER = "casework.reporter_question_waits"
OFFICE, MANAGER = "intake.question_replied", "intake.question_replied_manager"


@pytest.fixture
def asked(stage):
    case = stage.case(CaseStatus.ASSIGNED)
    ask(stage, case)
    return case


def question(stage) -> dict[str, object]:
    def read(_cast):
        row = db.session.scalars(db.select(Question)).one()
        return {"reply": row.reply, "replied_at": row.replied_at, "text": row.text}

    return stage.ask(read)


@pytest.mark.parametrize("opened", [open_by_code, open_by_link])
def test_a_question_stands_first_and_is_replied_to(app, stage, visitor, asked, opened):
    opened(app, visitor, asked.id)
    said = words(visitor)
    assert said.index("En fråga till dig") < said.index("Hos ansvarig chef")
    assert "Vilken vecka var det?" in said
    assert "Den som frågar får inte veta vem du är" in said
    send(visitor, "reply", text=REPLY)
    assert visitor.last.request.path == ADDRESS
    assert "Tack! Ditt svar är skickat" in words(visitor)
    assert "En fråga till dig" not in words(visitor)
    assert "Frågor du har svarat på" in words(visitor)
    assert REPLY in visitor.text
    assert question(stage)["reply"] == REPLY
    (data,) = events(stage, "case.question_replied")
    assert REPLY not in str(data)
    assert data["question_id"]


def test_the_clocks_go_on_when_the_reporter_has_replied(app, stage, visitor, asked):
    def paused(_cast):
        return [row.paused_on for row in db.session.scalars(db.select(Duty).where(Duty.case_id == asked.id))]

    assert stage.ask(paused) == [clock.today()]
    open_by_link(app, visitor, asked.id)
    send(visitor, "reply", text=REPLY)
    assert stage.ask(paused) == [None]


def test_a_question_that_nobody_replies_to_stops_no_clock_for_ever(app, stage, visitor, asked):
    def duty(_cast):
        row = db.session.scalars(db.select(Duty).where(Duty.case_id == asked.id)).one()
        return row.paused_on, row.due_on

    def looked_after(days):
        def look(_cast):
            row = db.session.scalars(db.select(Question)).one()
            with clock.at(clock.now() + timedelta(days=days)), transaction():
                return look_after_question(row.id)

        return stage.ask(look)

    _paused, due_before = stage.ask(duty)
    open_by_link(app, visitor, asked.id)
    assert isinstance(looked_after(1), Postponed)
    assert messages(stage, REMINDER) == []
    later = looked_after(10)
    assert isinstance(later, Postponed)
    assert len(messages(stage, REMINDER)) == 1
    assert stage.ask(duty) == (clock.today(), due_before)
    looked_at = later.until - clock.now() + timedelta(hours=1)
    assert looked_after(looked_at / timedelta(days=1)) is None
    paused, due_after = stage.ask(duty)
    assert paused is None
    calendar = stage.ask(lambda cast: frame_of(cast.federation().id).calendar)
    assert working_days_between(due_before, due_after, calendar) == LONGEST_DAYS
    assert len(messages(stage, "casework.question_unanswered")) == 1
    assert "Ärendet väntar tills du har svarat" in words(visitor)
    open_by_link(app, visitor, asked.id)
    assert "Ärendet går vidare under tiden" in words(visitor)
    send(visitor, "reply", text=REPLY)
    assert question(stage)["reply"] == REPLY, "a late reply is welcome"
    assert stage.ask(duty) == (None, due_after), "and moves nothing any more"


def test_p01_the_same_reply_again_is_one_reply(app, stage, visitor, asked):
    open_by_link(app, visitor, asked.id)
    page = visitor.last
    send(visitor, "reply", text=REPLY)
    before = counts(app)
    visitor.last = page
    send(visitor, "reply", text=REPLY)
    assert visitor.last.status_code == 200
    assert counts(app) == before
    visitor.last = page
    send(visitor, "reply", text="Något annat, efteråt.")
    assert visitor.last.status_code == 422
    assert "Du har redan svarat på frågan" in words(visitor)
    assert "Något annat, efteråt." in visitor.text
    assert counts(app) == before
    assert question(stage)["reply"] == REPLY


def test_p01_eight_at_once_are_one_reply(app, stage, asked):
    question_id = stage.ask(lambda _cast: db.session.scalars(db.select(Question.id)).one())
    gate, problems = threading.Barrier(8), []

    def send_one():
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    reporter_steps.reply(case_of_id(asked.id), db.session.get_one(Question, question_id), REPLY)
            except Exception as problem:
                problems.append(repr(problem))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(events(stage, "case.question_replied")) == 1
    assert len(messages(stage, OFFICE)) == 1


def test_p02_an_empty_reply_and_a_lost_token_keep_the_page_and_the_text(app, stage, visitor, asked):
    before = counts(app)
    open_by_link(app, visitor, asked.id)
    page = visitor.last
    send(visitor, "reply", text="  ")
    assert visitor.last.status_code == 422
    assert "Skriv ditt svar." in words(visitor)
    visitor.last = page
    fields = {**fields_of(visitor, "reply", text=REPLY), "reply-csrf_token": "x"}
    visitor.last = visitor.client.post(f"{ADDRESS}/svar", data=fields)
    assert visitor.last.status_code == 422
    assert REPLY in visitor.text
    assert counts(app) == before
    send(visitor, "reply", text=REPLY)
    assert "Ditt svar är skickat" in words(visitor)


def test_p02_a_page_that_stood_open_too_long_gives_the_text_back(app, stage, visitor, asked):
    before = counts(app)
    open_by_link(app, visitor, asked.id)
    visitor.client.delete_cookie("lexheller")
    send(visitor, "reply", text="En lång text som tog tid.")
    assert visitor.last.status_code == 422
    assert "En lång text som tog tid." in visitor.text
    assert "Det du skrev är inte skickat än" in words(visitor)
    assert counts(app) == before


def test_two_receipts_in_two_tabs_are_not_mixed_up(app, stage, visitor, asked):
    other = stage.case(CaseStatus.ASSIGNED)
    ask(stage, other, "Fråga om det andra?")
    open_by_link(app, visitor, asked.id)
    first_tab = visitor.last
    open_by_link(app, visitor, other.id)
    before = counts(app)
    visitor.last = first_tab
    send(visitor, "reply", text=REPLY)
    assert visitor.last.status_code == 422
    assert REPLY in visitor.text
    assert counts(app) == before


@pytest.mark.parametrize("step", STEPS)
def test_p15_without_code_or_link_nothing_is_taken(app, stage, visitor, new_visitor, asked, step):
    open_by_link(app, visitor, asked.id)
    fields = fields_of(visitor, "reply", text=REPLY, worked="yes")
    fields = {name.replace("reply-", f"{step}-"): value for name, value in fields.items()}
    stranger = new_visitor()
    stranger.get("/kvitto")
    token = fields_of(stranger, "", text="")["csrf_token"]
    before = counts(app)
    answer = stranger.client.post(f"{ADDRESS}/{STEPS[step]}", data={**fields, f"{step}-csrf_token": token})
    assert answer.status_code == 422
    assert counts(app) == before
    assert asked.number not in answer.get_data(as_text=True)


def test_p15_the_question_of_another_case_is_not_taken(app, stage, visitor, asked):
    own = stage.case(CaseStatus.ASSIGNED, ELSEWHERE)
    ask(stage, own, "Er egen fråga?")
    foreign = stage.ask(
        lambda _cast: db.session.scalars(db.select(Question.id).where(Question.case_id == asked.id)).one()
    )
    open_by_link(app, visitor, own.id)
    before = counts(app)
    send(visitor, "reply", text=REPLY, question=str(foreign))
    assert visitor.last.status_code == 422
    assert counts(app) == before

    def through_the_verb(_cast):
        with pytest.raises(InvalidInput):
            reporter_steps.reply(case_of_id(own.id), db.session.get_one(Question, foreign), REPLY)

    stage.ask(through_the_verb)
    assert counts(app) == before


def test_p07_a_revoked_link_can_no_longer_reply(app, stage, visitor, asked):
    open_by_link(app, visitor, asked.id)
    stage.ask(lambda _cast: revoke_reporter_link(contact_of(db.session.get_one(Case, asked.id).report_id)))
    send(visitor, "reply", text=REPLY)
    assert visitor.last.status_code == 422
    assert question(stage)["reply"] is None


@pytest.mark.parametrize("way", ["withdrawn", "closed"])
def test_a_question_that_is_no_longer_asked_keeps_the_text_on_the_page(app, stage, visitor, asked, way):
    open_by_link(app, visitor, asked.id)
    page = visitor.last

    def ended(cast):
        row = case_of_id(asked.id)
        if way == "withdrawn":
            asking.withdraw_question(cast.coordinator, row, asking.open_question(row.id), seen=row.version)
        else:
            cast.close(row)

    stage.ask(ended)
    before = counts(app)
    visitor.get(ADDRESS)
    assert "En fråga till dig" not in words(visitor)
    visitor.last = page
    send(visitor, "reply", text=REPLY)
    assert visitor.last.status_code == 422
    assert REPLY in visitor.text
    assert counts(app) == before


def test_p23_an_identity_number_in_the_reply_is_stopped(app, stage, visitor, tmp_path, printed, asked):
    open_by_link(app, visitor, asked.id)
    before = counts(app)
    send(visitor, "reply", text=TEXT.format(number=NUMBER))
    assert visitor.last.status_code == 422
    assert "Ta bort personnumret" in words(visitor)
    assert NUMBER not in words(visitor)
    assert TEXT.format(number=NUMBER) in visitor.text
    assert "Vilken vecka var det?" in visitor.text
    assert counts(app) == before
    assert_nowhere(app, tmp_path, printed, visitor, NUMBER)


def test_p23_the_verb_refuses_what_gets_past_the_form(app, stage, asked):
    def through_the_verb(_cast):
        with pytest.raises(InvalidInput) as refused:
            row = db.session.scalars(db.select(Question)).one()
            reporter_steps.reply(case_of_id(asked.id), row, TEXT.format(number=NUMBER))
        assert refused.value.field == "text"

    before = counts(app)
    stage.ask(through_the_verb)
    assert counts(app) == before


def test_too_many_words_are_stopped_with_the_text_kept(app, stage, visitor, asked, monkeypatch):
    monkeypatch.setattr("lexheller.intake.receipt_views.WORDS", Limit("words_in_a_test", "1 per minute"))
    open_by_link(app, visitor, asked.id)
    page = visitor.last
    send(visitor, "reply", text=REPLY)
    visitor.last = page
    send(visitor, "reply", text=REPLY)
    assert visitor.last.status_code == 429
    assert REPLY in visitor.text


def test_p05_p06_p08_office_and_asking_manager_hear_of_it_once_each(app, stage, visitor, tmp_path):
    case = stage.case(CaseStatus.ASSIGNED)
    ask(stage, case, by_manager=True)
    open_by_link(app, visitor, case.id)
    send(visitor, "reply", text=REPLY)
    stage.work()
    stage.work()

    def expected(cast):
        links = links_of(cast.duty(case_of_id(case.id)).id)
        addresses = [(link.email, token_for(link)) for link in links]
        return [("user", cast.coordinator.user_id)], [("link", link.id) for link in links], addresses

    office, links, addresses = stage.ask(expected)
    assert messages(stage, OFFICE) == office
    assert messages(stage, MANAGER) == links
    mails = [mail for mail in read_folder(tmp_path / "mail") if mail.name.startswith("replied.")]
    assert len(mails) == 2
    for mail in mails:
        assert case.number in mail.subject
        assert REPLY not in mail.text
        assert "Vilken vecka" not in mail.text
        assert "anmalare@habo.example" not in mail.text
    to_manager = next(mail for mail in mails if "link" in mail.name)
    ((email, token),) = addresses
    assert email in to_manager.to
    assert f"/svar/{token}" in to_manager.text.replace("\n", "")
    to_office = next(mail for mail in mails if mail is not to_manager)
    assert case.path in to_office.text


def test_p06_who_may_no_longer_see_it_is_not_written_to(app, stage, visitor, tmp_path):
    case = stage.case(CaseStatus.ASSIGNED)
    ask(stage, case, by_manager=True)
    open_by_link(app, visitor, case.id)
    send(visitor, "reply", text=REPLY)

    def leave(cast):
        revoke(links_of(cast.duty(case_of_id(case.id)).id)[0])
        db.session.get_one(User, cast.coordinator.user_id).active = False

    stage.ask(leave)
    stage.work()
    assert [mail for mail in read_folder(tmp_path / "mail") if mail.name.startswith("replied.")] == []


def test_a_question_from_the_office_does_not_disturb_the_manager(app, stage, visitor, asked):
    open_by_link(app, visitor, asked.id)
    send(visitor, "reply", text=REPLY)
    assert messages(stage, MANAGER) == []
    assert len(messages(stage, OFFICE)) == 1
