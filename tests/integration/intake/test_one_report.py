"""A submission is one report, whatever happens on the way to the reporter (P1, P2)."""

import re
import threading
import uuid

import pytest
from sqlalchemy.exc import OperationalError

from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.intake import service
from lexheller.web.limits import Limit
from tests.cast.people import HOME, Cast
from tests.cast.traces import counts

FORM = f"/anmal/{HOME}"
CODE = re.compile(r'id="receipt-code">([0-9A-Z-]+)<')
NUMBER = re.compile(r"Anmälan (\d{4}:\d+ / \d+)")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]*)"')


def shown(visitor):
    return NUMBER.search(visitor.text)[1], CODE.search(visitor.text)[1]


def reports(app):
    return {name: counts(app)[name] for name in ("report", "case_file", "reporter_contact", "message")}


def test_p01_a_resend_gives_the_same_number_and_code(app, visitor):
    visitor.get(FORM)
    values = {
        "submission_id": str(uuid.uuid4()),
        "what_happened": "Ingen svarar i telefonen.",
        "reporter_email": "anna@habo.example",
    }
    visitor.post(FORM, values)
    first = shown(visitor)
    visitor.get(FORM)
    visitor.post(FORM, values)
    assert shown(visitor) == first
    assert reports(app) == {"report": 1, "case_file": 1, "reporter_contact": 1, "message": 1}


def test_p01_a_resend_from_another_session_after_the_answer_was_lost(app, visitor, new_visitor):
    values = {"submission_id": str(uuid.uuid4()), "what_happened": "Brevet kom aldrig fram."}
    visitor.get(FORM)
    visitor.post(FORM, values, follow=False)
    again = new_visitor()
    again.get(FORM)
    again.post(FORM, values)
    visitor.get("/kvitto/ny")
    assert shown(again) == shown(visitor)
    assert reports(app)["report"] == 1


@pytest.mark.parametrize(
    "made_up", ["", "1", "x" * 5000, "' OR 1=1 --", "19121212-1212", "\x00", "1912121212" + "1" * 22]
)
def test_p01_a_missing_or_made_up_submission_id_is_replaced(app, visitor, made_up):
    visitor.get(FORM)
    visitor.post(FORM, {"submission_id": made_up, "what_happened": "Mötet ställdes in."})
    assert CODE.search(visitor.text)
    with app.app_context():
        stored = db.session.scalar(db.select(service.Report.submission_id))
    assert uuid.UUID(stored).version == 4


def test_p01_twelve_at_once_are_one_report(app):
    with app.app_context():
        cast = Cast(app)
        same = cast.submission()
    gate, answers, problems = threading.Barrier(12), [], []

    def send():
        with app.app_context():
            federation = Cast(app).federation()
            db.session.rollback()
            gate.wait()
            try:
                with transaction():
                    federation = Cast(app).federation()
                    case = service.submit(federation, same)
                    answers.append((case.number, service.receipt_code(federation.id, same.submission_id)))
            except Exception as problem:
                problems.append(repr(problem))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(answers) == 12
    assert len(set(answers)) == 1
    assert reports(app) == {"report": 1, "case_file": 1, "reporter_contact": 1, "message": 1}
    assert counts(app)["job"] == 2


def test_p01_at_once_through_the_pages(app, new_visitor):
    values = {"submission_id": str(uuid.uuid4()), "what_happened": "Två klick på knappen."}
    visitors = [new_visitor() for _ in range(4)]
    for one in visitors:
        one.get(FORM)
    threads = [threading.Thread(target=one.post, args=(FORM, values)) for one in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({shown(one) for one in visitors}) == 1
    assert reports(app)["report"] == 1


def test_p02_a_fault_after_the_report_is_written_stores_nothing_and_the_retry_succeeds(app, visitor, monkeypatch):
    before = counts(app)
    values = {"submission_id": str(uuid.uuid4()), "what_happened": "Texten får inte gå förlorad, skrev jag."}
    visitor.get(FORM)
    page = visitor.last
    with monkeypatch.context() as broken:
        broken.setattr(service.jobs, "ask_for", lambda *a, **k: 1 / 0)
        visitor.post(FORM, values)
        assert visitor.last.status_code == 500
        assert "Texten får inte gå förlorad, skrev jag." in visitor.text
    assert counts(app) == before
    visitor.last = page
    visitor.post(FORM, values)
    assert CODE.search(visitor.text)
    assert reports(app)["report"] == 1


def test_p02_p32_a_database_that_goes_away_keeps_the_text_on_the_page(app, visitor, monkeypatch):
    before = counts(app)
    visitor.get(FORM)

    def gone(*_args, **_kwargs):
        raise OperationalError("INSERT", {}, Exception("connection lost"))

    monkeypatch.setattr(service, "next_diary_number", gone)
    visitor.post(FORM, {"what_happened": "En text som ska finnas kvar."})
    assert visitor.last.status_code == 503
    assert int(visitor.last.headers["Retry-After"]) > 0
    assert "En text som ska finnas kvar." in visitor.text
    assert counts(app) == before


@pytest.mark.parametrize("language", ["sv", "en"])
def test_p02_a_lost_session_shows_the_form_again_and_it_can_be_sent_at_once(app, visitor, language):
    visitor.get(f"{FORM}?lang={language}")
    visitor.client.delete_cookie("lexheller")
    text = "Väntan på besked <b>i tio veckor</b> & mer."
    visitor.post(FORM, {"what_happened": text, "proposal": "Ring upp."})
    assert visitor.last.status_code == 422
    assert "&lt;b&gt;i tio veckor&lt;/b&gt; &amp; mer." in visitor.text
    assert "Ring upp." in visitor.text
    assert "token" not in re.sub(r"<[^>]+>", " ", visitor.text)
    assert reports(app)["report"] == 0
    visitor.post(FORM, {"what_happened": text, "proposal": "Ring upp."})
    assert CODE.search(visitor.text)
    assert reports(app)["report"] == 1


def test_p02_too_many_reports_keep_the_text_on_the_page(app, visitor, monkeypatch):
    monkeypatch.setattr("lexheller.intake.views.REPORTS", Limit("reports_in_a_test", "1 per minute"))
    for _ in range(2):
        visitor.get(FORM)
        visitor.post(FORM, {"what_happened": "Samma sak igen och igen."})
    assert visitor.last.status_code == 429
    assert "Samma sak igen och igen." in visitor.text
    assert reports(app)["report"] == 1
