"""The case page: who sees what, which forms stand where, errors at their field, a fixed number of queries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from lexheller.accounts.rights import SYSTEM
from lexheller.cases.dialogue import ProposalKind
from lexheller.cases.labels import CLOSE_REASON, DUTY_STATUS, EVENT, STATUS, STEP
from lexheller.cases.models import Case
from lexheller.cases.queries import contact_of, duties
from lexheller.cases.reporter_link import token_for
from lexheller.cases.states import BEGINNINGS, TRANSITIONS, CaseStatus, CloseReason, DutyStatus, Step
from lexheller.casework import answering, asking, beside, describing, sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.service import recalculate
from lexheller.messaging.models import Message, MessageStatus
from lexheller.organisations.models import ClosedDay, StandardText
from tests.cast.people import ELSEWHERE, HOME

XSS = "<script>alert(1)</script>"


@pytest.fixture
def coordinator(new_visitor):
    person = new_visitor()
    person.sign_in("samordnare")
    return person


def row(case_id: int) -> Case:
    return db.session.get_one(Case, case_id)


def test_every_code_of_the_record_has_words():
    assert set(Step) == set(STEP)
    assert set(CaseStatus) == set(STATUS)
    assert set(DutyStatus) == set(DUTY_STATUS)
    assert set(CloseReason) == set(CLOSE_REASON)
    events = {transition.event for transition in TRANSITIONS.values()} | set(BEGINNINGS)
    assert events - set(EVENT) == set()
    beside_it = {"case.contact_opened", "case.reporter_link_closed", "duty.reminded", "duty.overdue", "duty.escalated"}
    assert beside_it <= set(EVENT)


@pytest.mark.parametrize("status", list(CaseStatus))
def test_the_page_is_drawn_in_every_status_for_everybody_who_may_see_it(stage, new_visitor, status):
    case = stage.case(status)
    for part in ("samordnare", "forbundschef"):
        person = new_visitor()
        person.sign_in(part)
        assert person.get(case.path).status_code == 200
    manager = new_visitor()
    manager.sign_in("chef.af")
    unasked = {CaseStatus.RECEIVED, CaseStatus.UNROUTED}
    assert manager.get(case.path).status_code == (404 if status in unasked else 200)
    for part, slug in (("samordnare", ELSEWHERE), ("chef.af", ELSEWHERE)):
        outsider = new_visitor()
        outsider.sign_in(part, slug)
        assert outsider.get(case.path).status_code == 404


@pytest.mark.parametrize("status", list(CaseStatus))
def test_the_director_reads_and_has_no_form(stage, new_visitor, status):
    case = stage.case(status)
    director = new_visitor()
    director.sign_in("forbundschef")
    director.get(case.path)
    forms = re.findall(r'action="([^"]+)"', director.text)
    assert [path for path in forms if path.startswith("/arenden/")] == []


@pytest.mark.parametrize(
    ("status", "first"),
    [
        (CaseStatus.UNROUTED, "/fordela"),
        (CaseStatus.COLLECTED, "/gemensamt-svar"),
        (CaseStatus.ANSWERED, "/avsluta"),
        (CaseStatus.ASSIGNED, "/paminn"),
    ],
)
def test_what_is_to_be_done_now_stands_first(stage, coordinator, status, first):
    case = stage.case(status)
    coordinator.get(case.path)
    forms = [path for path in re.findall(r'action="([^"]+)"', coordinator.text) if path.startswith(case.path)]
    assert forms[0].endswith(first)


def test_p22_texts_of_people_are_text_everywhere(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED, what_happened=XSS, proposal=XSS, consequence=XSS, done_at_once=XSS)

    def say(cast):
        case_row = row(case.id)
        duty = cast.duty(case_row)
        manager, office = cast.manager_of(duty), cast.coordinator
        beside.write_note(office, case_row, XSS)
        beside.propose(manager, case_row, duty, ProposalKind.SYSTEM_FAULT, theme=None, why=XSS)
        answering.extend(office, case_row, duty, 5, XSS, seen=duty.version)
        asking.ask_reporter(office, case_row, XSS, seen=case_row.version)
        describing.share_summary(office, case_row, XSS, seen=case_row.version)
        db.session.add(
            StandardText(federation_id=case_row.federation_id, step="note", title=XSS, text=f'"{XSS}', position=0)
        )

    stage.ask(say)
    coordinator.get(case.path)
    assert coordinator.last.status_code == 200
    assert XSS not in coordinator.text
    assert coordinator.text.count("&lt;script&gt;") >= 9


def count_queries(stage, person, path: str) -> int:
    """Statements of one look at the page, less the opening of its transaction."""
    found: list[str] = []
    with stage.app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert person.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([statement for statement in found if statement.lstrip().upper().startswith(("SELECT", "WITH"))])


def test_the_number_of_queries_does_not_grow_with_what_has_happened(stage, coordinator):
    """Everything once, then everything several times: the page asks the database as often."""
    case = stage.case(CaseStatus.ASSIGNED)

    def live_through(cast):
        case_row, office = row(case.id), cast.coordinator
        sending.assign(office, case_row, [cast.unit("Arbetsförmedlingen")], seen=case_row.version)
        duty = cast.duty(case_row)
        answering.extend(office, case_row, duty, 1, "Mer tid.", seen=duty.version)
        beside.write_note(office, case_row, "Anteckning.")
        beside.propose(cast.manager_of(duty), case_row, duty, ProposalKind.SYSTEM_FAULT, theme=None, why="Ofta.")
        beside.open_contact(office, case_row, "Behöver ringa.")
        question = asking.ask_reporter(office, case_row, "Vilket kontor?", seen=case_row.version)
        asking.withdraw_question(office, case_row, question, seen=case_row.version)

    def more_parties(cast):
        case_row, office = row(case.id), cast.coordinator
        for name in ("Försäkringskassan", "Habo kommun", "Mullsjö kommun"):
            sending.add_party(office, case_row, cast.unit(name), seen=case_row.version)

    stage.ask(live_through)
    coordinator.get(case.path)  # the first look is noted in the log of readings
    once = count_queries(stage, coordinator, case.path)
    for _ in range(3):
        stage.ask(live_through)
    stage.ask(more_parties)
    assert count_queries(stage, coordinator, case.path) == once
    assert once < 70


def test_p11_the_page_lists_each_day_with_its_reason(stage, new_visitor):
    coordinator = new_visitor()
    with clock.at(datetime(2026, 12, 14, 9, tzinfo=UTC)):
        coordinator.sign_in("samordnare")

        def close_a_day(cast):
            note = ClosedDay(federation_id=cast.federation().id, day=datetime(2026, 12, 18).date(), note="Städdag")
            db.session.add(note)

        stage.ask(close_a_day)
        case = stage.case(CaseStatus.ASSIGNED)
        coordinator.get(case.path)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", coordinator.text))
    assert "15 december 2026: arbetsdag 1 " in words.replace("  ", " ")
    assert "18 december 2026: förbundet stängt: Städdag" in words
    assert "19 december 2026: helg" in words
    assert "24 december 2026: helgdag: Julafton" in words
    assert re.search(r"januari 2027: arbetsdag 20, sista svarsdag", words)
    first, last = datetime(2026, 12, 15), datetime(2027, 1, 15)
    days = len(re.findall(r"day-table__day day-table__day--", coordinator.text))
    assert days >= (last - first).days


def test_a_moved_due_date_stands_in_the_history_with_old_and_new_day(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)

    def move(cast):
        federation_id = cast.federation().id
        duty = cast.duty(row(case.id))
        before = duty.due_on
        day = before - timedelta(days=7)
        db.session.add(ClosedDay(federation_id=federation_id, day=day, note="Flytt"))
        db.session.flush()
        assert recalculate(SYSTEM, federation_id) == 1
        return before, duty.due_on

    before, after = stage.ask(move)
    assert after > before
    coordinator.get(case.path)
    assert "Sista svarsdag flyttades" in coordinator.text
    assert re.search(rf"Från {before.day} \w+\.? {before.year} till {after.day} \w+\.? {after.year}", coordinator.text)


def test_the_timeline_folds_what_is_old_and_says_nothing_that_somebody_wrote(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)

    def write(cast):
        for number in range(15):
            beside.write_note(cast.coordinator, row(case.id), f"Hemlig text {number}")

    stage.ask(write)
    coordinator.get(case.path)
    history = coordinator.text.split('id="history-heading"')[1]
    assert "5 tidigare händelser" in history
    assert history.count('class="timeline__entry"') == 17
    assert "Hemlig text" not in history


def test_the_manager_sees_nothing_of_the_offices_own(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)

    def write(cast):
        beside.write_note(cast.coordinator, row(case.id), "Bara för kansliet.")
        beside.open_contact(cast.coordinator, row(case.id), "Skälet är hemligt.")
        describing.share_summary(cast.coordinator, row(case.id), "Kort sammanfattning.", seen=row(case.id).version)

    stage.ask(write)
    manager = new_visitor()
    manager.sign_in("chef.af")
    manager.get(case.path)
    for secret in (
        "Bara för kansliet",
        "Skälet är hemligt",
        "Kort sammanfattning",
        "anmalare@habo.example",
        "Anmälarens adress visades",
        "En intern anteckning skrevs",
        "Vem som anmälde",
    ):
        assert secret not in manager.text
    assert f'action="{case.path}/avsluta"' not in manager.text


@pytest.mark.parametrize(
    ("path", "form", "fields", "kept"),
    [
        ("avsluta", "close", {"reason": "solved", "conclusion": "Gäller 19811228-9874 som väntade."}, "som väntade."),
        ("avsluta", "close", {"conclusion": "Utan skäl."}, "Utan skäl."),
        ("avsluta", "close", {"reason": "handed_over", "conclusion": "Valt för hand."}, "Valt för hand."),
        ("fraga", "ask_reporter", {"text": "Gäller 19811228-9874?"}, "Gäller"),
        ("anteckning", "write_note", {"text": "Gäller 19811228-9874."}, "Gäller"),
        ("visa-for-andra", "share_summary", {"summary": "Gäller 19811228-9874."}, "Gäller"),
        ("overlamna", "offer_handover", {"to": "", "reason": "Hör dit.", "text_to_reporter": "Hej."}, "Hör dit."),
        ("sla-ihop", "merge", {"number": "2026:11 / 999"}, "2026:11 / 999"),
        ("fordela", "assign", {}, ""),
        ("fraga-en-till", "add_party", {"unit": "999999"}, ""),
    ],
)
def test_p02_p23_what_is_refused_is_said_at_its_field_and_the_text_kept(stage, coordinator, path, form, fields, kept):
    case = stage.case(CaseStatus.ASSIGNED)
    coordinator.get(case.path)
    answer = coordinator.post(f"{case.path}/{path}", fields, form=form)
    assert answer.status_code == 422
    assert "error-summary" in coordinator.text
    assert kept in coordinator.text
    assert stage.look(case.id) == case


def test_p13_a_step_on_what_has_changed_is_a_conflict_with_the_text_kept(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)
    coordinator.get(case.path)

    def change(cast):
        case_row = row(case.id)
        describing.share_summary(cast.coordinator, case_row, "Nytt.", seen=case_row.version)

    stage.ask(change)
    answer = coordinator.post(f"{case.path}/fraga", {"text": "Vilket kontor <b>var</b> det?"}, form="ask_reporter")
    assert answer.status_code == 409
    assert "Vilket kontor &lt;b&gt;var&lt;/b&gt; det?" in coordinator.text
    assert stage.ask(lambda _cast: asking.open_question(case.id)) is None


def test_standard_texts_begin_a_form_without_javascript(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)

    def add(cast):
        text = StandardText(
            federation_id=cast.federation().id, step="question", title="Vilket kontor", text="Vilket kontor var det?"
        )
        other = StandardText(
            federation_id=cast.federation(ELSEWHERE).id, step="question", title="Andras", text="Andras text."
        )
        db.session.add_all([text, other])
        db.session.flush()
        return text.id, other.id

    mine, theirs = stage.ask(add)
    coordinator.get(case.path)
    assert f"?standard={mine}&amp;step=question#fraga" in coordinator.text
    assert "Andras" not in coordinator.text
    coordinator.get(f"{case.path}?standard={mine}&step=question")
    assert "Vilket kontor var det?</textarea>" in coordinator.text
    for odd in (f"standard={theirs}&step=question", f"standard={mine}&step=note", "standard=x&step=x", "step=close"):
        coordinator.get(f"{case.path}?{odd}")
        assert coordinator.last.status_code == 200
        assert "kontor var det?</textarea>" not in coordinator.text
        assert "Andras text" not in coordinator.text


def test_wrong_door_begins_with_a_pointer_to_the_own_routine(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)
    coordinator.get(f"{case.path}?standard=own-routine&step=close")
    assert "rutin för avvikelser" in coordinator.text
    conclusion = re.search(r'name="close-conclusion"[^>]*>\s*([^<]+)</textarea>', coordinator.text)[1]
    radio = re.search(r'<input[^>]*value="wrong_door"[^>]*>', coordinator.text)[0]
    assert "checked" in radio
    fields = {"reason": "wrong_door", "conclusion": conclusion}
    coordinator.post(f"{case.path}/avsluta", fields, form="close")
    found = stage.ask(lambda _cast: (row(case.id).status, row(case.id).close_reason))
    assert found == (CaseStatus.CLOSED, CloseReason.WRONG_DOOR)


def test_the_address_is_shown_once_with_a_reason_and_the_opening_is_noted(stage, coordinator, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED, stay_unknown=True)
    address = "anmalare@habo.example"
    coordinator.get(case.path)
    assert address not in coordinator.text
    assert coordinator.post(f"{case.path}/visa-adress", {"reason": ""}, form="open_contact").status_code == 422
    assert address not in coordinator.text
    shown = coordinator.post(f"{case.path}/visa-adress", {"reason": "Måste ringa <i>nu</i>."}, form="open_contact")
    assert shown.status_code == 200
    assert address in coordinator.text
    coordinator.get(case.path)
    assert address not in coordinator.text
    assert "Måste ringa &lt;i&gt;nu&lt;/i&gt;." in coordinator.text
    assert "Anmälarens adress visades" in coordinator.text
    director = new_visitor()
    director.sign_in("forbundschef")
    director.get(case.path)
    assert director.post(f"{case.path}/visa-adress", {"reason": "Vill veta."}).status_code == 404


def test_p06_p07_the_office_closes_the_reporters_link_with_a_reason(stage, coordinator, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)

    def link_and_mail(cast):
        case_row = row(case.id)
        asking.ask_reporter(cast.coordinator, case_row, "Vilket kontor?", seen=case_row.version)
        return f"/kvitto/lank/{token_for(contact_of(case_row.report_id))}"

    link = stage.ask(link_and_mail)
    assert new_visitor().get(link).status_code == 200
    coordinator.get(case.path)
    assert coordinator.post(f"{case.path}/stang-lank", {"reason": ""}, form="close_reporter_link").status_code == 422
    assert "Skriv kort varför." in coordinator.text
    coordinator.post(f"{case.path}/stang-lank", {"reason": "Adressen var en kollegas."}, form="close_reporter_link")
    for shown in ("Länken är stängd", "Anmälarens länk är stängd sedan", "Anmälarens länk stängdes"):
        assert shown in coordinator.text
    assert coordinator.text.count("Adressen var en kollegas.") == 1
    assert "/visa-adress" not in coordinator.text
    assert "/stang-lank" not in coordinator.text
    assert new_visitor().get(link).status_code == 404
    stage.work()

    def mails_after(_cast):
        query = db.select(Message.status).where(Message.kind == "casework.reporter_question")
        return [*db.session.scalars(query)]

    assert stage.ask(mails_after) == [MessageStatus.CANCELLED]


def test_p08_a_reminder_by_hand_goes_once_a_day(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)
    duty_id = stage.ask(lambda cast: cast.duty(row(case.id)).id)
    coordinator.get(case.path)
    coordinator.post(f"{case.path}/uppdrag/{duty_id}/paminn", {})
    assert "har fått en påminnelse" in coordinator.text
    coordinator.post(f"{case.path}/uppdrag/{duty_id}/paminn", {})
    assert "redan fått en påminnelse i dag" in coordinator.text
    assert coordinator.post(f"{case.path}/uppdrag/{duty_id + 999}/paminn", {}).status_code == 404


def test_a_proposal_is_taken_or_left(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)

    def propose(cast):
        duty = cast.duty(row(case.id))
        return beside.propose(
            cast.manager_of(duty), row(case.id), duty, ProposalKind.SYSTEM_FAULT, theme=None, why="Varje vecka."
        ).id

    proposal = stage.ask(propose)
    coordinator.get(case.path)
    assert "Varje vecka." in coordinator.text
    version = str(stage.look(case.id).version)
    path = f"{case.path}/forslag/{proposal}"
    coordinator.post(path, {"settle_proposal-version": version, "take": "1"})
    assert "Förslaget är godtaget" in coordinator.text
    assert "Varje vecka." not in coordinator.text
    again = {"settle_proposal-version": str(stage.look(case.id).version)}
    coordinator.post(path, again)
    assert "redan avgjort" in coordinator.text
    assert coordinator.post(f"{case.path}/forslag/{proposal + 99}", again).status_code == 404


def test_two_units_are_asked_at_once_and_each_gets_a_mail(stage, coordinator):
    case = stage.case(CaseStatus.UNROUTED)
    chosen = stage.ask(lambda cast: [cast.unit("Försäkringskassan").id, cast.unit("Habo kommun").id])
    coordinator.get(case.path)
    token = re.search(r'name="assign-csrf_token"[^>]*value="([^"]+)"', coordinator.text)[1]
    data = {"assign-csrf_token": token, "csrf_token": token, "assign-version": str(case.version)}
    answer = coordinator.client.post(
        f"{case.path}/fordela", data={**data, "assign-units": [str(unit) for unit in chosen]}, follow_redirects=True
    )
    assert "Skickat till 2 enheter" in answer.get_data(as_text=True)
    assert stage.ask(lambda _cast: sorted(duty.unit_id for duty in duties(case.id))) == sorted(chosen)


def test_a_returned_case_begins_with_the_unit_that_was_proposed(stage, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)

    def send_back(cast):
        duty = cast.duty(row(case.id))
        unit = cast.unit("Försäkringskassan", position=1)
        answering.send_back(
            cast.manager_of(duty), row(case.id), duty, "Hör till kassan.", proposed=unit, seen=duty.version
        )
        return unit.id

    unit_id = stage.ask(send_back)
    coordinator.get(case.path)
    assert "Hör till kassan." in coordinator.text
    checked = re.findall(r'name="assign-units" value="(\d+)" checked', coordinator.text)
    assert checked == [str(unit_id)]


def test_only_those_who_handle_cases_may_step(stage, new_visitor):
    """P17: the director and the manager get 404 at every step of the office's."""
    case = stage.case(CaseStatus.ASSIGNED)
    duty_id = stage.ask(lambda cast: cast.duty(row(case.id)).id)
    steps = [
        "fordela", "fraga-en-till", "gemensamt-svar", "fraga", "fraga/ta-tillbaka", "anteckning", "visa-for-andra",
        "visa-adress", "stang-lank", "uppgifter", "atgard", "forslag/1", "avsluta", "oppna-igen", "sla-ihop",
        "overlamna", "overlamna/ta-tillbaka", f"uppdrag/{duty_id}/paminn",
    ]  # fmt: skip
    for part, slug in (("forbundschef", HOME), ("chef.af", HOME), ("samordnare", ELSEWHERE)):
        person = new_visitor()
        person.sign_in(part, slug)
        for step in steps:
            person.get("/kvitto")
            assert person.post(f"{case.path}/{step}", {}).status_code == 404, (part, step)
    assert stage.look(case.id) == case
