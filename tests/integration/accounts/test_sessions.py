"""P19, P20: a sign-in is dead in every process once it was ended; nobody is told whether an account exists."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lexheller.accounts import service
from lexheller.accounts.models import SignIn, User
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.app.factory import create_app
from lexheller.core.db import db
from lexheller.demo.data import PASSWORD, address
from lexheller.web import limits
from lexheller.web.limits import STORAGE
from tests.cast.databases import settings_for
from tests.cast.people import ELSEWHERE, HOME, Visitor
from tests.cast.quickness import SHIPPED_PASSWORDS

PAGE = f"/arenden/{HOME}"
PART = "samordnare"


def cookie(visitor: Visitor) -> str:
    return visitor.client.get_cookie("lexheller").value


@pytest.fixture
def other_process(database_url, tmp_path):
    """The same installation again: another process on the same database."""
    application = create_app(settings_for(database_url, tmp_path))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def end_by(stage, what: str) -> None:
    def act(cast) -> None:
        user, home = user_by_email(address(PART, HOME)), cast.federation().id
        if what == "password":
            service.set_password(OPERATOR, user, "ett-nytt-lösenord-22", federation_id=home)
        elif what == "disabled":
            service.disable(OPERATOR, user, federation_id=home)
        elif what == "role granted":
            service.grant_role(OPERATOR, user, Role.DIRECTOR, federation_id=home)
        elif what == "role withdrawn":
            cast.coordinator_leaves()
        else:
            service.end_all_sign_ins(user)

    stage.ask(act)


@pytest.mark.parametrize("what", ["password", "disabled", "role granted", "role withdrawn", "all ended"])
def test_p19_the_old_session_is_dead_on_the_next_request_in_every_process(app, stage, other_process, what):
    here, there = Visitor(app.test_client()), Visitor(other_process.test_client())
    here.sign_in(PART)
    there.client.set_cookie("lexheller", cookie(here))
    assert there.client.get(PAGE).status_code == 200
    end_by(stage, what)
    for person in (there, here):
        answer = person.client.get(PAGE)
        assert answer.status_code == 302
        assert "/logga-in" in answer.headers["Location"]


def test_p19_sign_out_ends_the_session_in_every_process(app, other_process):
    here, there = Visitor(app.test_client()), Visitor(other_process.test_client())
    here.sign_in(PART)
    stolen = cookie(here)
    there.client.set_cookie("lexheller", stolen)
    assert there.client.get(PAGE).status_code == 200
    here.get(PAGE)
    here.post("/logga-ut")
    assert there.client.get(PAGE).status_code == 302
    here.client.set_cookie("lexheller", stolen)
    assert here.client.get(PAGE).status_code == 302


def test_p19_signing_out_here_leaves_another_browser_signed_in(new_visitor):
    one, other = new_visitor(), new_visitor()
    one.sign_in(PART)
    other.sign_in(PART)
    one.post("/logga-ut")
    assert other.client.get(PAGE).status_code == 200


def test_p19_the_session_changes_at_sign_in_and_nothing_is_carried_over(visitor):
    visitor.get("/logga-in")
    before = cookie(visitor)
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody"
    visitor.get("/logga-in")
    visitor.sign_in(PART)
    assert cookie(visitor) != before
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
    first = cookie(visitor)
    visitor.post("/logga-ut")
    visitor.sign_in(PART)
    assert cookie(visitor) != first


def test_p19_a_withdrawn_role_is_gone_at_once_for_a_new_session_too(stage, visitor):
    end_by(stage, "role withdrawn")
    visitor.sign_in(PART)
    assert visitor.client.get(PAGE).status_code == 404


def test_p19_a_sign_in_ends_after_twelve_hours(stage, visitor):
    visitor.sign_in(PART)

    def age(_cast) -> None:
        row = db.session.scalars(select(SignIn)).one()
        row.expires_at = row.started_at

    stage.ask(age)
    assert visitor.client.get(PAGE).status_code == 302


def test_passwords_are_argon2id_and_tokens_are_not_stored(stage, visitor):
    visitor.sign_in(PART)
    with visitor.client.session_transaction() as session:
        token = session["_user_id"]

    def look(_cast):
        user = user_by_email(address(PART, HOME))
        row = db.session.scalars(select(SignIn)).one()
        return user.password_hash, [str(getattr(row, name)) for name in SignIn.__table__.columns.keys()]  # noqa: SIM118

    password_hash, values = stage.ask(look)
    assert password_hash.startswith("$argon2id$")
    assert PASSWORD not in password_hash
    assert token not in " ".join(values)


def test_a_shipped_password_hash_costs_what_is_advised_today():
    stored = SHIPPED_PASSWORDS.hash(PASSWORD)
    assert stored.startswith("$argon2id$")
    memory, passes = (int(re.search(rf"{key}=(\d+)", stored)[1]) for key in ("m", "t"))
    assert memory >= 19456
    assert passes >= 2


def tried(visitor, email: str, password: str):
    visitor.get("/logga-in")
    answer = visitor.post("/logga-in", {"email": email, "password": password})
    page = re.sub(r'value="[^"]*"', "", visitor.text)
    return answer.status_code, page


def test_p20_unknown_account_wrong_password_and_disabled_account_get_the_same_answer(stage, new_visitor):
    end_by_part = address("forbundschef", HOME)
    stage.ask(lambda cast: service.disable(OPERATOR, user_by_email(end_by_part), federation_id=cast.federation().id))
    answers = [
        tried(new_visitor(), "nobody@habo.example", PASSWORD),
        tried(new_visitor(), address(PART, HOME), "fel lösenord"),
        tried(new_visitor(), end_by_part, PASSWORD),
    ]
    assert {status for status, _ in answers} == {422}
    assert len({page for _, page in answers}) == 1


def test_p20_an_unknown_account_costs_a_password_check_too(context, monkeypatch):
    checked = []
    monkeypatch.setattr(service, "_passwords", _Counting(service._passwords, checked))
    for email in ("nobody@habo.example", address(PART, HOME)):
        checked.clear()
        assert service.known_by(email, "fel lösenord") is None
        assert len(checked) == 1


class _Counting:
    def __init__(self, real, checked) -> None:
        self._real, self._checked = real, checked

    def verify(self, password, password_hash):
        self._checked.append(password_hash)
        return self._real.verify(password, password_hash)


@pytest.mark.parametrize(
    "email", ["\x00", "a\x00b@habo.example", "å" * 254, "'; DROP TABLE user_account --", "a" * 5000]
)
def test_p22_odd_addresses_are_answered_plainly(visitor, email):
    assert tried(visitor, email, "x")[0] == 422


@pytest.mark.parametrize("password", ["\x00", "x" * 201, "x" * 100_000, "\u0301" * 150])
def test_p22_odd_passwords_are_answered_plainly(visitor, password):
    assert tried(visitor, address(PART, HOME), password)[0] == 422


def test_capitals_and_spaces_around_an_address_do_not_matter(visitor):
    assert tried(visitor, f"  {address(PART, HOME).upper()} ", PASSWORD)[0] == 200
    assert visitor.client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "way_out",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "/\n/evil",
    ],
)
def test_p20_sign_in_leads_nowhere_but_to_our_own_pages(visitor, way_out):
    visitor.client.get("/logga-in", query_string={"next": way_out})
    visitor.get("/logga-in")
    answer = visitor.post(
        "/logga-in", {"email": address(PART, HOME), "password": PASSWORD, "next": way_out}, follow=False
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/start"


def test_sign_in_leads_back_to_the_page_that_was_asked_for(stage, visitor):
    wanted = f"{PAGE}?status=closed"
    visitor.get(wanted)
    page = visitor.text
    asked = re.search(r'name="next"[^>]*value="([^"]*)"', page)[1]
    answer = visitor.post(
        "/logga-in", {"email": address(PART, HOME), "password": PASSWORD, "next": asked}, follow=False
    )
    assert answer.headers["Location"] == wanted


@pytest.fixture
def fresh_redis(redis_server, database_url, tmp_path):
    """Two processes that share one Redis, with nothing counted yet."""
    apps = [create_app(settings_for(database_url, tmp_path, redis_server.url)) for _ in range(2)]
    apps[0].extensions[STORAGE].reset()
    yield apps
    for application in apps:
        with application.app_context():
            db.session.remove()
            db.engine.dispose()


def attempt(application, password: str, email: str = address(PART, HOME)) -> int:
    visitor = Visitor(application.test_client())
    visitor.get("/logga-in")
    return visitor.post("/logga-in", {"email": email, "password": password}, follow=False).status_code


def test_p20_the_limit_holds_over_all_processes(fresh_redis):
    one, other = fresh_redis
    answers = [attempt((one, other)[turn % 2], "fel lösenord") for turn in range(8)]
    assert answers == [422] * 6 + [429] * 2
    assert attempt(one, PASSWORD) == 429
    assert attempt(other, PASSWORD, address("chef.af", HOME)) == 302


def test_p20_the_limit_tells_nobody_whether_an_account_exists(fresh_redis):
    one, _ = fresh_redis
    unknown = [attempt(one, "fel lösenord", "nobody@habo.example") for _ in range(8)]
    assert unknown == [422] * 6 + [429] * 2


def test_p20_other_ways_to_write_an_address_count_as_the_same_account(fresh_redis):
    one, _ = fresh_redis
    writings = [address(PART, HOME), address(PART, HOME).upper(), f" {address(PART, HOME)} "]
    assert [attempt(one, "fel lösenord", writings[turn % 3]) for turn in range(8)] == [422] * 6 + [429] * 2


def test_p20_the_right_password_after_some_wrong_ones_is_let_in(fresh_redis):
    one, other = fresh_redis
    assert [attempt(one, "fel lösenord") for _ in range(5)] == [422] * 5
    assert attempt(other, PASSWORD) == 302


def test_p20_p31_sign_in_is_closed_and_the_rest_open_while_redis_is_away(fresh_redis, redis_server, monkeypatch):
    monkeypatch.setattr(limits, "LEFT_ALONE_SECONDS", 0.0)
    one, other = fresh_redis
    redis_server.stop()
    try:
        assert attempt(one, PASSWORD) == 503
        assert attempt(other, "fel lösenord") == 503
        visitor = Visitor(one.test_client())
        assert visitor.get(f"/anmal/{ELSEWHERE}").status_code == 200
        sent = visitor.post(f"/anmal/{ELSEWHERE}", {"what_happened": "Redis är nere."}, follow=False)
        assert sent.status_code == 302
        visitor.get("/kvitto")
        assert visitor.post("/kvitto", {"code": "K7QF-3XMP-9TRA"}).status_code == 422
    finally:
        redis_server.start()
    assert attempt(one, PASSWORD) == 302


def test_a_disabled_account_has_no_rights_left(cast):
    user = user_by_email(address(PART, HOME))
    service.disable(OPERATOR, user, federation_id=cast.federation().id)
    assert cast.person(PART).roles == {}
    assert cast.person(PART).unit_ids == frozenset()
    assert db.session.scalar(select(User).where(User.id == user.id)).active is False
