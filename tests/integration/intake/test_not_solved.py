"""`Not solved, because …` within the set time, and the one question some weeks after closing (P1, P5–P8, P14, P23)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from lexheller.cases.dialogue import Feedback, Note
from lexheller.cases.models import Case
from lexheller.cases.queries import case_of_id
from lexheller.cases.states import CaseStatus
from lexheller.casework import closing
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.intake import reporter_steps
from lexheller.intake.following import follow
from lexheller.messaging.models import Message
from lexheller.messaging.transport import read_folder
from tests.cast.people import ANSWER
from tests.cast.traces import counts
from tests.integration.intake.following import ADDRESS, events, messages, open_by_code, open_by_link, send, words
from tests.integration.intake.test_identity_numbers_stopped import NUMBER, TEXT, assert_nowhere

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
EIGHT_WEEKS_ON = BEGINNING + timedelta(weeks=8)
TEXT_NOT_SOLVED = "Ingen svarar fortfarande i telefonen."
KIND = "intake.not_solved"


def seen(stage, case_id):
    def read(_cast):
        row = db.session.get_one(Case, case_id)
        return row.status, row.closed_on, row.conclusion, row.close_reason, row.merged_into_id

    return stage.ask(read)


def feedback(stage):
    def read(_cast):
        rows = db.session.scalars(db.select(Feedback).order_by(Feedback.id))
        return [(row.kind, row.worked, row.text) for row in rows]

    return stage.ask(read)


@pytest.fixture
def told(stage):
    """A case that was told on the day from which the window is counted."""

    def walk(status):
        with clock.at(BEGINNING):
            return stage.case(status)

    return walk


@pytest.mark.parametrize("status", [CaseStatus.ANSWERED, CaseStatus.CLOSED])
@pytest.mark.parametrize("opened", [open_by_code, open_by_link])
def test_what_is_not_solved_is_the_coordinators_again(app, stage, visitor, status, opened):
    case = stage.case(status)
    opened(app, visitor, case.id)
    assert "Blev det inte löst?" in words(visitor)
    send(visitor, "not_solved", text=TEXT_NOT_SOLVED)
    assert "Ärendet är hos samordnaren igen" in words(visitor)
    assert "Blev det inte löst?" not in words(visitor)
    assert seen(stage, case.id) == (CaseStatus.UNROUTED, None, None, None, None)
    assert feedback(stage) == [("not_solved", None, TEXT_NOT_SOLVED)]
    (data,) = events(stage, "case.not_solved")
    assert TEXT_NOT_SOLVED not in str(data)
    notes = stage.ask(lambda _cast: list(db.session.scalars(db.select(Note.text))))
    assert notes == (["Rutinen är ändrad."] if status is CaseStatus.CLOSED else [])
    assert ANSWER["steps_taken"] in visitor.text, "the answer stays to be read"
    with app.app_context():
        assert broken_promises() == []


@pytest.mark.parametrize("status", [CaseStatus.ANSWERED, CaseStatus.CLOSED])
@pytest.mark.parametrize(("days", "open"), [(0, True), (29, True), (30, True), (31, False), (400, False)])
def test_it_can_be_said_until_the_last_day_of_the_set_time(app, stage, visitor, told, status, days, open):
    case = told(status)
    with clock.at(BEGINNING + timedelta(days=days)):
        open_by_link(app, visitor, case.id)
        before = counts(app)
        if open:
            send(visitor, "not_solved", text=TEXT_NOT_SOLVED)
            assert seen(stage, case.id)[0] == CaseStatus.UNROUTED
        else:
            said = words(visitor)
            assert "Det gick att skriva här till och med den 1 april 2026" in said
            assert "Gör en ny anmälan" in said
            assert 'name="not_solved-text"' not in visitor.text
            assert counts(app) == before


def test_the_window_counts_swedish_days_and_from_the_later_of_answer_and_closing(app, stage, visitor):
    with clock.at(BEGINNING):
        case = stage.case(CaseStatus.ANSWERED)
    with clock.at(BEGINNING + timedelta(days=20)):
        stage.ask(lambda cast: cast.close(case_of_id(case.id)))
    last = datetime(2026, 4, 21, 21, 59, tzinfo=UTC)  # 23:59 in Sweden, thirty days after the 22nd of March
    with clock.at(last):
        assert "senast den 21 april 2026" in words(open_by_link(app, visitor, case.id))
    with clock.at(last + timedelta(minutes=2)):
        assert "till och med den 21 april 2026" in words(open_by_link(app, visitor, case.id))


def test_p02_sent_a_day_too_late_the_text_is_kept_and_nothing_stored(app, stage, visitor, told):
    case = told(CaseStatus.CLOSED)
    with clock.at(BEGINNING + timedelta(days=30)):
        open_by_code(app, visitor, case.id)
        page = visitor.last
    with clock.at(BEGINNING + timedelta(days=31)):
        open_by_code(app, visitor, case.id)
        before = counts(app)
        visitor.last = page
        send(visitor, "not_solved", text=TEXT_NOT_SOLVED)
    assert visitor.last.status_code == 422
    assert "Tiden för att skriva här är slut" in words(visitor)
    assert TEXT_NOT_SOLVED in visitor.text
    assert counts(app) == before
    assert seen(stage, case.id)[0] == CaseStatus.CLOSED


@pytest.mark.parametrize(
    "status", [CaseStatus.RECEIVED, CaseStatus.UNROUTED, CaseStatus.ASSIGNED, CaseStatus.ACCEPTED, CaseStatus.COLLECTED]
)
def test_p12_before_there_is_an_answer_there_is_nothing_to_object_to(app, stage, visitor, status):
    case = stage.case(status)
    open_by_link(app, visitor, case.id)
    assert "Blev det inte löst?" not in words(visitor)

    def through_the_verb(_cast):
        with pytest.raises(InvalidInput):
            reporter_steps.say_not_solved(follow(case_of_id(case.id)), TEXT_NOT_SOLVED)

    before = counts(app)
    stage.ask(through_the_verb)
    assert counts(app) == before


def test_p01_the_same_words_again_are_said_once(app, stage, visitor):
    case = stage.case(CaseStatus.CLOSED)
    open_by_link(app, visitor, case.id)
    page = visitor.last
    send(visitor, "not_solved", text=TEXT_NOT_SOLVED)
    before = counts(app)
    visitor.last = page
    send(visitor, "not_solved", text=TEXT_NOT_SOLVED)
    assert visitor.last.status_code == 200
    assert counts(app) == before
    visitor.last = page
    send(visitor, "not_solved", text="Och en sak till.")
    assert visitor.last.status_code == 422
    assert "Och en sak till." in visitor.text
    assert counts(app) == before


def test_p01_six_at_once_are_said_once(app, stage):
    case = stage.case(CaseStatus.CLOSED)
    gate, problems = threading.Barrier(6), []

    def send_one():
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    reporter_steps.say_not_solved(follow(case_of_id(case.id)), TEXT_NOT_SOLVED)
            except Exception as problem:
                problems.append(repr(problem))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(feedback(stage)) == 1
    assert len(messages(stage, KIND)) == 1


def test_it_may_be_said_again_after_a_new_answer(app, stage, visitor):
    case = stage.case(CaseStatus.ANSWERED)
    for _ in range(2):
        open_by_link(app, visitor, case.id)
        send(visitor, "not_solved", text=TEXT_NOT_SOLVED)
        assert seen(stage, case.id)[0] == CaseStatus.UNROUTED
        stage.ask(lambda cast: cast.ask_two(case_of_id(case.id)))
        stage.ask(lambda cast: cast.close(case_of_id(case.id)))
    assert len(feedback(stage)) == 2
    assert len(messages(stage, KIND)) == 2


def test_a_merged_report_puts_the_case_that_it_went_on_in_back(app, stage, visitor):
    own, other = stage.case(CaseStatus.ASSIGNED), stage.case(CaseStatus.ANSWERED)
    stage.ask(
        lambda cast: closing.merge(
            cast.coordinator, case_of_id(own.id), case_of_id(other.id), seen=case_of_id(own.id).version
        )
    )
    open_by_code(app, visitor, own.id)
    send(visitor, "not_solved", text=TEXT_NOT_SOLVED)
    assert seen(stage, other.id)[0] == CaseStatus.UNROUTED
    assert seen(stage, own.id)[4] == other.id
    assert events(stage, "case.not_solved")[0]["from_case_id"] == own.id
    assert TEXT_NOT_SOLVED not in visitor.text, "another reporter of the same event may not read it"


def test_p05_p06_p07_the_office_is_told_once_and_without_words(app, stage, visitor, tmp_path):
    case = stage.case(CaseStatus.CLOSED)
    open_by_link(app, visitor, case.id)
    send(visitor, "not_solved", text=TEXT_NOT_SOLVED)
    stage.work()
    stage.work()
    assert messages(stage, KIND) == [("user", stage.ask(lambda cast: cast.coordinator.user_id))]
    (mail,) = [mail for mail in read_folder(tmp_path / "mail") if mail.name.startswith("not-solved.")]
    assert case.number in mail.subject
    assert case.path in mail.text
    assert TEXT_NOT_SOLVED not in mail.text
    assert "anmalare@habo.example" not in mail.text


@pytest.mark.parametrize("text", ["", "  ", TEXT.format(number=NUMBER)])
def test_p02_p23_no_reason_or_an_identity_number_is_stopped(app, stage, visitor, tmp_path, printed, text):
    case = stage.case(CaseStatus.CLOSED)
    open_by_link(app, visitor, case.id)
    before = counts(app)
    send(visitor, "not_solved", text=text)
    assert visitor.last.status_code == 422
    assert text.strip() in visitor.text
    assert NUMBER not in words(visitor)
    assert counts(app) == before
    assert_nowhere(app, tmp_path, printed, visitor, NUMBER)


def asked_later(stage, case_id):
    """The job some weeks after closing."""
    with clock.at(EIGHT_WEEKS_ON):
        assert stage.ask(lambda _cast: closing.ask_how_it_went(case_id)) is None
        stage.work()
    assert len(messages(stage, "casework.reporter_follow_up")) == 1


def test_a_case_that_is_closed_again_is_asked_about_some_weeks_after_that(app, stage, visitor, told):
    case = told(CaseStatus.CLOSED)
    asked_later(stage, case.id)

    def reopen_and_close(cast):
        row = case_of_id(case.id)
        closing.reopen(cast.coordinator, row, seen=row.version)
        cast.close(row)

    with clock.at(EIGHT_WEEKS_ON + timedelta(days=1)):
        stage.ask(reopen_and_close)
        assert "Blev det bättre?" not in words(open_by_link(app, visitor, case.id))
    with clock.at(EIGHT_WEEKS_ON + timedelta(weeks=8, days=1)):
        assert "Blev det bättre?" in words(open_by_link(app, visitor, case.id))


@pytest.mark.parametrize(("worked", "mails"), [("yes", 0), ("partly", 1), ("no", 1)])
def test_the_office_is_told_of_what_did_not_quite_get_better(app, stage, visitor, told, worked, mails):
    case = told(CaseStatus.CLOSED)
    asked_later(stage, case.id)
    open_by_link(app, visitor, case.id)
    send(visitor, "follow_up", worked=worked, text="Samma sak igen.")
    assert len(messages(stage, "intake.not_better")) == mails


def test_p09_the_question_that_could_not_be_sent_by_day_waits_the_night_out(stage, told):
    case = told(CaseStatus.CLOSED)
    with clock.at(EIGHT_WEEKS_ON):
        stage.ask(lambda _cast: closing.ask_how_it_went(case.id))
    with clock.at(EIGHT_WEEKS_ON + timedelta(hours=16)):
        stage.work()

    def statuses(_cast):
        query = db.select(Message.status).where(Message.kind == "casework.reporter_follow_up")
        return db.session.scalars(query).all()

    assert stage.ask(statuses) == ["waiting"]
    with clock.at(EIGHT_WEEKS_ON + timedelta(days=1)):
        stage.work()
    assert stage.ask(statuses) == ["sent"]


@pytest.mark.parametrize("worked", ["yes", "partly", "no"])
def test_after_some_weeks_one_question_is_answered_once(app, stage, visitor, told, worked):
    case = told(CaseStatus.CLOSED)
    with clock.at(BEGINNING + timedelta(days=1)):
        assert "Blev det bättre?" not in words(open_by_link(app, visitor, case.id))
    asked_later(stage, case.id)
    open_by_link(app, visitor, case.id)
    assert "Blev det bättre?" in words(visitor)
    page = visitor.last
    send(visitor, "follow_up", worked=worked, text="Lite lugnare nu.")
    assert "Bara samordnaren ser ditt svar." in words(visitor)
    assert "Blev det bättre?" not in words(visitor)
    assert feedback(stage) == [("follow_up", worked, "Lite lugnare nu.")]
    assert seen(stage, case.id)[0] == CaseStatus.CLOSED
    before = counts(app)
    visitor.last = page
    send(visitor, "follow_up", worked="no", text="En gång till.")
    assert counts(app) == before
    assert feedback(stage) == [("follow_up", worked, "Lite lugnare nu.")]
    assert len(events(stage, "case.follow_up_answered")) == 1


def test_who_has_only_a_code_is_asked_when_the_time_has_come(app, stage, visitor):
    with clock.at(BEGINNING):
        case = stage.case(CaseStatus.CLOSED, reporter_email=None)
    with clock.at(BEGINNING + timedelta(weeks=8, days=-1)):
        assert "Blev det bättre?" not in words(open_by_code(app, visitor, case.id))
    with clock.at(BEGINNING + timedelta(weeks=8)):
        assert "Blev det bättre?" in words(open_by_code(app, visitor, case.id))


@pytest.mark.parametrize("status", [CaseStatus.ASSIGNED, CaseStatus.ANSWERED])
def test_the_question_is_not_answered_before_it_is_asked(app, stage, visitor, status):
    case = stage.case(status)
    open_by_link(app, visitor, case.id)
    before = counts(app)
    visitor.client.post(
        f"{ADDRESS}/uppfoljning",
        data={"follow_up-worked": "yes", "follow_up-number": case.number},
    )
    assert counts(app) == before


@pytest.mark.parametrize("fields", [{}, {"worked": "maybe"}, {"worked": "yes", "text": TEXT.format(number=NUMBER)}])
def test_p23_a_wrong_choice_or_an_identity_number_is_stopped(app, stage, visitor, told, tmp_path, printed, fields):
    case = told(CaseStatus.CLOSED)
    asked_later(stage, case.id)
    open_by_link(app, visitor, case.id)
    before = counts(app)
    send(visitor, "follow_up", **fields)
    assert visitor.last.status_code == 422
    assert "Blev det bättre?" in words(visitor)
    assert fields.get("text", "") in visitor.text
    assert counts(app) == before
    assert_nowhere(app, tmp_path, printed, visitor, NUMBER)


def test_the_manager_never_sees_how_it_went_nor_the_address(app, stage, visitor, new_visitor):
    with clock.at(BEGINNING):
        case = stage.case(CaseStatus.CLOSED, reporter_email="hemlig@habo.example", stay_unknown=True)
    asked_later(stage, case.id)
    open_by_link(app, visitor, case.id)
    send(visitor, "follow_up", worked="no", text="Det blev inte bättre alls.")
    assert feedback(stage) == [("follow_up", "no", "Det blev inte bättre alls.")]
    manager = new_visitor()
    manager.sign_in("chef.af")
    manager.get(case.path)
    assert manager.last.status_code == 200
    assert case.number in manager.text
    for secret in ("Det blev inte bättre alls.", "hemlig@habo.example"):
        assert secret not in manager.text
