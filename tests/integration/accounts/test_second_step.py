"""Codes as a second step: turned on with a code, asked for at sign-in, each used once, guessed by nobody, demanded."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lexheller.accounts import notices, second_step, service
from lexheller.accounts.models import RecoveryCode, SecondStep, User
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.app.factory import create_app
from lexheller.audit.models import Event
from lexheller.cli import accounts as command
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.demo.data import PASSWORD, address
from lexheller.messaging.models import Message
from lexheller.web.limits import STORAGE
from tests.cast.databases import settings_for
from tests.cast.people import ELSEWHERE, HOME, Visitor
from tests.cast.traces import everything

OWN, CODE = "/mitt-konto/tvasteg", "/logga-in/kod"
PAGE, PEOPLE, PART = f"/arenden/{HOME}", f"/installningar/{HOME}/personer", "samordnare"
START = datetime.now(UTC).replace(microsecond=0)


def at(seconds: int):
    return clock.at(START + timedelta(seconds=seconds))


def code_at(secret: str, seconds: int) -> str:
    return pyotp.TOTP(secret).at(START + timedelta(seconds=seconds))


def turned_on(visitor, part: str = PART) -> tuple[str, list[str]]:
    """Through the pages, at the start: the secret, and the recovery codes as they are shown."""
    with at(0):
        visitor.sign_in(part)
        visitor.get(OWN)
        visitor.post(f"{OWN}/borja", {"current_password": PASSWORD})
        secret = re.search(r'class="account-key"[^>]*>([^<]+)<', visitor.text)[1].replace(" ", "")
        visitor.post(f"{OWN}/bekrafta", {"code": code_at(secret, 0)})
    return secret, re.findall(r"<li>([0-9A-Z ]{14})</li>", visitor.text)


def half(visitor, part: str = PART) -> None:
    """The right password: and the page for the code."""
    visitor.sign_in(part)
    assert visitor.last.request.path == CODE
    assert visitor.client.get(PAGE).status_code == 302, "nobody is in by the password alone"
    visitor.get(CODE)


def give(visitor, code: str) -> int:
    visitor.get(CODE)
    return visitor.post(CODE, {"code": code}, follow=False).status_code


def kinds(stage):
    return stage.ask(lambda _cast: list(db.session.scalars(select(Event.kind).order_by(Event.id))))


def test_turned_on_through_the_pages_it_is_asked_for_at_the_next_sign_in(stage, visitor, new_visitor):
    other = new_visitor()
    other.sign_in(PART)
    secret, codes = turned_on(visitor)
    assert len(set(codes)) == 10
    assert [visitor.client.get(PAGE).status_code, other.client.get(PAGE).status_code] == [200, 302]
    assert kinds(stage)[-2:] == ["account.second_step_begun", "account.second_step_on"]
    guest = new_visitor()
    with at(60):
        half(guest)
        assert give(guest, code_at(secret, 60)) == 302
        assert guest.client.get(PAGE).status_code == 200
    assert "reservkoder kvar" in guest.get("/mitt-konto").get_data(as_text=True)


def test_the_secret_is_encrypted_and_the_codes_are_hashed(app, visitor):
    secret, codes = turned_on(visitor)
    stored = everything(app)
    assert secret not in stored
    assert not [code for code in codes if code.replace(" ", "") in stored]


def test_the_secret_and_the_recovery_codes_are_never_shown_again(visitor):
    secret, codes = turned_on(visitor)
    for path in (OWN, "/mitt-konto"):
        page = visitor.get(path).get_data(as_text=True).replace(" ", "")
        assert secret not in page
        assert codes[0].replace(" ", "") not in page


@pytest.mark.parametrize("password", ["", "fel lösenord"])
def test_it_is_not_begun_without_the_password(app, visitor, password):
    visitor.sign_in(PART)
    visitor.get(OWN)
    before = everything(app)
    assert visitor.post(f"{OWN}/borja", {"current_password": password}).status_code == 422
    assert everything(app) == before


def test_what_was_begun_and_not_confirmed_asks_for_nothing_and_grows_old(visitor, new_visitor):
    with at(0):
        visitor.sign_in(PART)
        visitor.get(OWN)
        visitor.post(f"{OWN}/borja", {"current_password": PASSWORD})
        assert visitor.post(f"{OWN}/bekrafta", {"code": "000000"}).status_code == 422
        secret = re.search(r'class="account-key"[^>]*>([^<]+)<', visitor.text)[1].replace(" ", "")
    guest = new_visitor()
    guest.sign_in(PART)
    assert guest.client.get(PAGE).status_code == 200
    with at(16 * 60):
        assert secret not in visitor.get(OWN).get_data(as_text=True).replace(" ", "")
        assert visitor.post(f"{OWN}/bekrafta", {"code": code_at(secret, 16 * 60)}).status_code == 422
        assert "Börja om" in visitor.text


def test_a_code_is_taken_once_and_an_older_one_not_after_it(visitor, new_visitor):
    secret, _codes = turned_on(visitor)
    with at(0):
        guest = new_visitor()
        half(guest)
        assert give(guest, code_at(secret, 0)) == 422, "turned on by the very same code"
    with at(60):
        first, second = new_visitor(), new_visitor()
        half(first)
        half(second)
        assert give(first, code_at(secret, 60)) == 302
        assert [give(second, code_at(secret, seconds)) for seconds in (60, 30)] == [422, 422]
        assert second.client.get(PAGE).status_code == 302
    with at(90):
        assert give(second, code_at(secret, 90)) == 302


def test_a_recovery_code_lets_in_once_however_it_is_written(stage, visitor, new_visitor):
    _secret, codes = turned_on(visitor)
    guest = new_visitor()
    half(guest)
    assert give(guest, codes[0].lower().replace(" ", "-")) == 302
    assert guest.client.get(PAGE).status_code == 200
    again = new_visitor()
    half(again)
    assert give(again, codes[0]) == 422
    assert stage.ask(lambda _cast: second_step.codes_left(user_by_email(address(PART, HOME)))) == 9


def test_new_recovery_codes_end_the_old_ones(visitor, new_visitor):
    _secret, old = turned_on(visitor)
    visitor.get(OWN)
    assert visitor.post(f"{OWN}/koder", {"current_password": "fel lösenord"}, form="koder").status_code == 422
    visitor.post(f"{OWN}/koder", {"current_password": PASSWORD}, form="koder")
    new = re.findall(r"<li>([0-9A-Z ]{14})</li>", visitor.text)
    assert len(new) == 10 and not set(new) & set(old)
    guest = new_visitor()
    half(guest)
    assert give(guest, old[1]) == 422
    assert give(guest, new[1]) == 302


def test_p20_an_account_with_codes_is_known_to_nobody_without_the_password(visitor, new_visitor):
    turned_on(visitor)
    pages = []
    for part in (PART, "forbundschef"):
        guest = new_visitor()
        guest.sign_in(part, password="fel lösenord")
        pages.append(re.sub(r'value="[^"]*"', "", guest.text))
    assert pages[0] == pages[1]


def test_the_page_for_the_code_is_for_those_who_gave_the_password_lately(stage, visitor, new_visitor):
    secret, _codes = turned_on(visitor)
    stranger = new_visitor()
    assert stranger.get(CODE).request.path == "/logga-in"
    stranger.get("/logga-in")
    assert give(stranger, code_at(secret, 60)) == 302
    assert stranger.client.get(PAGE).status_code == 302
    late, changed = new_visitor(), new_visitor()
    with at(60):
        half(late)
        half(changed)
    with at(60 + 11 * 60):
        assert give(late, code_at(secret, 60 + 11 * 60)) == 302
        assert late.client.get(PAGE).status_code == 302

    def set_password(cast):
        user = user_by_email(address(PART, HOME))
        service.set_password(OPERATOR, user, "en grävling i varje rum", federation_id=cast.federation().id)

    stage.ask(set_password)
    with at(90):
        give(changed, code_at(secret, 90))
        assert changed.client.get(PAGE).status_code == 302, "P19: the password has been changed meanwhile"


def test_p19_the_session_changes_at_each_step_and_nothing_is_carried_over(visitor, new_visitor):
    _secret, codes = turned_on(visitor)
    guest = new_visitor()
    guest.get("/logga-in")
    with guest.client.session_transaction() as session:
        session["planted"] = "by somebody"
    cookies = [guest.client.get_cookie("lexheller").value]
    half(guest)
    cookies.append(guest.client.get_cookie("lexheller").value)
    give(guest, codes[0])
    cookies.append(guest.client.get_cookie("lexheller").value)
    assert len(set(cookies)) == 3
    with guest.client.session_transaction() as session:
        assert not {"planted", "half_way"} & set(session)


@pytest.fixture
def two_processes(redis_server, database_url, tmp_path):
    """With one Redis and nothing counted yet."""
    apps = [create_app(settings_for(database_url, tmp_path, redis_server.url)) for _ in range(2)]
    apps[0].extensions[STORAGE].reset()
    yield apps
    for application in apps:
        with application.app_context():
            db.session.remove()
            db.engine.dispose()


def test_p20_codes_are_guessed_a_few_times_over_all_processes_and_not_at_all_without_redis(
    two_processes, visitor, redis_server
):
    secret, codes = turned_on(visitor)
    guests = [Visitor(one.test_client()) for one in two_processes]
    for guest in guests:
        half(guest)
    wrong = f"{(int(code_at(secret, 0)) + 1) % 10**6:06d}"
    answers = [give(guests[turn % 2], wrong) for turn in range(8)]
    assert answers == [422] * 6 + [429] * 2
    assert give(guests[0], codes[0]) == 429, "not the right one either"
    redis_server.stop()
    try:
        assert give(guests[1], codes[0]) == 503
    finally:
        redis_server.start()


def test_turned_off_with_password_and_code_and_not_with_one_of_them(app, stage, visitor, new_visitor):
    _secret, codes = turned_on(visitor)
    other = new_visitor()
    half(other)
    give(other, codes[0])
    visitor.get(OWN)
    before = everything(app)
    for values in ({"current_password": PASSWORD, "code": "000000"}, {"current_password": "fel", "code": codes[1]}):
        assert visitor.post(f"{OWN}/stang-av", values, form="stang").status_code == 422
    assert everything(app) == before
    visitor.post(f"{OWN}/stang-av", {"current_password": PASSWORD, "code": codes[1]}, form="stang")
    assert "avstängd" in visitor.text
    assert kinds(stage)[-1] == "account.second_step_off"
    assert [visitor.client.get(PAGE).status_code, other.client.get(PAGE).status_code] == [200, 302]
    assert stage.ask(lambda _cast: db.session.scalars(select(SecondStep)).all()) == []
    assert stage.ask(lambda _cast: db.session.scalars(select(RecoveryCode)).all()) == []
    guest = new_visitor()
    guest.sign_in(PART)
    assert guest.client.get(PAGE).status_code == 200


def user_id(stage, part: str, slug: str = HOME) -> int:
    return stage.ask(lambda _cast: user_by_email(address(part, slug)).id)


def test_p19_a_colleague_who_administers_takes_it_off_and_the_owner_is_told(stage, visitor, new_visitor):
    turned_on(visitor, "chef.af")
    office = new_visitor()
    office.sign_in(PART)
    assert "Ta bort tvåstegsinloggning" in office.get(PEOPLE).get_data(as_text=True)
    office.post(f"{PEOPLE}/{user_id(stage, 'chef.af')}/tvasteg-bort")
    assert visitor.client.get("/mitt-konto").status_code == 302
    assert kinds(stage)[-1] == "account.second_step_taken_off"
    told = stage.ask(lambda _cast: [(row.kind, row.recipient_id) for row in db.session.scalars(select(Message))])
    assert told == [(notices.TAKEN_OFF, user_id(stage, "chef.af"))]
    guest = new_visitor()
    guest.sign_in("chef.af")
    assert guest.client.get(PAGE).status_code == 200


def test_p15_it_is_taken_off_by_nobody_else(app, stage, visitor, new_visitor):
    """Not by a stranger, not by a federation that gave a role later, and not by oneself unasked."""
    turned_on(visitor, "chef.af")
    manager = user_id(stage, "chef.af")
    outsider, there = new_visitor(), f"/installningar/{ELSEWHERE}/personer"
    outsider.sign_in(PART, ELSEWHERE)
    outsider.get(there)
    before = everything(app)
    assert outsider.post(f"{PEOPLE}/{manager}/tvasteg-bort").status_code == 404
    assert everything(app) == before
    stage.ask(lambda cast: _give_role_elsewhere(cast, "chef.af"))
    outsider.get(there)
    before = everything(app)
    outsider.post(f"{there}/{manager}/tvasteg-bort")
    assert "hör hemma i ett annat förbund" in outsider.text
    assert everything(app) == before
    with pytest.raises(InvalidInput):
        stage.ask(_own_codes)


def _give_role_elsewhere(cast, part: str) -> None:
    user, there = user_by_email(address(part, HOME)), cast.federation(ELSEWHERE).id
    service.grant_role(OPERATOR, user, Role.MANAGER, federation_id=there)


def _own_codes(cast) -> None:
    own = db.session.get_one(User, cast.coordinator.user_id)
    second_step.take_off(cast.coordinator, own, federation_id=cast.federation().id)


def demand(visitor, demanded: str = "yes"):
    visitor.get(PEOPLE)
    return visitor.post(f"{PEOPLE}/tvasteg", {"demanded": demanded})


def test_a_federation_demands_it_of_those_who_see_all_its_cases(stage, visitor, new_visitor):
    director, manager, elsewhere = (new_visitor() for _ in range(3))
    director.sign_in("forbundschef")
    manager.sign_in("chef.af")
    elsewhere.sign_in(PART, ELSEWHERE)
    visitor.sign_in(PART)
    demand(visitor)
    assert visitor.last.request.path == OWN, "the one who demands it begins"
    assert "Ditt förbund kräver" in visitor.text
    for path in (PAGE, PEOPLE, f"/atgardsrapport/{HOME}"):
        assert director.client.get(path).headers["Location"] == OWN
    assert [manager.client.get(PAGE).status_code, elsewhere.client.get(f"/arenden/{ELSEWHERE}").status_code] == [
        200
    ] * 2
    assert kinds(stage)[-1] == "federation.second_step_demanded"
    with at(0):
        director.get(OWN)
        director.post(f"{OWN}/borja", {"current_password": PASSWORD})
        secret = re.search(r'class="account-key"[^>]*>([^<]+)<', director.text)[1].replace(" ", "")
        director.post(f"{OWN}/bekrafta", {"code": code_at(secret, 0)})
    assert director.client.get(PAGE).status_code == 200


def test_what_is_sent_before_the_codes_are_there_is_kept_on_the_page_and_not_stored(app, stage, visitor, new_visitor):
    director = new_visitor()
    director.sign_in("forbundschef")
    director.get(f"/systemfel/{HOME}")
    visitor.sign_in(PART)
    demand(visitor)
    before = everything(app)
    answer = director.post(f"/moten/{HOME}/nytt", {"note": "En text som inte får gå förlorad."})
    assert answer.status_code == 401
    assert "En text som inte får gå förlorad." in director.text
    assert everything(app) == before


def test_left_free_again_it_stays_with_those_who_have_it(stage, visitor, new_visitor):
    turned_on(visitor)
    demand(visitor)
    demand(visitor)  # the same again changes nothing
    demand(visitor, "no")
    assert kinds(stage)[-2:] == ["federation.second_step_demanded", "federation.second_step_left_free"]
    assert demand(visitor, "maybe").status_code == 422
    guest = new_visitor()
    half(guest)


def test_with_another_secret_of_the_application_no_phone_opens_and_a_recovery_code_does(
    stage, visitor, database_url, tmp_path
):
    """The operator has changed the secret: what was sealed does not open, and nobody is let in for that."""
    secret, codes = turned_on(visitor)
    settings = settings_for(database_url, tmp_path)
    other = create_app(type(settings)(**{**_values(settings), "secret_key": "b" * 40}))
    guest = Visitor(other.test_client())
    with at(60):
        half(guest)
        assert give(guest, code_at(secret, 60)) == 422
        assert give(guest, codes[0]) == 302
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def _values(settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__slots__}


@pytest.mark.parametrize("kind", ["phone", "recovery"])
def test_of_many_at_once_with_one_code_one_is_let_in(app, visitor, kind):
    secret, codes = turned_on(visitor)
    moment, code = START + timedelta(seconds=60), codes[0] if kind == "recovery" else code_at(secret, 60)
    begin, answers = threading.Barrier(4), []

    def try_it() -> None:
        with app.app_context(), clock.at(moment):
            begin.wait()
            with transaction():
                answers.append(second_step.is_answered(user_by_email(address(PART, HOME)), code))

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, False, True]


def test_the_operator_takes_it_off_where_no_colleague_may(app, stage, visitor, monkeypatch):
    monkeypatch.setattr(command, "command_app", lambda: app)
    turned_on(visitor, "chef.af")
    stage.ask(lambda cast: _give_role_elsewhere(cast, "chef.af"))
    for email, status in ((address("chef.fk", HOME), 2), ("ingen@habo.example", 2), (address("chef.af", HOME), 0)):
        assert CliRunner().invoke(command.account, ["codes-off", email]).exit_code == status
    assert kinds(stage)[-1] == "account.second_step_taken_off"
    assert not stage.ask(lambda _cast: second_step.is_on(user_by_email(address("chef.af", HOME))))
