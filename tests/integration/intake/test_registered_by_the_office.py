"""The office registers what somebody told it: with channel and day, and a code to give away (P1, P15, P17, P23)."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func

from lexheller.accounts.rights import ActorKind
from lexheller.audit.models import Event
from lexheller.cases.models import Case, Report, ReporterContact
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.intake.service import Channel, case_by_code, register_on_behalf
from lexheller.messaging.transport import read_folder
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.cast.traces import counts
from tests.integration.intake.following import words
from tests.integration.intake.test_identity_numbers_stopped import NUMBER, TEXT, assert_nowhere

ADDRESS = f"/arenden/{HOME}/registrera"
TOLD = {"what_happened": "Berättat på ett möte.", "channel": "meeting"}


def registered(visitor, **values):
    visitor.get(ADDRESS)
    return visitor.post(ADDRESS, {**TOLD, "told_on": clock.today().isoformat(), **values})


def code_shown(visitor) -> str:
    return visitor.text.split('id="receipt-code">')[1].split("<")[0]


def test_the_coordinator_registers_gives_the_code_and_goes_on_to_the_case(app, stage, visitor, new_visitor):
    with app.app_context():
        unit = Cast(app).unit("Arbetsförmedlingen")
        values = {"concerned_organisation": str(unit.organisation_id), "concerned_unit": str(unit.id)}
        coordinator_id = Cast(app).coordinator.user_id
    visitor.sign_in("samordnare")
    registered(visitor, consequence="Väntade.", **values)
    assert visitor.last.status_code == 200
    assert "Anmälan är registrerad" in words(visitor)
    code = code_shown(visitor)
    with app.app_context():
        case = case_by_code(code)
        case_id, report = case.id, case.report
        assert (report.source, report.channel, report.registered_by_user_id) == ("office", "meeting", coordinator_id)
        assert (report.what_happened, report.consequence) == ("Berättat på ett möte.", "Väntade.")
        assert str(case.concerned_unit_id) == values["concerned_unit"]
        assert case.received_on == clock.today()
        event = db.session.scalars(db.select(Event).where(Event.kind == "case.received")).one()
        assert (event.actor_kind, event.actor_user_id) == (ActorKind.USER, coordinator_id)
        assert "Berättat" not in str(event.data)
        assert db.session.scalars(db.select(ReporterContact)).all() == []
    assert f"/arenden/{HOME}/{case_id}" in visitor.text
    stage.work()
    assert stage.look(case_id).status == "assigned"
    with app.app_context():
        assert broken_promises() == []
    visitor.get(f"/arenden/{HOME}/{case_id}")
    assert visitor.last.status_code == 200
    person = new_visitor()
    person.get("/kvitto")
    person.post("/kvitto", {"code": code})
    assert "Berättat på ett möte." in person.text


def test_a_person_who_left_an_address_gets_the_mail_with_a_link(app, stage, visitor, tmp_path):
    visitor.sign_in("samordnare")
    registered(visitor, reporter_email="anna@habo.example", stay_unknown="y")
    stage.work()
    mails = [mail for mail in read_folder(tmp_path / "mail") if "anna@habo.example" in mail.to]
    assert mails
    code = code_shown(visitor)
    for mail in mails:
        assert code not in mail.text
        assert "Berättat" not in mail.text
    with app.app_context():
        assert db.session.scalars(db.select(ReporterContact.stay_unknown)).all() == [True]


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 200), (40, 200), (366, 200), (367, 422), (-1, 422)])
def test_the_day_is_the_day_it_was_told_and_never_one_that_has_not_come(app, visitor, days, status):
    visitor.sign_in("samordnare")
    told_on = clock.today() - timedelta(days=days)
    before = counts(app)
    registered(visitor, told_on=told_on.isoformat())
    assert visitor.last.status_code == status
    if status == 422:
        assert "Berättat på ett möte." in visitor.text
        assert counts(app) == before
        return
    with app.app_context():
        case = db.session.scalars(db.select(Case)).one()
        assert case.received_on == told_on
        assert clock.day_of(case.received_at) == told_on
        assert case.number.startswith(f"{told_on.year}:")
        assert case.received_at <= clock.now()


def test_today_is_the_day_in_sweden(app, stage):
    with clock.at(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):  # half past midnight, the first of July

        def register(cast, day):
            return register_on_behalf(
                cast.coordinator, cast.federation(), cast.submission(), Channel.PHONE, day
            ).received_on

        assert stage.ask(lambda cast: register(cast, date(2026, 7, 1))) == date(2026, 7, 1)
        with pytest.raises(InvalidInput):
            stage.ask(lambda cast: register(cast, date(2026, 7, 2)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"channel": ""}, "Hur kom den till er"),
        ({"channel": "owl"}, "Välj något av alternativen"),
        ({"told_on": ""}, "Skriv vilken dag den kom"),
        ({"told_on": "i tisdags"}, "år-månad-dag"),
        ({"what_happened": ""}, "Berätta vad som hände"),
        ({"concerned_unit": "999999"}, "Välj något av alternativen"),
    ],
)
def test_p22_a_wrong_value_is_told_in_words_and_nothing_is_stored(app, visitor, values, said):
    visitor.sign_in("samordnare")
    before = counts(app)
    registered(visitor, **values)
    assert visitor.last.status_code == 422
    assert said in words(visitor)
    assert counts(app) == before


@pytest.mark.parametrize("field", ["what_happened", "consequence", "done_at_once", "proposal"])
def test_p23_an_identity_number_is_stopped(app, visitor, tmp_path, printed, field):
    visitor.sign_in("samordnare")
    before = counts(app)
    registered(visitor, **{field: TEXT.format(number=NUMBER)})
    assert visitor.last.status_code == 422
    assert "Ta bort personnumret" in words(visitor)
    assert TEXT.format(number=NUMBER) in visitor.text
    assert counts(app) == before
    assert_nowhere(app, tmp_path, printed, visitor, NUMBER)


def test_p01_the_same_form_again_is_one_report(app, visitor):
    visitor.sign_in("samordnare")
    values = {"submission_id": str(uuid.uuid4())}
    registered(visitor, **values)
    code = code_shown(visitor)
    before = counts(app)
    registered(visitor, **values)
    assert code_shown(visitor) == code
    assert counts(app) == before
    assert before["report"] == 1


@pytest.mark.parametrize(
    ("part", "slug"),
    [("forbundschef", HOME), ("chef.af", HOME), ("samordnare", ELSEWHERE), ("chef.af", ELSEWHERE)],
)
def test_p15_p17_for_everybody_else_the_pages_do_not_exist(app, stage, visitor, part, slug):
    visitor.sign_in(part, slug)
    before = counts(app)
    for path in (ADDRESS, f"{ADDRESS}/klart"):
        assert visitor.get(path).status_code == 404
    visitor.get("/kvitto")
    assert visitor.post(ADDRESS, {**TOLD, "told_on": "2026-03-01"}).status_code == 404

    def through_the_verb(cast):
        with pytest.raises(NotAllowedToSee):
            register_on_behalf(
                cast.person(part, slug), cast.federation(), cast.submission(), Channel.PHONE, clock.today()
            )

    stage.ask(through_the_verb)
    assert counts(app) == before


def test_the_code_is_shown_for_half_an_hour_and_to_this_browser_alone(visitor, new_visitor):
    visitor.sign_in("samordnare")
    registered(visitor)
    code = code_shown(visitor)
    colleague = new_visitor()
    colleague.sign_in("samordnare")
    colleague.get(f"{ADDRESS}/klart")
    assert code not in colleague.text
    assert colleague.last.request.path == ADDRESS
    with clock.at(clock.now() + timedelta(minutes=31)):
        visitor.get(f"{ADDRESS}/klart")
    assert code not in visitor.text


def test_the_reporters_form_offers_the_units_and_keeps_the_wish_to_stay_unknown(app, visitor):
    with app.app_context():
        unit = Cast(app).unit("Arbetsförmedlingen")
        foreign = Cast(app).unit("Arbetsförmedlingen", ELSEWHERE).id
        unit_id, name = unit.id, unit.name
    visitor.get(f"/anmal/{HOME}")
    assert '<optgroup label="Arbetsförmedlingen">' in visitor.text
    assert name in visitor.text
    assert 'optgroup label=""' not in visitor.text
    sent = {"what_happened": "Ingen kom.", "reporter_email": "anna@habo.example", "stay_unknown": "y"}
    visitor.post(f"/anmal/{HOME}", {**sent, "concerned_unit": str(foreign)})
    assert visitor.last.status_code == 422
    visitor.post(f"/anmal/{HOME}", {**sent, "concerned_unit": str(unit_id)})
    with app.app_context():
        assert db.session.scalars(db.select(Case.concerned_unit_id)).all() == [unit_id]
        assert db.session.scalars(db.select(ReporterContact.stay_unknown)).all() == [True]


def test_a_wish_without_an_address_is_no_contact(app, visitor):
    visitor.get(f"/anmal/{HOME}")
    visitor.post(f"/anmal/{HOME}", {"what_happened": "Ingen kom.", "stay_unknown": "y"})
    with app.app_context():
        assert db.session.scalar(db.select(func.count()).select_from(Report)) == 1
        assert db.session.scalar(db.select(func.count()).select_from(ReporterContact)) == 0
