"""The steps on a duty through the pages: status × who, what is kept of a form that was refused, and conflicts."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.cases.dialogue import Note, Proposal, Question
from lexheller.cases.models import Answer, Case, Duty
from lexheller.cases.queries import draft_of, duties
from lexheller.cases.states import LIVE, TRANSITIONS, CaseStatus, DutyStatus, Who
from lexheller.casework import asking
from lexheller.casework.duty_forms import TAKEN_AS, DutyStep
from lexheller.core.db import db
from tests.cast.people import ELSEWHERE
from tests.cast.traces import BY_LOOKING, everything
from tests.integration.casework.duty_stage import FILLED, WRITTEN, duty_of, mails, two_parties

HAS_DUTY = [CaseStatus.ASSIGNED, CaseStatus.ACCEPTED, CaseStatus.COLLECTED, CaseStatus.ANSWERED, CaseStatus.CLOSED]
BY_OFFICE = {DutyStep.EXTEND, DutyStep.REVOKE_LINK, DutyStep.WITHDRAW}
NUMBER = "811218-9876"


def send(person, case, duty, step, *, button=None, **changes):
    """Send the form of that step as it stands on the page of the version that `duty` was read at."""
    person.get("/kvitto")
    more = {button: "1"} if button else {}
    return person.post(duty.path(case, step), {**duty.values(step, **changes), **more}, follow=False)


def prepared(stage, case, duty, step):
    """What has to be there for the step to mean something: a question that waits, a colleague's link."""
    if step is DutyStep.TAKE_BACK_QUESTION:

        def ask(cast):
            row, own = db.session.get_one(Case, case.id), db.session.get_one(Duty, duty.id)
            asking.ask_reporter(cast.manager_of(own), row, "När hände det?", duty=own, seen=row.version)

        stage.ask(ask)
    return duty_of(stage, case)


@pytest.mark.parametrize("status", HAS_DUTY)
def test_p12_each_step_is_open_to_the_responsible_manager_as_the_table_says(stage, new_visitor, status):
    manager = new_visitor()
    manager.sign_in("chef.af")
    for step in set(DutyStep) - {DutyStep.REVOKE_LINK, DutyStep.WITHDRAW}:
        case = stage.case(status)
        duty = duty_of(stage, case, -2 if status is CaseStatus.COLLECTED else -1)
        if duty.status in LIVE:
            duty = prepared(stage, case, duty, step)
        transition = TRANSITIONS[TAKEN_AS[step]]
        allowed = Who.RESPONSIBLE in transition.who and status in transition.from_statuses and duty.status in LIVE
        allowed = allowed and (not transition.duty_from or DutyStatus(duty.status) in transition.duty_from)
        before = stage.look(case.id)
        answer = send(manager, case, duty, step)
        assert answer.status_code == (302 if allowed else 409), (status, step)
        if not allowed:
            assert stage.look(case.id) == before


@pytest.mark.parametrize("status", [CaseStatus.ASSIGNED, CaseStatus.ANSWERED])
@pytest.mark.parametrize(
    ("part", "slug"),
    [
        ("samordnare", None),
        ("forbundschef", None),
        ("chef.fk", None),
        ("samordnare", ELSEWHERE),
        ("chef.af", ELSEWHERE),
        ("", None),
    ],
)
def test_p15_p17_others_find_no_door_and_the_office_its_own(app, stage, new_visitor, status, part, slug):
    case = stage.case(status)
    duty = duty_of(stage, case)
    person = new_visitor()
    if part:
        person.sign_in(part, *([slug] if slug else []))
    before = everything(app, but=BY_LOOKING) if not part else None
    for step in DutyStep:
        if part == "samordnare" and slug is None and step in BY_OFFICE:
            continue
        answer = send(person, case, duty, step)
        assert answer.status_code == (404 if part else 401), (part, slug, step)
    assert stage.look(case.id) == case
    assert stage.ask(lambda _cast: db.session.scalars(select(Note)).all()) == []
    assert before is None or everything(app, but=BY_LOOKING) == before


def test_p15_a_manager_of_another_unit_in_the_case_cannot_take_its_steps(stage, new_visitor):
    case, of_af, of_fk = two_parties(stage)
    manager = new_visitor()
    manager.sign_in("chef.af")
    for step in set(DutyStep) - {DutyStep.WITHDRAW}:
        assert send(manager, case, of_fk, step).status_code in {404, 409}, step
        assert send(manager, case, of_fk, step, version="", text="", reason="").status_code in {404, 409}, step
    assert duty_of(stage, case, -1) == of_fk
    assert send(manager, case, of_af, DutyStep.ANSWER).status_code == 302


def test_the_office_gives_more_time_and_takes_the_question_back(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    office = new_visitor()
    office.sign_in("samordnare")
    assert send(office, case, duty, DutyStep.EXTEND, days="15").status_code == 302
    longer = duty_of(stage, case)
    assert longer.due_on > duty.due_on
    assert send(office, case, longer, DutyStep.WITHDRAW).status_code == 302
    assert duty_of(stage, case).status == DutyStatus.WITHDRAWN
    assert stage.look(case.id).status == CaseStatus.UNROUTED


def test_p13_the_same_duty_edited_twice_is_a_conflict_with_the_text_kept(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    first, second = new_visitor(), new_visitor()
    for person in (first, second):
        person.sign_in("chef.af")
    assert send(first, case, duty, DutyStep.ANSWER, button="save").status_code == 302
    lost = send(second, case, duty, DutyStep.ANSWER, steps_taken="Min egen <b>text</b>.")
    assert lost.status_code == 409
    assert "Min egen <b>text</b>." in html.unescape(second.text)
    assert stage.ask(lambda _cast: draft_of(duty.id).steps_taken) == WRITTEN


def test_p13_two_parties_answer_at_the_same_time_without_a_conflict(stage, new_visitor):
    case, of_af, of_fk = two_parties(stage)
    for part, duty in (("chef.af", of_af), ("chef.fk", of_fk)):
        person = new_visitor()
        person.sign_in(part)
        assert send(person, case, duty, DutyStep.ANSWER).status_code == 302
    assert stage.look(case.id).status == CaseStatus.COLLECTED


def test_p23_an_identity_number_reaches_nothing_and_the_rest_is_kept(app, stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    manager = new_visitor()
    manager.sign_in("chef.af")
    texts = {
        DutyStep.ANSWER: ["cause", "steps_taken", "consequence", "follow_up"],
        DutyStep.SEND_BACK: ["reason"],
        DutyStep.EXTEND: ["reason"],
        DutyStep.ASK: ["text"],
        DutyStep.DELEGATE: ["name"],
        DutyStep.PROPOSE: ["why"],
        DutyStep.NOTE: ["text"],
    }
    for step, names in texts.items():
        for name in names:
            for button in (None, "save", "preview"):
                answer = send(manager, case, duty, step, button=button, **{name: f"Gäller {NUMBER} hos oss."})
                assert answer.status_code == 422, (step, name, button)
                assert "hos oss." in manager.text
    assert stage.look(case.id) == case
    assert NUMBER not in everything(app)


@pytest.mark.parametrize(
    ("step", "changes", "words"),
    [
        (DutyStep.ANSWER, {"steps_taken": "", "cause": "Vi vet inte."}, "Berätta vad ni har gjort eller ska göra."),
        (DutyStep.EXTEND, {"days": "11", "reason": "Semester."}, "Så många dagar går det inte att lägga till."),
        (DutyStep.EXTEND, {"days": "tio", "reason": "Semester."}, "Skriv ett antal dagar med siffror"),
        (DutyStep.EXTEND, {"days": "9" * 400, "reason": "Semester."}, "Skriv ett antal dagar med siffror"),
        (DutyStep.EXTEND, {"days": "9" * 5000, "reason": "Semester."}, "Skriv ett antal dagar med siffror"),
        (DutyStep.SEND_BACK, {"reason": ""}, "Skriv kort varför"),
        (DutyStep.SEND_BACK, {"reason": "Fel.", "proposed_unit": "999999"}, "Välj något av alternativen."),
        (DutyStep.DELEGATE, {"email": "kim"}, "Adressen ser inte hel ut."),
        (DutyStep.PROPOSE, {"kind": "theme", "why": "Bemötande."}, "Välj vilket tema du föreslår."),
        (DutyStep.PROPOSE, {"kind": "else"}, "Välj något av alternativen."),
        (DutyStep.NOTE, {"text": ""}, "Skriv något i anteckningen."),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_the_text_is_kept(stage, new_visitor, step, changes, words):
    case = stage.case()
    duty = duty_of(stage, case)
    manager = new_visitor()
    manager.sign_in("chef.af")
    assert send(manager, case, duty, step, **changes).status_code == 422
    assert words in manager.text
    for name in {"cause", "reason", "why", "email"} & changes.keys():
        assert changes[name] in manager.text
    assert stage.look(case.id) == case


def test_a_manager_extends_once_and_not_when_it_is_late(stage, new_visitor):
    case = stage.case()
    manager = new_visitor()
    manager.sign_in("chef.af")
    assert send(manager, case, duty_of(stage, case), DutyStep.EXTEND).status_code == 302
    again = send(manager, case, duty_of(stage, case), DutyStep.EXTEND)
    assert again.status_code == 409
    assert "Den som vet är på semester." in manager.text


def test_a_draft_goes_on_when_the_unit_gets_the_case_again(stage, new_visitor):
    case, of_af, of_fk = two_parties(stage)
    af, fk = new_visitor(), new_visitor()
    af.sign_in("chef.af")
    fk.sign_in("chef.fk")
    send(af, case, of_af, DutyStep.ANSWER, button="save", steps_taken="Ett första utkast.")
    send(fk, case, of_fk, DutyStep.ANSWER, button="save", steps_taken="Kassans utkast.")
    stage.ask(lambda cast: cast.ask_two(db.session.get_one(Case, case.id)))
    af.get(case.path)
    assert "Ett första utkast.</textarea>" in af.text
    assert "Det här började ni skriva förra gången" in af.text
    assert "Kassans utkast." not in af.text
    again = duty_of(stage, case, -2)
    send(af, case, again, DutyStep.ANSWER, button="save", steps_taken="Ett nytt utkast.")
    af.get(case.path)
    assert "Ett nytt utkast.</textarea>" in af.text
    assert "Det här började ni skriva förra gången" not in af.text
    send(af, case, duty_of(stage, case, -2), DutyStep.ANSWER, steps_taken="Svaret.")
    stage.ask(lambda cast: cast.ask_two(db.session.get_one(Case, case.id)))
    af.get(case.path)
    assert "utkast.</textarea>" not in af.text, "the answer was given then"


def test_drafts_and_notes_are_seen_by_those_of_the_unit_alone(stage, new_visitor):
    case, of_af, of_fk = two_parties(stage)
    af = new_visitor()
    af.sign_in("chef.af")
    send(af, case, of_af, DutyStep.ANSWER, button="save", steps_taken="Ett första utkast.")
    send(af, case, duty_of(stage, case, -2), DutyStep.NOTE, text="Bara vi på kontoret.")
    sees = {}
    for part in ("chef.af", "chef.fk", "samordnare", "forbundschef"):
        person = new_visitor()
        person.sign_in(part)
        person.get(case.path)
        sees[part] = ("Ett första utkast." in person.text, "Bara vi på kontoret." in person.text)
    assert sees["chef.af"] == (True, True)
    assert sees["chef.fk"] == (False, False)
    assert sees["samordnare"][0] is sees["forbundschef"][0] is False
    other = new_visitor()
    other.get(of_fk.link())
    assert "Ett första utkast." not in other.text
    assert "Bara vi på kontoret." not in other.text


def test_p7_no_mail_carries_what_was_written(app, stage, new_visitor):
    case = stage.case()
    manager = new_visitor()
    manager.sign_in("chef.af")
    for step in (DutyStep.ASK, DutyStep.DELEGATE, DutyStep.PROPOSE, DutyStep.NOTE, DutyStep.EXTEND, DutyStep.ANSWER):
        assert send(manager, case, duty_of(stage, case), step).status_code == 302, step
        stage.work()
    sent = mails(app)
    to_colleague = [mail for mail in sent if "kim.berg@sodra-vatterbygden.example" in mail["To"]]
    assert len(to_colleague) == 1
    assert "/svar/" in to_colleague[0].get_content()
    written = [text for step in DutyStep for text in FILLED[step].values() if " " in text and text != "Kim Berg"]
    assert len(written) > 4
    for mail in sent:
        for text in written:
            assert text not in mail["Subject"] + mail.get_content()


def test_a_colleague_at_another_place_gets_a_link_only_when_the_address_has_been_seen_again(app, stage, new_visitor):
    case = stage.case()
    manager = new_visitor()
    manager.sign_in("chef.af")
    duty = duty_of(stage, case)
    before = everything(app, but=BY_LOOKING)
    slip = {"email": "kim.berg@sodra-vatterbygen.example"}
    assert send(manager, case, duty, DutyStep.DELEGATE, **slip).status_code == 200
    assert "Ni brukar inte ha adresser som kim.berg@sodra-vatterbygen.example" in manager.text
    assert 'name="read" value="kim.berg@sodra-vatterbygen.example"' in manager.text
    assert everything(app, but=BY_LOOKING) == before
    filled = {**duty.values(DutyStep.DELEGATE, **slip), "read": "somebody.else@sodra-vatterbygen.example"}
    assert manager.post(duty.path(case, DutyStep.DELEGATE), filled, follow=False).status_code == 200
    filled = {**filled, "read": slip["email"]}
    assert manager.post(duty.path(case, DutyStep.DELEGATE), filled, follow=False).status_code == 302


def test_a_preview_shows_the_mails_and_changes_nothing(app, stage, new_visitor):
    case = stage.case()
    manager = new_visitor()
    manager.sign_in("chef.af")
    duty = duty_of(stage, case)
    before = everything(app, but=BY_LOOKING)
    for step in (DutyStep.ANSWER, DutyStep.ASK, DutyStep.DELEGATE, DutyStep.SEND_BACK):
        shown = send(manager, case, duty, step, button="preview")
        assert shown.status_code == 200
        assert "Inget är skickat än." in manager.text
        assert "Mejl till" in manager.text
        assert "anmalare@habo.example" not in manager.text
        assert send(manager, case, duty, step, button="edit").status_code == 200
        assert any(text in manager.text for text in duty.values(step).values() if len(text) > 5)
    assert everything(app, but=BY_LOOKING) == before


def test_each_step_leaves_one_event_and_what_it_says(stage, new_visitor):
    case = stage.case()
    manager = new_visitor()
    manager.sign_in("chef.af")
    for step, table in ((DutyStep.ASK, Question), (DutyStep.PROPOSE, Proposal), (DutyStep.NOTE, Note)):
        before = stage.ask(lambda _cast: db.session.query(Event).count())
        assert send(manager, case, duty_of(stage, case), step).status_code == 302
        assert stage.ask(lambda _cast: db.session.query(Event).count()) == before + 1
        assert stage.ask(
            lambda _cast, table=table: db.session.query(table).one().duty_id if table is not Note else True
        )


def test_sent_back_with_a_reason_and_a_proposed_unit(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    proposed = stage.ask(lambda cast: cast.unit("Försäkringskassan").id)
    elsewhere = stage.ask(lambda cast: cast.unit("Försäkringskassan", ELSEWHERE).id)
    manager = new_visitor()
    manager.sign_in("chef.af")
    assert send(manager, case, duty, DutyStep.SEND_BACK, proposed_unit=str(elsewhere)).status_code == 422
    assert send(manager, case, duty, DutyStep.SEND_BACK, proposed_unit=str(proposed)).status_code == 302
    row = stage.ask(lambda _cast: [(r.return_reason, r.proposed_unit_id) for r in duties(case.id)])
    assert row == [("Det gäller ett annat kontor.", proposed)]
    assert stage.look(case.id).status == CaseStatus.UNROUTED


def test_a_manager_takes_back_only_the_own_question(stage, new_visitor):
    case, _, of_fk = two_parties(stage)

    def ask(cast):
        row, own = db.session.get_one(Case, case.id), db.session.get_one(Duty, of_fk.id)
        asking.ask_reporter(cast.manager_of(own), row, "När hände det?", duty=own, seen=row.version)

    stage.ask(ask)
    for part, position, status in (("chef.af", -2, 404), ("chef.fk", -1, 302)):
        person = new_visitor()
        person.sign_in(part)
        answer = send(person, case, duty_of(stage, case, position), DutyStep.TAKE_BACK_QUESTION)
        assert answer.status_code == status, part


def test_a_party_does_not_read_anothers_answer_before_it_is_shared(stage, new_visitor):
    case, of_af, of_fk = two_parties(stage)
    af = new_visitor()
    af.sign_in("chef.af")
    send(af, case, of_af, DutyStep.ANSWER)
    assert stage.ask(lambda _cast: db.session.query(Answer).one().shared_at) is None
    other = new_visitor()
    assert WRITTEN not in other.get(of_fk.link()).get_data(as_text=True)
