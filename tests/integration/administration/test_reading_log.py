"""The log of who read or downloaded what: kept after the answer, never altered, seen by those who may."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import Row, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from lexheller.accounts import readings
from lexheller.accounts.rights import Role
from lexheller.audit.reading_log import Reading, Thing
from lexheller.cases.answer_link import link_for, token_for
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.data import address
from lexheller.intake.service import receipt_code
from tests.cast.grants import become_owner
from tests.cast.people import ELSEWHERE, HOME
from tests.guard.world import world as world

LOG = f"/installningar/{HOME}/lasningar"


COLUMNS = (Reading.reader_kind, Reading.thing, Reading.subject_id, Reading.form)


def rows(stage) -> list[tuple[str, str, int, str]]:
    """Who (kind), what, which, how; oldest first."""
    query = select(*COLUMNS).order_by(Reading.id)
    return stage.ask(lambda _cast: [tuple(row) for row in db.session.execute(query)])


def last(stage) -> Row:
    query = select(*COLUMNS, Reading.reader_id, Reading.sign_in_id).order_by(Reading.id.desc()).limit(1)
    return stage.ask(lambda _cast: db.session.execute(query).one())


def test_a_case_page_is_kept_once_in_ten_minutes_with_person_and_sign_in(stage, visitor, new_visitor):
    case, other = stage.case(), new_visitor()
    visitor.sign_in("samordnare")
    start = clock.now()
    for minutes in (0, 3, 9):
        with clock.at(start + timedelta(minutes=minutes)):
            assert visitor.get(case.path).status_code == 200
    assert rows(stage) == [("user", "case", case.id, "page")]
    kept = last(stage)
    assert kept.sign_in_id is not None
    assert kept.reader_id == stage.ask(lambda cast: cast.coordinator.user_id)
    with clock.at(start + timedelta(minutes=11)):
        visitor.get(case.path)
    other.sign_in("forbundschef")
    other.get(case.path)
    assert len(rows(stage)) == 3


def test_what_was_not_shown_is_not_kept(stage, visitor, new_visitor):
    case, outsider = stage.case(), new_visitor()
    outsider.sign_in("samordnare", ELSEWHERE)
    assert outsider.get(case.path).status_code == 404
    visitor.sign_in("samordnare")
    visitor.get(f"/arenden/{HOME}")
    visitor.client.head(case.path)
    assert rows(stage) == []


@pytest.mark.parametrize("sent", [{}, {"note-text": "Ringde.", "edit": "1"}], ids=["refused", "back to the form"])
def test_a_page_that_a_form_shows_again_is_kept_as_the_page(stage, visitor, sent):
    """Nobody reads past the log by sending forms."""
    case = stage.case()
    visitor.sign_in("samordnare")
    visitor.get(f"/arenden/{HOME}")
    assert rows(stage) == []
    visitor.post(f"{case.path}/anteckning", sent)
    assert case.number in visitor.text
    assert rows(stage) == [("user", "case", case.id, "page")]


def test_a_link_holders_refused_form_and_a_search_for_words_to_mask_are_kept(stage, visitor, new_visitor):
    case = stage.case()

    def made(cast):
        found = db.session.get_one(Case, case.id)
        link = link_for(cast.duty(found), name="Omar Haddad", email=address("chef.af", HOME))
        return f"/svar/{token_for(link)}", found.report_id

    path, report_id = stage.ask(made)
    visitor.get("/logga-in")
    assert visitor.post(f"{path}/svara", {}).status_code == 422
    assert [row[:2] for row in rows(stage)] == [("link", "case")]
    office = new_visitor()
    office.sign_in("samordnare")
    office.get(f"/arenden/{HOME}")
    at = f"/maskering/{HOME}/arende/{case.id}/report.what_happened/{report_id}"
    assert office.post(at, {"find": "1", "words": "zzz"}).status_code in {200, 422}
    assert ("user", "case", case.id, "page") in rows(stage)


def test_a_link_holder_and_a_reporter_are_kept_by_kind(stage, visitor):
    case = stage.case()

    def made(cast):
        found = db.session.get_one(Case, case.id)
        link = link_for(cast.duty(found), name="Omar Haddad", email=address("chef.af", HOME))
        return link.id, token_for(link), receipt_code(found.federation_id, found.report.submission_id)

    link_id, secret, code = stage.ask(made)
    assert visitor.get(f"/svar/{secret}").status_code == 200
    kept = last(stage)
    assert (kept.reader_kind, kept.reader_id, kept.thing, kept.subject_id) == ("link", link_id, "case", case.id)
    assert kept.sign_in_id is None
    visitor.get("/kvitto")
    assert visitor.post("/kvitto", {"code": code}).status_code == 200
    kept = last(stage)
    assert (kept.reader_kind, kept.reader_id, kept.thing, kept.subject_id) == ("reporter", 0, "receipt", case.id)


def test_every_file_is_kept_each_time_and_opened_addresses_too(stage, visitor, world):
    visitor.sign_in("forbundschef")
    year, number = world["year"], world["number"]
    for form in ("csv", "csv", "json"):
        assert visitor.get(f"/atgardsrapport/{HOME}/{year}/utgava/{number}.{form}").status_code == 200
    edition = year * 1000 + number
    assert rows(stage) == [("user", "edition", edition, form) for form in ("csv", "csv", "json")]


def test_a_file_is_not_given_out_when_nobody_would_know_and_a_page_is_shown(stage, visitor, world, monkeypatch):
    visitor.sign_in("forbundschef")

    def broken(_readings):
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(readings, "keep", broken)
    assert visitor.get(f"/arenden/{HOME}/{world['case_id']}").status_code == 200
    answer = visitor.get(f"/atgardsrapport/{HOME}/{world['year']}/utgava/{world['number']}.csv")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Content-Disposition" not in answer.headers
    assert rows(stage) == []


@pytest.mark.parametrize("change", ["UPDATE reading SET reader_id = 1", "DELETE FROM reading"])
def test_the_database_refuses_to_change_a_reading(stage, visitor, change):
    visitor.sign_in("samordnare")
    visitor.get(stage.case().path)

    def try_it(_cast):
        with pytest.raises(DBAPIError, match="append-only"), transaction():
            become_owner(db.session)
            db.session.execute(text(change))

    stage.ask(try_it)
    assert len(rows(stage)) == 1


def test_the_director_searches_and_takes_it_along_and_that_is_kept(stage, visitor, new_visitor):
    case, office = stage.case(), new_visitor()
    other = stage.case()
    office.sign_in("samordnare")
    office.get(case.path)
    office.get(other.path)
    visitor.sign_in("forbundschef")
    visitor.get(case.path)
    assert "Vem har läst ärendet?" in visitor.text
    visitor.get(f"{LOG}?number={case.number}")
    assert visitor.text.count(f"Ärende {case.number}") == 2
    assert other.number not in visitor.text
    reader = stage.ask(lambda cast: cast.coordinator.user_id)
    visitor.get(f"{LOG}?person={reader}&from=2020-01-01&to=2090-01-01")
    assert visitor.text.count("Ärende ") >= 2
    assert "Ingen läsning passar" in visitor.get(f"{LOG}?to=2020-01-01").get_data(as_text=True)
    assert "Ingen läsning passar" in visitor.get(f"{LOG}?number=1999:1").get_data(as_text=True)
    answer = visitor.get(f"{LOG}.csv?number={case.number}")
    table = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))
    assert table[0] == ["När", "Vem", "Vad", "Hur", "Inloggning"]
    assert [line[2] for line in table[1:]] == [f"Ärende {case.number}"] * 2
    assert rows(stage)[-1] == ("user", Thing.READINGS, 0, "csv")


def test_the_log_is_not_there_for_others(visitor, new_visitor):
    for part, slug in (("samordnare", HOME), ("chef.af", HOME), ("forbundschef", ELSEWHERE)):
        person = new_visitor()
        person.sign_in(part, slug)
        for path in (LOG, f"{LOG}.csv"):
            assert person.get(path).status_code == 404


def test_an_administrator_sees_who_read_and_not_what_it_says(stage, visitor, new_visitor):
    case, office = stage.case(), new_visitor()
    office.sign_in("samordnare")
    office.get(case.path)
    stage.ask(lambda cast: cast.newcomer("administrator", Role.ADMINISTRATOR))
    visitor.sign_in("administrator")
    assert f"Ärende {case.number}" in visitor.get(LOG).get_data(as_text=True)
    assert case.path not in visitor.text
    assert visitor.get(case.path).status_code == 404


def test_odd_searches_are_never_an_error(visitor):
    visitor.sign_in("forbundschef")
    for value in ("²", "999999999999", "'--", "\x00", "2024-99-99", "9999-12-31", "0001-01-01", "[]"):
        for name in ("person", "number", "from", "to", "after"):
            assert visitor.client.get(LOG, query_string={name: value}).status_code == 200


def test_a_list_is_read_in_pages_at_the_same_cost(stage, visitor):
    visitor.sign_in("forbundschef")
    case = stage.case()
    for number in range(60):
        with clock.at(clock.now() + timedelta(minutes=11 * number)):
            visitor.get(case.path)
    assert visitor.get(LOG).get_data(as_text=True).count(f"Ärende {case.number}") == 50
    assert "Nästa" in visitor.text


def test_everybody_is_told_what_is_kept(visitor):
    visitor.sign_in("samordnare")
    assert "Det här sparas om dig" in visitor.get("/mitt-konto").get_data(as_text=True)
