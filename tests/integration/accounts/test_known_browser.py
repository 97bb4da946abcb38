"""P20: a stranger who guesses does not lock the owner out of a browser that was signed in from before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lexheller.accounts import guessing, service
from lexheller.accounts.known_browser import COOKIE
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.resets import token_for
from lexheller.accounts.rights import OPERATOR
from lexheller.app.factory import create_app
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.data import PASSWORD, address
from lexheller.web.limits import STORAGE
from tests.cast.databases import settings_for
from tests.cast.people import HOME, Visitor

PART = "samordnare"
OWNER = address(PART, HOME)
SITE = "https://lexheller.example.se"
NEW = "en grävling i varje rum"


def attempt(visitor, password: str = PASSWORD, email: str = OWNER, sender: str = "") -> int:
    """One try at signing in, with nothing from before but the browser's note."""
    visitor.client.delete_cookie("lexheller")
    visitor.client.environ_base["REMOTE_ADDR"] = sender or "192.0.2.1"
    visitor.get("/logga-in")
    return visitor.post("/logga-in", {"email": email, "password": password}, follow=False).status_code


def locked(new_visitor, email: str = OWNER) -> None:
    """By a stranger with many addresses, until nobody unknown is listened to."""
    answers = [attempt(new_visitor(), "fel lösenord", email, f"198.51.100.{turn // 5 + 1}") for turn in range(31)]
    assert answers == [422] * 30 + [429]


def note(visitor) -> str:
    return visitor.client.get_cookie(COOKIE).value


def forged(value: str) -> str:
    """With another signature: its last sign has bits that say nothing, its first has none."""
    said, _, signature = value.rpartition(".")
    return f"{said}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def test_p20_the_owner_comes_in_where_they_have_been_before_while_a_stranger_guesses(visitor, new_visitor):
    assert attempt(visitor) == 302
    locked(new_visitor)
    assert attempt(new_visitor()) == 429, "a browser that nobody knows"
    assert attempt(visitor) == 302
    assert attempt(visitor, sender="198.51.100.1") == 302, "nor by the address that the stranger has"
    thief = new_visitor()
    thief.client.set_cookie(COOKIE, note(visitor))
    assert [attempt(thief, "fel lösenord") for _ in range(7)] == [422] * 6 + [429], "and it is counted by itself"


def test_p20_a_known_browser_says_nothing_of_any_other_account(new_visitor):
    """With a note for one account, tries at others are strangers' tries, whether the others exist or not."""
    answers = {}
    for email in (address("chef.af", HOME), "ingen@habo.example"):
        guest = new_visitor()
        assert attempt(guest, email=address("chef.fk", HOME)) == 302
        pages = []
        for _ in range(7):
            status = attempt(guest, "fel lösenord", email)
            pages.append((status, guest.last.headers.getlist("Set-Cookie")[1:]))
        answers[email] = pages
    assert answers[address("chef.af", HOME)] == answers["ingen@habo.example"]
    assert [status for status, _ in answers["ingen@habo.example"]] == [422] * 6 + [429]


@pytest.mark.parametrize("end", ["password", "forged", "old", "another"])
def test_p20_a_note_that_is_forged_old_or_of_another_password_or_account_is_none(stage, visitor, new_visitor, end):
    attempt(visitor, email=address("chef.af", HOME) if end == "another" else OWNER)
    if end == "forged":
        visitor.client.set_cookie(COOKIE, forged(note(visitor)))
    if end == "password":
        stage.ask(
            lambda cast: service.set_password(OPERATOR, user_by_email(OWNER), NEW, federation_id=cast.federation().id)
        )
    later = timedelta(days=91) if end == "old" else timedelta()
    with clock.at(clock.now() + later):
        locked(new_visitor)
        assert attempt(visitor, NEW if end == "password" else PASSWORD) == 429


def test_one_browser_is_known_for_colleagues_who_share_it_and_for_five_at_most(visitor, new_visitor):
    parts = ("chef.af", "chef.fk", "forbundschef", PART)
    for part in parts:
        assert attempt(visitor, email=address(part, HOME)) == 302
    locked(new_visitor, address("chef.af", HOME))
    assert attempt(visitor, email=address("chef.af", HOME)) == 302
    before = len(note(visitor))
    for part in parts:
        attempt(visitor, email=address(part, HOME))
    assert abs(len(note(visitor)) - before) < 40, "each stands there once"


def test_p20_a_new_password_by_mail_lets_the_owner_in_from_anywhere(stage, visitor, new_visitor):
    path = stage.ask(lambda _cast: f"/nytt-losenord/{token_for(user_by_email(OWNER))}")
    locked(new_visitor)
    visitor.get(path)
    visitor.post(path, {"password": NEW})
    assert attempt(visitor, NEW) == 302
    visitor.get("/mitt-konto")
    visitor.post("/mitt-konto/losenord", {"current_password": NEW, "password": PASSWORD}, form="losenord")
    assert attempt(visitor) == 302, "and after one that was changed here"


def test_a_wrong_password_makes_no_browser_known(visitor):
    for wrong in ("fel lösenord", ""):
        attempt(visitor, wrong)
        assert visitor.client.get_cookie(COOKIE) is None


def test_p20_p31_without_redis_a_known_browser_is_refused_too(redis_server, database_url, tmp_path):
    application = create_app(settings_for(database_url, tmp_path, redis_server.url))
    application.extensions[STORAGE].reset()
    visitor = Visitor(application.test_client())
    assert attempt(visitor) == 302
    redis_server.stop()
    try:
        assert attempt(visitor) == 503
    finally:
        redis_server.start()
        with application.app_context():
            db.session.remove()
            db.engine.dispose()


def test_p21_behind_https_the_note_is_bound_to_the_host(database_url, tmp_path):
    settings = settings_for(database_url, tmp_path)
    values = {name: getattr(settings, name) for name in settings.__slots__}
    application = create_app(type(settings)(**{**values, "base_url": SITE}))
    visitor = Visitor(application.test_client())
    page = visitor.client.get("/logga-in", base_url=SITE).get_data(as_text=True)
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    data = {"csrf_token": token, "email": OWNER, "password": PASSWORD}
    answer = visitor.client.post("/logga-in", data=data, base_url=SITE, headers={"Referer": f"{SITE}/logga-in"})
    (line,) = [one for one in answer.headers.getlist("Set-Cookie") if "known" in one.partition("=")[0]]
    assert line.startswith(f"__Host-{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
    assert OWNER not in line
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def test_every_limit_of_signing_in_fails_closed():
    found = [value for value in vars(guessing).values() if isinstance(value, guessing.Limit)]
    assert len(found) >= 8
    assert all(limit.closed for limit in found)
