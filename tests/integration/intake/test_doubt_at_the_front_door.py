"""What may name somebody is shown to whoever writes it, once, before it is sent; what stays so waits (P24, P1)."""

import pytest

from lexheller.cases.models import Case, Report
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job
from lexheller.core.transaction import transaction
from lexheller.intake.importing import Import, read_file
from lexheller.intake.service import submit
from lexheller.messaging.models import Message
from lexheller.organisations.known_names import doubts_here
from lexheller.organisations.service import add_unit
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.intake.following import open_by_code, send, words

FORM = f"/anmal/{HOME}"
NAMED = "Handläggaren Anna Svensson svarade inte. Hon har telefon 070-123 45 67."
CLEAN = "Kontoret hänvisade till webben och webben till kontoret."
ASKED, SEES = "Kan någon kännas igen?", "Jag har tittat: det är ingen som kan kännas igen"
HELD = "casework.text_held"


def report(visitor, **values):
    visitor.get(FORM)
    return visitor.post(FORM, values)


def stored(stage) -> list[dict[str, object]]:
    def read(_cast):
        rows = db.session.execute(db.select(Report, Case).join(Case, Case.report_id == Report.id).order_by(Case.id))
        return [
            {"id": case.id, "held": case.held_at is not None, "said": report.what_happened, "status": case.status}
            for report, case in rows
        ]

    return stage.ask(read)


def messages(stage, kind: str) -> list[str]:
    return stage.ask(
        lambda _cast: list(db.session.scalars(db.select(Message.key).where(Message.kind == kind).order_by(Message.id)))
    )


def test_p24_the_writer_is_asked_once_with_each_place_marked_and_loses_nothing(stage, visitor):
    page = report(visitor, what_happened=CLEAN, proposal=NAMED, reporter_email="anmalare@habo.example")
    assert page.status_code == 422
    assert stored(stage) == []
    said = words(visitor)
    assert said.count(ASKED) == 1
    assert said.count(SEES) == 1
    assert "<mark>Anna Svensson</mark>" in visitor.text
    assert "<mark>070-123 45 67</mark>" in visitor.text
    assert "i stället för namnet" in said
    assert "läser samordnaren texten innan någon annan" in said
    assert visitor.text.count(NAMED) == 1
    assert CLEAN in visitor.text
    assert 'value="anmalare@habo.example"' in visitor.text
    assert "data-focus-on-load" in visitor.text
    assert 'href="#looked"' in visitor.text


def test_p24_who_changes_the_text_is_not_asked_and_nothing_waits(stage, visitor):
    report(visitor, what_happened=NAMED)
    visitor.post(FORM, {"what_happened": CLEAN})
    assert visitor.last.request.path == "/kvitto/ny"
    (row,) = stored(stage)
    assert row == {"id": row["id"], "held": False, "said": CLEAN, "status": CaseStatus.RECEIVED}
    assert messages(stage, HELD) == []
    stage.work()
    assert stored(stage)[0]["status"] != CaseStatus.RECEIVED


def test_p24_who_lets_it_stand_gets_a_receipt_and_the_office_is_told_before_anybody_reads_it(stage, visitor):
    report(visitor, what_happened=NAMED, reporter_email="anmalare@habo.example")
    fields = {"what_happened": NAMED, "reporter_email": "anmalare@habo.example", "looked": "y"}
    visitor.post(FORM, fields)
    assert visitor.last.request.path == "/kvitto/ny"
    assert "Samordnaren tittar först på din text" in words(visitor)
    (row,) = stored(stage)
    assert row["held"]
    assert len(messages(stage, "intake.report_received")) == 1
    assert len(messages(stage, HELD)) == 1
    assert (
        stage.ask(lambda _cast: db.session.scalar(db.select(Job.id).where(Job.name == "casework.route_case"))) is None
    )
    stage.work()
    assert stored(stage)[0]["status"] == CaseStatus.RECEIVED


def test_p01_p24_the_same_submission_twice_is_one_report_however_it_is_asked(stage, visitor):
    report(visitor, what_happened=NAMED)
    fields = {"what_happened": NAMED, "looked": "y", "submission_id": "0b7c9a5e-6a35-4a53-9f68-0d6b4f6f2a11"}
    visitor.post(FORM, fields)
    visitor.get(FORM)
    visitor.post(FORM, {**fields, "looked": ""})
    assert visitor.last.request.path == "/kvitto/ny"
    assert len(stored(stage)) == 1
    assert len(messages(stage, HELD)) == 1


def test_p24_the_federations_own_names_are_not_asked_about(cast):
    home, text = cast.federation(), "Mottagningen Astrid Lind svarade inte, och Astrid Linds växel var stängd."
    assert {one.found for one in doubts_here(home.id, {"text": text})} != set()
    with transaction():
        owner = cast.organisation("Försäkringskassan").id
        add_unit(cast.coordinator, home.id, organisation_id=owner, name="Astrid Lind")
    assert doubts_here(home.id, {"text": text}) == []
    assert doubts_here(cast.federation(ELSEWHERE).id, {"text": text}) != []
    assert [one.found for one in doubts_here(home.id, {"text": NAMED})] == ["Anna Svensson", "070-123 45 67"]


def test_p24_the_verb_itself_refuses_what_nobody_has_looked_at(cast):
    with pytest.raises(Exception, match="looked"):
        submit(cast.federation(), cast.submission(what_happened=NAMED))


def test_p24_it_happened_to_us_too_is_asked_about_as_well(stage, visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    report(visitor, what_happened=NAMED, occurrence=str(case.id))
    assert visitor.last.status_code == 422
    assert ASKED in words(visitor)


def test_p24_the_office_is_asked_and_when_it_has_looked_nothing_waits(stage, visitor):
    visitor.sign_in("samordnare")
    path = f"/arenden/{HOME}/registrera"
    fields = {"channel": "phone", "told_on": stage.ask(lambda _cast: clock.today().isoformat())}
    visitor.get(path)
    visitor.post(path, {**fields, "what_happened": NAMED})
    assert visitor.last.status_code == 422
    assert "<mark>Anna Svensson</mark>" in visitor.text
    visitor.post(path, {**fields, "what_happened": NAMED, "looked": "y"})
    (row,) = stored(stage)
    assert not row["held"]


def test_p24_a_reply_and_an_objection_are_asked_about_with_their_text_kept(app, stage, visitor):
    case = stage.case(CaseStatus.ANSWERED)
    open_by_code(app, visitor, case.id)
    send(visitor, "not_solved", text=NAMED)
    assert visitor.last.status_code == 422
    assert words(visitor).count(ASKED) == 1
    assert visitor.text.count(f">{NAMED}") + visitor.text.count(f"\n{NAMED}") >= 1
    assert stage.look(case.id).status == CaseStatus.ANSWERED
    send(visitor, "not_solved", text=NAMED, looked="y")
    assert stage.look(case.id).status == CaseStatus.UNROUTED


def bring_in(stage, path, *lines: str) -> list[dict[str, object]]:
    """Import the sheet; what is stored then."""
    path.write_text("\n".join((*lines, "")), encoding="utf-8")

    def bring(cast):
        whole = Import(cast.federation(), read_file(path))
        whole.reserve_numbers()
        for rows in whole.batches():
            whole.take(rows)

    stage.ask(bring)
    return stored(stage)


def test_p24_an_import_holds_what_is_open_and_only_marks_what_is_over(stage, tmp_path, visitor):
    running, over = bring_in(
        stage,
        tmp_path / "historik.csv",
        "Datum;Vad hände;Status",
        "2024-03-01;Anna Svensson fick vänta.;Öppen",
        "2024-03-02;Bo Ek fick vänta.;Avslutad",
    )
    assert (running["held"], over["held"]) == (True, False)
    visitor.sign_in("samordnare")
    visitor.get(f"/arenden/{HOME}/{over['id']}")
    assert "Texten från kalkylbladet kanske pekar ut någon" in words(visitor)
    visitor.get(f"/arenden/{HOME}/{running['id']}")
    assert "Granska texten" in words(visitor)


@pytest.mark.parametrize("column", ["Konsekvens för personen", "Svar från ansvarig chef", "Åtgärd"])
def test_p24_every_free_text_of_a_sheet_is_looked_at(stage, tmp_path, visitor, column):
    """The answer is shared and the action stands in the library and the yearly report: neither passes unseen."""
    running, over, clean = bring_in(
        stage,
        tmp_path / "historik.csv",
        f"Datum;Vad hände;Status;{column}",
        f"2024-03-01;De fick vänta.;Besvarad;{NAMED}",
        f"2024-03-02;De fick vänta igen.;Avslutad;{NAMED}",
        f"2024-03-03;De fick vänta länge.;Besvarad;{CLEAN}",
    )
    assert [row["held"] for row in (running, over, clean)] == [True, False, False]
    visitor.sign_in("samordnare")
    visitor.get(f"/arenden/{HOME}/{running['id']}/granskning")
    assert "<mark>Anna Svensson</mark>" in visitor.text
    visitor.post(f"/arenden/{HOME}/{running['id']}/granskning", {"waiting": "report", "looked": "y"})
    marked = "Texten från kalkylbladet kanske pekar ut någon"
    shown = {}
    for name, row in (("running", running), ("over", over), ("clean", clean)):
        visitor.get(f"/arenden/{HOME}/{row['id']}")
        shown[name] = marked in words(visitor)
    assert shown == {"running": False, "over": True, "clean": False}, "what somebody has looked at is marked no longer"
    assert not any(row["held"] for row in stored(stage))
