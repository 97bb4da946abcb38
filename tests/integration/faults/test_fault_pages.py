"""The fault pages as a coordinator walks them, in Swedish and without JavaScript; others find no such pages (P15)."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import event, select

from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.faults import service
from lexheller.faults.models import Fault, FaultCase, FaultNews
from lexheller.faults.states import FaultStatus
from lexheller.improvement import fault_page
from lexheller.intake.service import receipt_code
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.faults.told import DECISION, TITLE, WHY, fault_in, row_of, with_cases, without_account

ALL = f"/systemfel/{HOME}"


@pytest.fixture
def desk(visitor):
    visitor.sign_in("samordnare")
    return visitor


def said(visitor) -> str:
    return re.sub(r"\s+", " ", html.unescape(visitor.text))


def made(stage, slug: str = HOME) -> int:
    return stage.ask(lambda cast: fault_in(cast, slug).id)


def shown_by(stage, count: int = 2) -> tuple[int, list[int]]:
    """A confirmed fault's id, and those of its cases."""

    def make(cast):
        fault, cases = with_cases(cast, count)
        return fault.id, [case.id for case in cases]

    return stage.ask(make)


def look(stage, fault_id: int) -> tuple[str, int]:
    def ask(_cast):
        row = row_of(fault_id)
        return row.status, row.version

    return stage.ask(ask)


def kinds(stage) -> list[str]:
    query = select(Event.kind).where(Event.subject_type == "fault").order_by(Event.id)
    return stage.ask(lambda _cast: list(db.session.scalars(query)))


def test_an_empty_list_says_what_a_fault_is_and_how_to_begin(desk):
    desk.get(f"/arenden/{HOME}")
    assert f'href="{ALL}"' in desk.text
    assert desk.get(ALL).status_code == 200
    assert "Inga systemfel ännu" in said(desk)
    assert f'href="{ALL}/nytt"' in desk.text
    assert 'aria-current="page">Systemfel' in desk.text


def test_from_a_case_to_a_fault_and_all_the_way_to_its_end(desk, stage):
    case = stage.case(CaseStatus.ASSIGNED)
    desk.get(case.path)
    assert f'href="{ALL}/nytt?case={case.id}"' in desk.text
    desk.get(f"{ALL}/nytt?case={case.id}")
    assert case.number in said(desk)
    values = {"title": TITLE, "case_id": str(case.id)}
    assert desk.post(f"{ALL}/nytt", values).status_code == 422
    assert "Skriv kort varför." in said(desk)
    assert desk.post(f"{ALL}/nytt", {**values, "why": WHY}).status_code == 200
    assert "Systemfelet är inskrivet" in said(desk)
    assert case.number in said(desk)
    assert WHY in said(desk)
    fault_id = stage.ask(lambda _cast: db.session.scalars(select(Fault.id)).one())
    page = f"{ALL}/{fault_id}"
    walk = (
        ("confirm", {}, "Bekräftat"),
        ("lift", {}, "Lyft för beslut"),
        ("decide", {"decision": DECISION}, DECISION),
        ("start_mending", {}, "Rättas till"),
        ("follow_up", {}, "Uppföljt"),
        ("close", {"ending": "Felet är rättat."}, "Så slutade det"),
        ("reopen", {}, "Så slutade det förra gången"),
    )
    for step, texts, words in walk:
        assert f'action="{page}/steg/{step}"' in desk.text
        assert desk.post(f"{page}/steg/{step}", texts, form=step).status_code == 200
        assert words in said(desk)
    assert look(stage, fault_id)[0] == FaultStatus.CONFIRMED
    desk.get(case.path)
    assert TITLE in said(desk)


def test_a_decision_is_put_right_or_followed_by_another_and_the_former_stays_to_be_read(desk, stage):
    fault_id, _cases = shown_by(stage)
    page = f"{ALL}/{fault_id}"
    desk.get(page)
    assert "/steg/reword_decision" not in desk.text
    desk.post(f"{page}/steg/decide", {"decision": DECISION}, form="decide")
    assert desk.post(f"{page}/steg/reword_decision", {"decision": ""}, form="reword_decision").status_code == 422
    desk.get(page)
    desk.post(f"{page}/steg/reword_decision", {"decision": "Ett möte."}, form="reword_decision")
    assert "Beslutet har fått en ny lydelse." in said(desk)
    assert "Tidigare beslut" not in said(desk)
    desk.post(f"{page}/steg/decide_anew", {"decision": "En rutin."}, form="decide_anew")
    assert f'Tidigare beslut</summary> <p class="free-text">{clock.today().isoformat()}: Ett möte.</p>' in said(desk)
    assert stage.ask(lambda _cast: (row_of(fault_id).status, row_of(fault_id).decision)) == ("decided", "En rutin.")
    assert kinds(stage)[-3:] == ["fault.decided", "fault.decision_reworded", "fault.decided_anew"]


def test_a_fault_that_is_mended_without_a_decision_has_none_to_put_right(desk, stage):
    fault_id, _cases = shown_by(stage)
    page = f"{ALL}/{fault_id}"
    desk.get(page)
    desk.post(f"{page}/steg/start_mending", form="start_mending")
    assert "/steg/decide_anew" in desk.text
    assert "/steg/reword_decision" not in desk.text
    values = {"decision": "Ett möte.", "version": str(look(stage, fault_id)[1])}
    assert desk.post(f"{page}/steg/reword_decision", values, form="reword_decision").status_code == 409


def test_the_office_hears_that_a_unit_without_accounts_hears_nothing(desk, stage):
    fault_id, _cases = shown_by(stage)
    heard, unheard = stage.ask(lambda cast: (cast.unit("Försäkringskassan").id, without_account(cast).id))
    page, warning = f"{ALL}/{fault_id}", "Ingen på enheten har ett konto"
    desk.get(page)
    desk.post(f"{page}/agare", {"owner": str(heard)}, form="owner")
    assert warning not in said(desk)
    desk.post(f"{page}/agare", {"owner": str(unheard)}, form="owner")
    assert warning in said(desk)


def test_what_is_missing_is_said_at_its_field_and_the_text_stays(desk, stage):
    fault_id, _cases = shown_by(stage)
    page = f"{ALL}/{fault_id}"
    desk.get(page)
    assert desk.post(f"{page}/steg/close", {"ending": ""}, form="close").status_code == 422
    assert "Skriv hur det slutade" in said(desk)
    desk.get(f"{page}/beskriv")
    text = "Personen 19640823-3234 fick vänta."
    assert desk.post(f"{page}/beskriv", {"title": TITLE, "cause": text}).status_code == 422
    assert "Ta bort personnumret" in said(desk)
    assert "fick vänta." in said(desk)
    desk.get(page)
    values = {"number": "2026:99 / 9", "why": "Ett skäl som inte får gå förlorat."}
    assert desk.post(f"{page}/arenden", values, form="link").status_code == 422
    assert "Det finns inget ärende med det numret" in said(desk)
    assert values["why"] in said(desk)
    assert look(stage, fault_id)[0] == FaultStatus.CONFIRMED


def test_p13_two_who_describe_at_once(desk, new_visitor, stage):
    fault_id = made(stage)
    path = f"{ALL}/{fault_id}/beskriv"
    other = new_visitor()
    other.sign_in("samordnare")
    for person in (desk, other):
        person.get(path)
    assert desk.post(path, {"title": TITLE, "cause": "Okänd rutin."}).status_code == 200
    assert other.post(path, {"title": TITLE, "cause": "En text som inte får gå förlorad."}).status_code == 409
    assert "En text som inte får gå förlorad." in said(other)
    assert stage.ask(lambda _cast: row_of(fault_id).cause) == "Okänd rutin."


def test_a_case_is_linked_and_taken_apart_from_both_pages(desk, stage):
    fault_id, case = made(stage), stage.case(CaseStatus.ASSIGNED)
    page = f"{ALL}/{fault_id}"
    desk.get(case.path)
    values = {"case_id": str(case.id), "fault_id": str(fault_id)}
    assert desk.post(f"{ALL}/koppla", {**values, "why": ""}).status_code == 422
    assert "Skriv kort varför." in said(desk)
    assert desk.post(f"{ALL}/koppla", {**values, "why": WHY}).status_code == 200
    assert "är kopplat till systemfel" in said(desk)

    def link_id(_cast):
        return db.session.scalars(select(FaultCase.id).where(FaultCase.unlinked_at.is_(None))).one()

    remove = f"{page}/arenden/{stage.ask(link_id)}/ta-bort"
    assert f'action="{remove}"' in desk.text
    assert desk.post(remove, {"why": "Något annat.", "back": "case"}, form="unlink").status_code == 200
    assert desk.last.request.path == case.path
    desk.get(page)
    assert "Något annat." in said(desk)
    assert desk.post(f"{page}/arenden", {"number": case.number, "why": WHY}, form="link").status_code == 200
    remove = f"{page}/arenden/{stage.ask(link_id)}/ta-bort"
    assert desk.post(remove, {"why": ""}, form="unlink").status_code == 422
    assert desk.post(remove, {"why": "Igen."}, form="unlink").status_code == 200
    assert kinds(stage)[1:] == ["fault.case_linked", "fault.case_unlinked"] * 2


def test_the_owner_reads_it_and_takes_no_step(desk, new_visitor, stage):
    fault_id, cases = shown_by(stage)
    page = f"{ALL}/{fault_id}"
    unit_id = stage.ask(lambda cast: cast.unit("Försäkringskassan").id)
    desk.get(page)
    assert desk.post(f"{page}/agare", {"owner": "99999"}, form="owner").status_code == 422
    assert desk.post(f"{page}/agare", {"owner": str(unit_id)}, form="owner").status_code == 200
    owner, director, stranger = (new_visitor() for _person in range(3))
    owner.sign_in("chef.fk")
    assert owner.get(page).status_code == 200
    director.sign_in("forbundschef")
    assert director.get(page).status_code == 200
    for person in (owner, director):
        assert "/steg/" not in person.text
        assert 'name="owner-' not in person.text
    number = stage.look(cases[0]).number
    assert number in director.text
    assert number not in owner.text, "another unit's cases are a number"
    assert "Det finns också ärenden som du inte ser" in said(owner)
    assert owner.get(ALL).status_code == 404
    assert owner.post(f"{page}/steg/lift", {}, form="lift").status_code == 404
    stranger.sign_in("chef.af")
    assert stranger.get(page).status_code == 404


@pytest.mark.parametrize(("part", "slug"), [("samordnare", ELSEWHERE), ("chef.af", ELSEWHERE)])
def test_p15_who_works_elsewhere_finds_no_such_pages(new_visitor, stage, part, slug):
    fault_id, _cases = shown_by(stage, 1)
    person = new_visitor()
    person.sign_in(part, slug)
    for path in ("", "/nytt", f"/{fault_id}", f"/{fault_id}/beskriv", f"/{fault_id}/beratta"):
        assert person.get(f"{ALL}{path}").status_code == 404
        assert person.get(f"/systemfel/{slug}/{fault_id}{path if path == '/beskriv' else ''}").status_code == 404


def test_reporters_are_told_in_two_steps_and_read_it_on_their_page(desk, new_visitor, stage):
    fault_id, (told, shut, left) = shown_by(stage, 3)
    path = f"{ALL}/{fault_id}/beratta"
    desk.get(f"{ALL}/{fault_id}")
    assert f'href="{path}"' in desk.text
    desk.get(path)
    assert desk.text.count("Anmälaren får ett mejl.") == 3
    assert re.findall(r'<input[^>]*checked[^>]*name="case\d+-(\w+)"', desk.text) == ["tell"] * 3, "and nobody's case"
    versions = dict(re.findall(r'name="case(\d+)-version"[^>]*value="(\d+)"', desk.text))
    assert desk.post(path, {}).status_code == 422
    assert "Välj minst en som ska få veta." in said(desk)
    values = {f"case{case}-version": versions[str(case)] for case in (told, shut, left)}
    values |= {"sv-text": "Nu finns ett möte.", f"case{told}-tell": "y"}
    values |= {f"case{shut}-tell": "y", f"case{shut}-text": "Nu finns ett möte.\nTack.", f"case{shut}-close": "y"}
    assert desk.post(path, {**values, "sv-text": ""}).status_code == 422
    assert "Skriv vad de som anmälde ska få läsa." in said(desk)
    assert desk.post(path, {**values, f"case{left}-close": "y"}).status_code == 422
    assert "Kryssa också i att berätta" in said(desk)
    assert desk.post(path, values).status_code == 200
    assert "Inget har skickats ännu." in said(desk)
    assert "Ärendet avslutas som lyft till systemfel" in said(desk)
    assert stage.ask(lambda _cast: db.session.scalars(select(FaultNews.id)).all()) == []
    assert desk.post(path, {**values, "edit": "1"}).status_code == 200
    assert "Nu finns ett möte." in said(desk)
    desk.post(path, values)
    values["version"] = re.search(r'name="version"[^>]*value="(\d+)"', desk.text).group(1)
    for words in ("Anmälarna i 2 ärenden får veta.", "Fick veta redan"):
        assert desk.post(f"{path}/skicka", values).status_code == 200
        assert words in said(desk)
    statuses = stage.ask(lambda _cast: {row.id: row.status for row in db.session.scalars(select(Case))})
    assert statuses == {told: CaseStatus.ASSIGNED, shut: CaseStatus.CLOSED, left: CaseStatus.ASSIGNED}
    codes = stage.ask(
        lambda _cast: {
            row.id: receipt_code(row.federation_id, row.report.submission_id)
            for row in db.session.scalars(select(Case))
        }
    )
    for case, headings in ((told, 1), (shut, 0), (left, 0)):
        reporter = new_visitor()
        reporter.get("/kvitto")
        reporter.post("/kvitto", {"code": codes[case]})
        assert said(reporter).count("Nytt om det du anmälde") == headings
        assert ("Nu finns ett möte." in said(reporter)) == (case != left)


def test_the_number_of_questions_does_not_grow_with_what_is_shown(app, stage, cast):
    few, _cases = with_cases(cast, 1)
    many, _more = with_cases(cast, 6)
    with transaction():
        for _number in range(4):
            service.link_case(cast.coordinator, many, cast.report(), WHY)

    def asked(question) -> int:
        statements = []

        def note(*_args) -> None:
            statements.append(1)

        db.session.expire_all()
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            question()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    with app.test_request_context(f"/systemfel/{HOME}"):
        office = cast.coordinator
        counts = [asked(lambda fault=fault: fault_page.values(office, fault, {})) for fault in (few, many)]
    assert counts[1] <= counts[0] + 2, counts
