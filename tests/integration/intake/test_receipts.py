"""Following a report: with a code that only the reporter has, or a mailed link that can be revoked (P7)."""

import re

import itsdangerous.timed
import pytest
import redis

from lexheller.app.factory import create_app
from lexheller.cases.models import Case
from lexheller.cases.queries import contact_of
from lexheller.cases.reporter_link import TWO_YEARS_SECONDS, revoke, token_for
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import answering, closing
from lexheller.core.db import db
from lexheller.intake.codes import code_hash, normal
from lexheller.messaging.transport import read_folder
from tests.cast.databases import settings_for
from tests.cast.people import ANSWER, HOME, Cast, Visitor
from tests.cast.traces import everything

FORM = f"/anmal/{HOME}"
SECRETS = {
    "what_happened": "Hemligt ett om händelsen",
    "consequence": "Hemligt två om följden",
    "done_at_once": "Hemligt tre",
    "proposal": "Hemligt fyra",
}


def file_report(visitor, **values) -> str:
    """The receipt code as shown."""
    visitor.get(FORM)
    visitor.post(FORM, {"what_happened": "Ingen återkopplade.", **values})
    return re.search(r'id="receipt-code">([0-9A-Z-]+)<', visitor.text)[1]


def follow(visitor, code: str):
    visitor.get("/kvitto")
    return visitor.post("/kvitto", {"code": code})


def test_p07_only_the_hash_of_a_code_is_stored(app, visitor, stage, printed):
    code = file_report(visitor, reporter_email="anna@habo.example")
    stage.work()
    stored = everything(app)
    assert code_hash(normal(code)) in stored
    said = printed()
    for written in (code, normal(code)):
        assert written not in stored
        assert written not in said


def test_a_code_leads_to_its_own_report_however_it_is_typed(visitor, new_visitor):
    code = file_report(visitor, what_happened="Just min anmälan.")
    file_report(new_visitor(), what_happened="Någon annans anmälan.")
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        f"  {code.replace('-', ' ')} ",
        code.replace("0", "o").replace("1", "l"),
    ):
        other = new_visitor()
        follow(other, typed)
        assert other.last.status_code == 200
        assert "Just min anmälan." in other.text
        assert "Någon annans" not in other.text


@pytest.mark.parametrize("typed", ["K7QF-3XMP-9TRA", "", "fel", "x" * 61, "\x00", "' OR ''='", "19811228-9874"])
def test_p22_a_wrong_code_is_told_in_words(visitor, new_visitor, typed):
    file_report(visitor)
    other = new_visitor()
    follow(other, typed)
    assert other.last.status_code == 422
    assert "kod" in other.text
    other.get("/kvitto/anmalan")
    assert "Ingen återkopplade." not in other.text


def test_guessing_is_stopped_and_the_right_code_too_until_it_is_over(visitor, new_visitor):
    code = file_report(visitor)
    guesser = new_visitor()
    for _ in range(10):
        follow(guesser, "K7QF-3XMP-9TRA")
        assert guesser.last.status_code == 422
    follow(guesser, code)
    assert guesser.last.status_code == 429
    assert int(guesser.last.headers["Retry-After"]) > 0
    assert "För många försök" in guesser.text


def test_guessing_is_counted_over_all_processes(database_url, tmp_path, redis_url):
    redis.Redis.from_url(redis_url).flushall()
    processes = [create_app(settings_for(database_url, tmp_path, redis_url)) for _ in range(2)]
    visitors = [Visitor(app.test_client()) for app in processes]
    statuses = [follow(visitors[turn % 2], "K7QF-3XMP-9TRA").status_code for turn in range(12)]
    close(processes)
    assert statuses == [422] * 10 + [429] * 2


def test_p31_with_redis_down_reports_and_receipts_work_and_guessing_is_still_counted(
    database_url, tmp_path, redis_server
):
    app = create_app(settings_for(database_url, tmp_path, redis_server.url))
    visitor = Visitor(app.test_client())
    redis_server.stop()
    try:
        code = file_report(visitor)
        follow(visitor, code)
        assert visitor.last.status_code == 200
        statuses = [follow(visitor, "K7QF-3XMP-9TRA").status_code for _ in range(12)]
    finally:
        redis_server.start()
        close([app])
    assert statuses[:10] == [422] * 10
    assert 429 in statuses[10:]


def close(apps) -> None:
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize(
    ("status", "shown", "hidden"),
    [
        (CaseStatus.RECEIVED, ["Mottagen"], ["Rutinen är ändrad.", "Svaret</h2>"]),
        (CaseStatus.UNROUTED, ["Hos samordnaren"], ["Svaret</h2>"]),
        (CaseStatus.ASSIGNED, ["Hos ansvarig chef"], ["Svaret</h2>"]),
        (CaseStatus.ACCEPTED, ["Chefen arbetar med svaret"], ["Svaret</h2>"]),
        (CaseStatus.ANSWERED, ["Besvarad", ANSWER["steps_taken"], ANSWER["cause"]], ["Samordnarens slutsats"]),
        (CaseStatus.CLOSED, ["Avslutad", ANSWER["steps_taken"], "Samordnarens slutsats"], []),
    ],
)
def test_the_receipt_page_shows_each_stage(app, stage, visitor, status, shown, hidden):
    case = stage.case(status)
    visitor.get(f"/kvitto/lank/{link_of(app, case.id)}")
    assert visitor.last.status_code == 200
    assert case.number in visitor.text
    for words in shown:
        assert words in visitor.text
    for words in hidden:
        assert words not in visitor.text


def link_of(app, case_id: int) -> str:
    with app.app_context():
        return token_for(contact_of(db.session.get_one(Case, case_id).report_id))


def test_nobodys_draft_is_shown_to_the_reporter(app, stage, visitor):
    case = stage.case(CaseStatus.ACCEPTED)

    def save(cast):
        found = db.session.get_one(Case, case.id)
        duty = cast.duty(found)
        texts = {**ANSWER, "cause": "Bara ett utkast."}
        answering.save_draft(cast.manager_of(duty), found, duty, texts, seen=duty.version)

    stage.ask(save)
    assert "Bara ett utkast." in everything(app)
    visitor.get(f"/kvitto/lank/{link_of(app, case.id)}")
    assert visitor.last.status_code == 200
    assert "Bara ett utkast." not in visitor.text


def test_a_link_is_dead_once_it_is_revoked_forged_or_too_old(app, stage, visitor, monkeypatch):
    case, other = stage.case(), stage.case()
    good = link_of(app, case.id)
    path = f"/kvitto/lank/{good}"
    assert visitor.get(path).status_code == 200
    payload, stamp, signature = good.split(".")
    forged = [
        f"{payload}.{stamp}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",  # not the last: some bits are spare
        f"{link_of(app, other.id).split('.')[0]}.{stamp}.{signature}",
        payload, "", ".", "..", "x" * 3000, "%00", "%ED%A0%80", f"{good}/x",
    ]  # fmt: skip
    for token in forged:
        assert visitor.get(f"/kvitto/lank/{token}").status_code == 404, token
    now = itsdangerous.timed.time.time()
    with monkeypatch.context() as later:
        later.setattr(itsdangerous.timed.time, "time", lambda: now + TWO_YEARS_SECONDS - 60)
        assert visitor.get(path).status_code == 200
        later.setattr(itsdangerous.timed.time, "time", lambda: now + TWO_YEARS_SECONDS + 60)
        assert visitor.get(path).status_code == 404
    stage.ask(lambda _cast: revoke(contact_of(db.session.get_one(Case, case.id).report_id)))
    assert visitor.get(path).status_code == 404
    assert "Sidan finns inte" in visitor.text
    assert visitor.get(f"/kvitto/lank/{link_of(app, other.id)}").status_code == 200


@pytest.mark.parametrize("language", ["sv", "en"])
def test_p07_mail_holds_number_and_link_and_no_code_nor_text(app, visitor, new_visitor, stage, tmp_path, language):
    visitor.get(f"{FORM}?lang={language}")
    code = file_report(visitor, **SECRETS, reporter_email="anna@habo.example", concerned_organisation=option(app))
    stage.work()
    secret_answer = {name: f"Svarets hemlighet {name}" for name in ANSWER}

    def answer_and_close(cast):
        case = db.session.scalars(db.select(Case)).one()
        cast.answer(case, **secret_answer)
        closing.close(cast.coordinator, case, CloseReason.SOLVED, "Slutsatsens hemlighet", seen=case.version)
        return case.number

    number = stage.ask(answer_and_close)
    stage.work()
    mails = read_folder(tmp_path / "mail")
    to_reporter = [mail for mail in mails if "anna@habo.example" in mail.to]
    assert len(to_reporter) == 4  # received, routed, answered, closed
    assert len(mails) >= 5, [mail.name for mail in mails]
    for mail in mails:
        whole = f"{mail.subject}\n{mail.text}"
        assert number in whole
        for secret in (*SECRETS.values(), *secret_answer.values(), "Slutsatsens hemlighet", code, normal(code)):
            assert secret not in whole
            assert secret.lower() not in whole.lower()
        if mail not in to_reporter:
            assert "anna@habo.example" not in whole
    for mail in to_reporter:
        link = re.search(r"http://[^/]+(/kvitto/lank/\S+)", mail.text)[1]
        reader = new_visitor()
        assert reader.get(link).status_code == 200
        assert "Slutsatsens hemlighet" in reader.text


def option(app) -> str:
    with app.app_context():
        return str(Cast(app).organisation("Arbetsförmedlingen").id)


def test_the_code_is_shown_on_the_receipt_alone(visitor):
    code = file_report(visitor)
    for path in ("/", FORM, "/kvitto", "/kvitto/anmalan"):
        visitor.get(path)
        assert code not in visitor.text
    follow(visitor, code)
    assert visitor.last.status_code == 200
    assert code not in visitor.text
    visitor.get("/kvitto/ny")
    assert code not in visitor.text, (
        "whoever has used the code needs it no more; the next person at this screen must not"
    )
