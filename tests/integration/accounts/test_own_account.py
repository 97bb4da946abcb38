"""P19: the own account's page: one's sign-ins, ended here and dead everywhere; how long they live; a new password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lexheller.accounts import notices, sign_ins
from lexheller.accounts.models import SignIn
from lexheller.accounts.queries import user_by_email
from lexheller.app.factory import create_app
from lexheller.audit.models import Event
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.data import PASSWORD, address
from lexheller.messaging.models import Message
from tests.cast.databases import settings_for
from tests.cast.people import ELSEWHERE, HOME, Visitor
from tests.cast.traces import everything

OWN, PAGE, PART = "/mitt-konto", f"/arenden/{HOME}", "samordnare"
NEW = "en grävling i varje rum"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def other_process(database_url, tmp_path):
    application = create_app(settings_for(database_url, tmp_path))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def rows(stage, what=SignIn.id):
    return stage.ask(lambda _cast: list(db.session.scalars(select(what).order_by(SignIn.id))))


def kinds(stage):
    return stage.ask(lambda _cast: list(db.session.scalars(select(Event.kind).order_by(Event.id))))


def is_in(visitor) -> bool:
    return visitor.client.get(PAGE).status_code == 200


def change(visitor, current: str, new: str):
    visitor.get(OWN)
    return visitor.post(f"{OWN}/losenord", {"current_password": current, "password": new}, form="losenord")


def test_the_page_lists_the_own_living_sign_ins_and_says_which_is_this(stage, new_visitor):
    one, other, gone, stranger = (new_visitor() for _ in range(4))
    other.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    for visitor in (one, other, gone):
        visitor.sign_in(PART)
    stranger.sign_in(PART, ELSEWHERE)
    gone.post("/logga-ut")
    page = one.get(OWN).get_data(as_text=True)
    assert "Firefox på Windows-dator" in page
    assert page.count("Den här webbläsaren") == 1
    ended = re.findall(r"/mitt-konto/inloggningar/(\d+)/avsluta", page)
    assert [int(found) for found in ended] == [rows(stage)[1]]


def test_p19_one_of_the_own_sign_ins_is_ended_and_is_dead_in_every_process(stage, new_visitor, other_process):
    here, there = new_visitor(), Visitor(other_process.test_client())
    here.sign_in(PART)
    there.sign_in(PART)
    assert is_in(there)
    row = rows(stage)[1]
    for _twice in range(2):
        here.get(OWN)
        assert here.post(f"{OWN}/inloggningar/{row}/avsluta").status_code == 200
    assert not is_in(there)
    assert is_in(here)
    assert kinds(stage)[-1] == "account.sign_ins_ended"
    assert kinds(stage).count("account.sign_ins_ended") == 1


def test_p15_nobody_ends_anothers_sign_in(app, stage, new_visitor):
    office, colleague = new_visitor(), new_visitor()
    colleague.sign_in("forbundschef")
    office.sign_in(PART)
    before = everything(app)
    office.get(OWN)
    assert office.post(f"{OWN}/inloggningar/{rows(stage)[0]}/avsluta").status_code == 404
    assert everything(app) == before


def test_p19_all_others_are_ended_at_once(stage, new_visitor):
    here, *others = (new_visitor() for _ in range(3))
    stranger = new_visitor()
    stranger.sign_in("forbundschef")
    for visitor in (here, *others):
        visitor.sign_in(PART)
    here.get(OWN)
    assert "2 inloggningar är avslutade" in here.post(f"{OWN}/inloggningar/avsluta-andra").get_data(as_text=True)
    assert [is_in(visitor) for visitor in (here, *others, stranger)] == [True, False, False, True]
    event = stage.ask(lambda _cast: db.session.scalars(select(Event).order_by(Event.id.desc())).first().data)
    assert event == {"count": 2}


def test_p19_a_new_password_ends_every_other_sign_in_and_gives_this_browser_a_new_one(stage, new_visitor):
    here, thief, other = (new_visitor() for _ in range(3))
    here.sign_in(PART)
    other.sign_in(PART)
    stolen = here.client.get_cookie("lexheller").value
    thief.client.set_cookie("lexheller", stolen)
    assert is_in(thief)
    assert "Lösenordet är bytt" in change(here, PASSWORD, NEW).get_data(as_text=True)
    assert [is_in(visitor) for visitor in (here, thief, other)] == [True, False, False]
    assert here.client.get_cookie("lexheller").value != stolen
    assert kinds(stage)[-1] == "account.password_changed"
    told = stage.ask(lambda _cast: list(db.session.scalars(select(Message.kind))))
    assert told == [notices.CHANGED]
    for password, status in ((PASSWORD, 302), (NEW, 200)):
        guest = new_visitor()
        guest.sign_in(PART, password=password)
        assert guest.client.get(PAGE).status_code == status


@pytest.mark.parametrize(
    ("current", "new", "said"),
    [
        ("fel lösenord", NEW, "Lösenordet stämmer inte"),
        (PASSWORD, "för kort", "minst 12 tecken"),
        (PASSWORD, "x" * 201, "Högst 200 tecken"),
        (PASSWORD, "lexheller2026", "lätt att gissa"),
        (PASSWORD, address(PART, HOME), "lätt att gissa"),
        (PASSWORD, "Sommar2026!!", "lätt att gissa"),
        ("", "", "Skriv ditt lösenord"),
    ],
)
def test_a_new_password_is_refused_in_words_and_nothing_has_changed(app, visitor, current, new, said):
    visitor.sign_in(PART)
    visitor.get(OWN)
    before = everything(app)
    answer = change(visitor, current, new)
    assert answer.status_code == 422
    assert said in visitor.text
    assert everything(app) == before
    assert is_in(visitor)
    for word in (current, new):
        assert not word or f'value="{word}"' not in visitor.text or word == address(PART, HOME)


def test_p20_the_own_password_cannot_be_guessed_by_whoever_sits_at_the_browser(visitor):
    visitor.sign_in(PART)
    answers = [change(visitor, f"gissning nummer {number}", NEW).status_code for number in range(8)]
    assert answers == [422] * 6 + [429] * 2
    assert "gissning" not in visitor.text
    assert NEW not in visitor.text


def later(**delta) -> object:
    return clock.at(clock.now() + timedelta(**delta))


def test_p19_a_sign_in_that_was_left_alone_is_over(visitor):
    visitor.sign_in(PART)
    with later(hours=1, minutes=59):
        assert visitor.client.get("/kvitto").status_code == 200  # asks for no sign-in, and counts for it all the same
    with later(hours=3, minutes=55):
        assert is_in(visitor)
    with later(hours=5, minutes=59):
        assert not is_in(visitor)


def test_p19_one_that_is_used_lives_on_but_no_longer_than_twelve_hours(visitor):
    visitor.sign_in(PART)
    for hours in range(1, 12):
        with later(hours=hours):
            assert is_in(visitor), hours
    with later(hours=12, minutes=1):
        assert not is_in(visitor)


def test_p19_an_ended_sign_in_is_not_brought_to_life_by_being_seen(stage, visitor):
    visitor.sign_in(PART)

    def see(_cast):
        row = db.session.scalars(select(SignIn)).one()
        sign_ins.end_all_sign_ins(user_by_email(address(PART, HOME)))
        with later(minutes=6):
            sign_ins.note_seen(row.id, row.seen_at)
        db.session.refresh(row)
        return row.seen_at == row.started_at, row.ended_at is not None

    assert stage.ask(see) == (True, True)


def test_p18_when_one_was_seen_is_written_seldom_and_after_the_page(app, stage, visitor):
    visitor.sign_in(PART)
    before = everything(app)
    with later(minutes=4):
        assert is_in(visitor)
    assert everything(app) == before
    with later(minutes=6):
        for _again in range(2):
            assert is_in(visitor)
    seen, started = rows(stage, SignIn.seen_at)[0], rows(stage, SignIn.started_at)[0]
    assert timedelta(minutes=6) <= seen - started < timedelta(minutes=8)


def test_p31_a_page_is_shown_though_it_cannot_be_noted_that_it_was(visitor, monkeypatch):
    def broken(*_given):
        raise OperationalError("UPDATE", {}, Exception("locked"))

    monkeypatch.setattr(sign_ins, "note_seen", broken)
    visitor.sign_in(PART)
    with later(minutes=6):
        assert is_in(visitor)


def test_the_name_in_the_header_leads_to_the_own_account(visitor):
    visitor.sign_in(PART)
    assert re.search(rf'<a class="signed-in__name" href="{OWN}">', visitor.get(PAGE).get_data(as_text=True))
