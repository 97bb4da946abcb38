"""The page behind a mailed link: who it lets in and for how long, what it shows, and what it keeps to itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.audit.models import Event
from lexheller.cases.answer_link import actor_of, links_of, token_for
from lexheller.cases.dialogue import AnswerLink
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import draft_of
from lexheller.cases.states import CaseStatus, DutyStatus
from lexheller.casework import answering, beside, link_views, sending
from lexheller.casework.duty_forms import DutyStep
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import StepRefused
from lexheller.demo.data import address
from lexheller.intake.following import follow
from lexheller.intake.reporter_steps import say_not_solved
from lexheller.organisations.models import ResponsibleManager
from lexheller.organisations.service import ManagerDetails, appoint_manager
from lexheller.organisations.substitutes import add_substitution
from tests.cast.people import HOME
from tests.cast.traces import BY_LOOKING, everything
from tests.integration.casework.duty_stage import WRITTEN, duty_of, mails, token_of, two_parties

MANAGER = address("chef.af", HOME)
COLLEAGUE = "kim.berg@sodra-vatterbygden.example"
GONE = "Länken fungerar inte längre"


def send(person, duty, step, *, token=None, button=None, **changes):
    """Send the form of that step from the link's page."""
    path = f"/svar/{token}/{step.value}" if token else duty.link(step)
    person.get("/kvitto")
    more = {button: "1"} if button else {}
    return person.post(path, {**duty.values(step, **changes), **more}, follow=False)


def delegated(stage, case, duty) -> str:
    """The token of a colleague whom the manager asked to help."""

    def ask(cast):
        row, own = db.session.get_one(Case, case.id), db.session.get_one(Duty, duty.id)
        beside.delegate(cast.manager_of(own), row, own, name="Kim Berg", email=COLLEAGUE)

    stage.ask(ask)
    return token_of(stage, duty.id, COLLEAGUE)


def replaced(stage, unit_id) -> str:
    """Somebody else answers for the unit from today; their address."""

    def replace(cast):
        former = db.session.scalars(select(ResponsibleManager).where(ResponsibleManager.unit_id == unit_id)).one()
        details = ManagerDetails("Ny Chef", "ny.chef@myndigheten.example")
        appoint_manager(cast.coordinator, former.unit, details, valid_from=clock.today(), replaces=former)

    stage.ask(replace)
    stage.work()
    return "ny.chef@myndigheten.example"


def test_the_page_says_what_is_asked_by_when_and_why_here(stage, visitor):
    duty = duty_of(stage, stage.case())
    assert visitor.get(duty.link()).status_code == 200
    for words in ("arbetsdagar kvar", "Svara senast", "Därför kom ärendet hit", "Kontoret hänvisade till webben"):
        assert words in visitor.text
    for form in ("Skicka svaret", "Spara utkast", "Behöver du mer tid?", "Fråga anmälaren", "Hör det inte till er?"):
        assert form in visitor.text
    for form in ("Be en kollega om hjälp", "Föreslå tema eller systemfel", "Anteckning för er på enheten"):
        assert form in visitor.text


def test_p18_opening_the_link_changes_nothing(app, stage, visitor):
    duty = duty_of(stage, stage.case())
    before = everything(app, but=BY_LOOKING)
    for _ in range(3):
        assert visitor.get(duty.link()).status_code == 200
        assert visitor.client.head(duty.link()).status_code == 200
    assert everything(app, but=BY_LOOKING) == before


def test_p15_the_page_keeps_to_itself_who_the_reporter_is_and_what_the_office_writes(stage, visitor):
    case, of_af, of_fk = two_parties(stage)

    def write(cast):
        row, other = db.session.get_one(Case, case.id), db.session.get_one(Duty, of_fk.id)
        beside.write_note(cast.coordinator, row, "Samordnarens egen anteckning.")
        manager = cast.manager_of(other)
        answering.save_draft(manager, row, other, {"steps_taken": "Ett halvt svar."}, seen=other.version)

    stage.ask(write)
    visitor.get(of_af.link())
    for hidden in ("anmalare@habo.example", "Samordnarens egen anteckning.", "Ett halvt svar.", "Dra tillbaka frågan"):
        assert hidden not in visitor.text


def test_no_other_page_is_reached_from_it(stage, visitor):
    duty = duty_of(stage, stage.case())
    visitor.sign_in("samordnare")
    visitor.get(duty.link())
    links = [piece.split('"')[0] for piece in visitor.text.split("<a ")[1:] for piece in [piece.split('href="')[1]]]
    outside = [link for link in links if not link.startswith(("#", "mailto:", duty.link(), "?"))]
    assert set(outside) == {"/tillganglighet", "/personuppgifter"}, "open to all, and owed on every page"
    assert "Logga ut" not in visitor.text
    assert "Huvudmeny" not in visitor.text


def test_answering_thanks_and_shows_the_answer_for_thirty_days(stage, visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    assert send(visitor, duty, DutyStep.ANSWER).headers["Location"] == duty.link()
    visitor.get(duty.link())
    assert "Tack för svaret" in visitor.text
    assert WRITTEN in visitor.text
    assert "Kontoret hänvisade" not in visitor.text
    assert stage.look(case.id).status == CaseStatus.ANSWERED
    with clock.at(clock.now() + timedelta(days=29)):
        assert visitor.get(duty.link()).status_code == 200
    with clock.at(clock.now() + timedelta(days=31)):
        assert visitor.get(duty.link()).status_code == 404


def test_who_answered_reads_that_the_case_goes_on_when_the_reporter_disagrees(stage, visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    send(visitor, duty, DutyStep.ANSWER)
    stage.ask(lambda _cast: say_not_solved(follow(db.session.get_one(Case, case.id)), "Det hände igen."))
    visitor.get(duty.link())
    assert "Samordnaren arbetar vidare med ärendet" in visitor.text
    assert "Fler har fått frågan" not in visitor.text


def test_p14_what_is_done_by_link_is_recorded_as_the_links(stage, visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    visitor.sign_in("samordnare")
    send(visitor, duty, DutyStep.ANSWER)

    def recorded(_cast):
        event = db.session.scalars(select(Event).where(Event.kind == "case.answered")).one()
        return event.actor_kind, event.actor_user_id, event.data["link_id"]

    assert stage.ask(recorded) == ("link", None, stage.ask(lambda _cast: links_of(duty.id)[0].id))


def test_p15_somebody_elses_session_does_not_widen_the_link(stage, new_visitor):
    case, of_af, _ = two_parties(stage)
    for part in ("samordnare", "chef.fk"):
        person = new_visitor()
        person.sign_in(part)
        person.get(of_af.link())
        assert "Dra tillbaka" not in person.text
        assert send(person, of_af, DutyStep.WITHDRAW).status_code == 404
    assert duty_of(stage, case, -2) == of_af


@pytest.mark.parametrize("token", ["", "x", "WzEsMV0", "WzEsMV0.forged", "å", "\x00", "a" * 3000, "null"])
def test_p15_a_forged_token_says_nothing_of_any_case(stage, visitor, token):
    case = stage.case()
    answer = visitor.get(f"/svar/{token}")
    assert answer.status_code == 404
    assert case.number not in visitor.text


def test_p15_a_token_signed_for_something_else_opens_nothing(app, stage, visitor):
    duty = duty_of(stage, stage.case())
    value, _dot, signature = duty.token.partition(".")
    for token in (f"{value}x.{signature}", f"{value}.{signature[::-1]}", signature, f"{value[:-1]}.{signature}"):
        assert visitor.get(f"/svar/{token}").status_code == 404
        assert GONE in visitor.text


def test_p15_a_link_reaches_its_own_duty_alone(stage, visitor):
    case, of_af, of_fk = two_parties(stage)
    fields = of_fk.values(DutyStep.ANSWER)
    visitor.get("/kvitto")
    assert visitor.post(of_af.link(DutyStep.ANSWER), fields, follow=False).status_code == 422
    assert duty_of(stage, case, -1) == of_fk

    def trespass(cast):
        actor = actor_of(links_of(of_af.id)[0])
        other = db.session.get_one(Duty, of_fk.id)
        with pytest.raises(StepRefused):
            answering.accept(actor, db.session.get_one(Case, case.id), other, seen=other.version)
        db.session.rollback()

    stage.ask(trespass)


def test_an_old_link_and_a_closed_one_stop_working(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    with clock.at(clock.now() + timedelta(days=61)):
        assert new_visitor().get(duty.link()).status_code == 404

    def close(cast):
        sending.withdraw_link(cast.coordinator, db.session.get_one(Case, case.id), links_of(duty.id)[0])

    stage.ask(close)
    person = new_visitor()
    assert person.get(duty.link()).status_code == 404
    assert GONE in person.text
    assert send(person, duty, DutyStep.ANSWER).status_code == 404
    assert WRITTEN in person.text
    assert stage.look(case.id).status == CaseStatus.ASSIGNED


def test_p6_a_manager_who_was_replaced_is_locked_out_and_the_new_one_let_in(app, stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    email = replaced(stage, duty.unit_id)
    assert new_visitor().get(duty.link()).status_code == 404
    assert send(new_visitor(), duty, DutyStep.ANSWER).status_code == 404
    token = token_of(stage, duty.id, email)
    assert any(email in mail["To"] for mail in mails(app))
    person = new_visitor()
    assert send(person, duty, DutyStep.ANSWER, token=token).status_code == 302
    assert person.get(f"/svar/{token}").status_code == 200
    assert new_visitor().get(duty.link()).status_code == 404


def test_a_substitute_answers_during_the_period_and_not_after(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    today = stage.ask(lambda _cast: clock.today())

    def away(cast):
        add_substitution(
            cast.coordinator,
            cast.federation().id,
            absent_email=MANAGER,
            name="Ersättare",
            email="ersattare@myndigheten.example",
            from_on=today,
            to_on=today + timedelta(days=3),
        )

    stage.ask(away)
    stage.work()
    token = token_of(stage, duty.id, "ersattare@myndigheten.example")
    assert new_visitor().get(f"/svar/{token}").status_code == 200
    with clock.at(clock.now() + timedelta(days=5)):
        assert new_visitor().get(f"/svar/{token}").status_code == 404
        assert new_visitor().get(duty.link()).status_code == 200
    person = new_visitor()
    assert send(person, duty, DutyStep.ANSWER, token=token).status_code == 302
    with clock.at(clock.now() + timedelta(days=5)):
        assert person.get(f"/svar/{token}").status_code == 200


def test_p18_a_step_by_link_needs_a_token_of_the_page(stage, visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    visitor.get(duty.link())
    fields = duty.values(DutyStep.ANSWER)
    for token in ({}, {"csrf_token": "made-up"}):
        assert visitor.client.post(duty.link(DutyStep.ANSWER), data={**fields, **token}).status_code == 400
    assert stage.look(case.id) == case
    answer = visitor.post(duty.link(DutyStep.ANSWER), {"steps_taken": WRITTEN}, form=f"svara-{duty.id}")
    assert answer.status_code == 200
    assert stage.look(case.id).status == CaseStatus.ANSWERED


def test_p13_the_same_duty_by_link_and_by_account(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    by_link, by_account = new_visitor(), new_visitor()
    by_account.sign_in("chef.af")
    by_account.get("/kvitto")
    path = duty.path(case, DutyStep.ANSWER)
    assert by_account.post(path, {**duty.values(DutyStep.ANSWER), "save": "1"}, follow=False).status_code == 302
    lost = send(by_link, duty, DutyStep.ANSWER, steps_taken="Skrivet på telefonen.")
    assert lost.status_code == 409
    assert "Skrivet på telefonen." in by_link.text


def test_a_colleague_drafts_and_answers_and_nothing_else(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    token = delegated(stage, case, duty)
    person = new_visitor()
    person.get(f"/svar/{token}")
    assert "har bett dig om hjälp" in person.text
    for form in ("Behöver du mer tid?", "Hör det inte till er?", "Be en kollega om hjälp", "Fråga anmälaren"):
        assert form not in person.text
    may = {DutyStep.ANSWER, DutyStep.NOTE}
    for step in set(DutyStep) - may - {DutyStep.WITHDRAW, DutyStep.REVOKE_LINK, DutyStep.TAKE_BACK_QUESTION}:
        assert send(person, duty, step, token=token).status_code == 409, step
    assert duty_of(stage, case).version == duty.version
    assert send(person, duty, DutyStep.ANSWER, token=token, button="save").status_code == 302
    assert stage.ask(lambda _cast: draft_of(duty.id).steps_taken) == WRITTEN
    assert send(person, duty_of(stage, case), DutyStep.ANSWER, token=token).status_code == 302
    assert duty_of(stage, case).status == DutyStatus.ANSWERED


def test_the_door_refuses_what_is_not_a_colleagues(stage):
    case = stage.case()
    duty = duty_of(stage, case)
    delegated(stage, case, duty)

    def knock(cast):
        row, own = db.session.get_one(Case, case.id), db.session.get_one(Duty, duty.id)
        actor = actor_of(next(link for link in links_of(duty.id) if link.delegate))
        for verb in (
            lambda: answering.extend(actor, row, own, 5, "Semester.", seen=own.version),
            lambda: answering.send_back(actor, row, own, "Inte vårt.", seen=own.version),
            lambda: beside.delegate(actor, row, own, name="Bo", email="bo@myndigheten.example"),
            lambda: sending.withdraw_link(actor, row, links_of(duty.id)[0]),
        ):
            with pytest.raises(StepRefused):
                verb()
        db.session.rollback()

    stage.ask(knock)


def test_a_manager_sees_the_links_and_closes_a_colleagues(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    token = delegated(stage, case, duty)
    manager = new_visitor()
    manager.get(duty.link())
    assert "Den här länken har gått till" in manager.text
    assert "Kim Berg" in manager.text
    own, theirs = stage.ask(lambda _cast: [link.id for link in links_of(duty.id)])
    assert send(manager, duty, DutyStep.REVOKE_LINK, link_id=str(own)).status_code == 404
    assert send(manager, duty, DutyStep.REVOKE_LINK, link_id="99999999999").status_code == 404
    assert send(manager, duty, DutyStep.REVOKE_LINK, link_id=str(theirs)).status_code == 302
    assert new_visitor().get(f"/svar/{token}").status_code == 404
    assert manager.get(duty.link()).status_code == 200


def test_a_colleague_who_becomes_responsible_gets_a_managers_link(stage, new_visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    old = delegated(stage, case, duty)

    def appoint(cast):
        former = db.session.scalars(select(ResponsibleManager).where(ResponsibleManager.unit_id == duty.unit_id)).one()
        details = ManagerDetails("Kim Berg", COLLEAGUE)
        appoint_manager(cast.coordinator, former.unit, details, valid_from=clock.today(), replaces=former)

    stage.ask(appoint)
    stage.work()
    assert new_visitor().get(f"/svar/{old}").status_code == 404
    person = new_visitor()
    person.get(f"/svar/{token_of(stage, duty.id, COLLEAGUE)}")
    assert "Hör det inte till er?" in person.text


def test_a_link_that_has_run_out_comes_to_life_again(stage):
    duty = duty_of(stage, stage.case())
    with clock.at(clock.now() + timedelta(days=61)):
        stage.ask(lambda _cast: sending.tell_responsible(duty.unit_id))
        token = token_of(stage, duty.id, MANAGER)
    assert token != duty.token
    versions = select(AnswerLink.version).where(AnswerLink.duty_id == duty.id)
    assert stage.ask(lambda _cast: db.session.scalars(versions).all()) == [2]


def test_the_reporter_is_asked_and_the_clock_stands_still(stage, visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    assert send(visitor, duty, DutyStep.ASK).status_code == 302
    visitor.get(duty.link())
    assert "Klockan står still" in visitor.text
    assert "Vilket år hände det?" in visitor.text
    assert send(visitor, duty_of(stage, case), DutyStep.TAKE_BACK_QUESTION).status_code == 302
    visitor.get(duty.link())
    assert "Klockan står still." not in visitor.text
    assert "arbetsdagar kvar" in visitor.text


def test_nothing_more_is_done_once_the_duty_has_ended(stage, visitor):
    case = stage.case()
    duty = duty_of(stage, case)
    send(visitor, duty, DutyStep.ANSWER)
    ended = duty_of(stage, case)
    for step in set(DutyStep) - {DutyStep.WITHDRAW}:
        assert send(visitor, ended, step).status_code in {404, 409}, step
    assert duty_of(stage, case) == ended


def test_late_is_said_in_days(stage, visitor):
    duty = duty_of(stage, stage.case())
    with clock.at(clock.now() + timedelta(days=45)):
        visitor.get(duty.link())
    assert "försenat" in visitor.text
    assert "Svarstiden har gått ut" in visitor.text


def test_p20_who_guesses_links_is_asked_to_wait(stage, visitor, monkeypatch):
    monkeypatch.setattr(link_views, "GUESSES", link_views.Limit("answer_links", "3 per minute"))
    duty = duty_of(stage, stage.case())
    for _ in range(3):
        assert visitor.get("/svar/gissat").status_code == 404
    assert visitor.get("/svar/gissat").status_code == 429
    assert visitor.get(duty.link()).status_code == 429


def test_p23_an_identity_number_by_link_is_stopped(app, stage, visitor):
    duty = duty_of(stage, stage.case())
    answer = send(visitor, duty, DutyStep.ANSWER, cause="Det gällde 811218-9876 hos oss.")
    assert answer.status_code == 422
    assert "811218-9876" not in everything(app)


def test_a_link_of_a_withdrawn_duty_says_so(stage, visitor):
    case = stage.case()
    duty = duty_of(stage, case)

    def withdraw(cast):
        own = db.session.get_one(Duty, duty.id)
        sending.withdraw(cast.coordinator, db.session.get_one(Case, case.id), own, seen=own.version)

    stage.ask(withdraw)
    assert visitor.get(duty.link()).status_code == 200
    assert "Ni behöver inte svara längre" in visitor.text
    assert "Kontoret hänvisade" not in visitor.text


def test_the_token_names_no_person_and_no_case(stage):
    duty = duty_of(stage, stage.case())
    other = stage.ask(lambda _cast: token_for(links_of(duty.id)[0]))
    assert other == duty.token
    assert len(duty.token) < 60
