"""Editions: approved as they are, frozen for good, compared, and read when the cases are gone (P26, P28, P29)."""

from __future__ import annotations

import json

import pytest
from reporting import PATH, SPRING, TEXT, YEAR, approve, cases_of_the_year, freeze, frozen, hash_now, write
from sqlalchemy import select, text

from lexheller.accounts.rights import RIGHTS, Right, Role
from lexheller.action_reports import editions, publishing_editions
from lexheller.action_reports.compiling import canonical, hash_of
from lexheller.action_reports.drafting import draft_of, figures, report_data
from lexheller.action_reports.models import Edition
from lexheller.actions.models import Action
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.faults.models import Fault
from tests.cast.grants import become_owner
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.statistics.disposing import dispose_of, without_words, year_of_mending

EDITION = f"{PATH}/utgava/1"


def test_p29_frozen_twice_unchanged_the_data_is_the_same_to_the_byte(cast):
    first, second = frozen(cast), freeze(cast)
    assert (first.number, second.number) == (1, 2)
    assert first.hash == second.hash == hash_of(first.data) == hash_now(cast)
    assert canonical(first.data) == canonical(second.data)
    assert first.diary_number != second.diary_number
    db.session.expire_all()
    again = editions.numbered(cast.federation().id, YEAR, 1)
    assert editions.verify(again)
    assert canonical(again.data) == canonical(
        {key: value for key, value in report_data(cast.federation(), YEAR).items() if key != "hash"}
    )


def test_an_edition_says_who_when_and_under_which_number_and_closes_its_draft(cast):
    one = frozen(cast)
    assert (one.approved_by, one.approved_by_user_id) == (cast.director.name, cast.director.user_id)
    assert one.diary_number.startswith(f"{clock.local_year()}:")
    assert (one.cut_off.isoformat(), one.data["texts"]) == ("2024-12-31", {"summary": TEXT})
    assert one.data["goals"][0]["fulfilment"] == "met"
    assert draft_of(one.federation_id, YEAR).is_open is False
    write(cast, "Något nytt.")
    assert draft_of(one.federation_id, YEAR).is_open is True


def test_only_a_director_approves(cast):
    assert [role for role in Role if Right.APPROVE_ACTION_REPORT in RIGHTS[role]] == [Role.DIRECTOR]
    home, seen = cast.federation(), hash_now(cast)
    for actor in (cast.coordinator, cast.person("chef.af"), cast.outsider, cast.person("chef.af", ELSEWHERE)):
        with pytest.raises(NotAllowedToSee):
            editions.approve(actor, home, YEAR, seen_hash=seen)
        with pytest.raises(NotAllowedToSee):
            editions.withdraw_approval(actor, home, YEAR)
    approve(cast)
    assert draft_of(home.id, YEAR).approved_hash == seen


def test_what_changes_after_the_approval_must_be_approved_again(cast):
    home = cast.federation()
    cases_of_the_year(cast)
    with pytest.raises(InvalidInput, match="not_approved"):
        freeze(cast)
    old = hash_now(cast)
    approve(cast)
    write(cast)
    with pytest.raises(InvalidInput, match="changed"):
        freeze(cast)
    with pytest.raises(InvalidInput, match="changed"):
        editions.approve(cast.director, home, YEAR, seen_hash=old)
    approve(cast)
    cases_of_the_year(cast)
    with pytest.raises(InvalidInput, match="changed"):
        freeze(cast)
    approve(cast)
    with transaction():
        editions.withdraw_approval(cast.director, home, YEAR)
    with pytest.raises(InvalidInput, match="not_approved"):
        freeze(cast)
    assert editions.newest_edition(home.id, YEAR) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE report_edition SET hash = hash",
        "UPDATE report_edition SET data = data, approved_by = 'Någon annan'",
        "DELETE FROM report_edition",
    ],
)
def test_the_database_itself_refuses_to_alter_or_delete_an_edition(cast, statement):
    """Even to who owns it."""
    one = frozen(cast)
    become_owner(db.session)
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert editions.verify(db.session.get_one(Edition, one.id))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "statement", ["TRUNCATE report_edition CASCADE", "TRUNCATE event", "TRUNCATE federation CASCADE"]
)
def test_p14_p29_the_database_itself_refuses_to_empty_editions_and_events(cast, statement):
    """SQLite cannot: it has only DELETE."""
    one = frozen(cast)
    become_owner(db.session)
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert editions.verify(db.session.get_one(Edition, one.id))


def test_an_edition_whose_data_was_tampered_with_does_not_verify(cast):
    one = frozen(cast)
    forged = Edition(data={**one.data, "received": 99}, hash=one.hash)
    assert editions.verify(one)
    assert not editions.verify(forged)


def test_published_and_taken_down_again_each_once(cast):
    one = frozen(cast)
    for _ in range(2):
        with transaction():
            publishing_editions.publish(cast.coordinator, one)
    assert [found.edition.number for found in publishing_editions.published(one.federation_id)] == [1]
    for _ in range(2):
        with transaction():
            publishing_editions.withdraw(cast.coordinator, one)
    assert publishing_editions.published(one.federation_id) == []
    with transaction():
        publishing_editions.publish(cast.director, one)
    assert publishing_editions.newest_published(one.federation_id, YEAR) == one
    for actor in (cast.outsider, cast.person("chef.af")):
        with pytest.raises(NotAllowedToSee):
            publishing_editions.publish(actor, one)
        with pytest.raises(NotAllowedToSee):
            publishing_editions.withdraw(actor, one)


def test_p26_figures_and_editions_outlive_the_cases(stage, visitor):
    """The rows go as a disposal would take them; the figures are the same, and the edition still names the cases."""
    stage.ask(year_of_mending)
    number, before = stage.ask(lambda cast: (frozen(cast).data["cases"][0], figures(cast.federation(), YEAR)))
    visitor.sign_in("forbundschef")
    visitor.get(f"{EDITION}/received/all")
    assert f">{number}</a>" in visitor.text
    stage.ask(lambda _cast: dispose_of("case_file", db.session.scalars(select(Case.id))))
    assert stage.ask(lambda cast: figures(cast.federation(), YEAR)) == before
    stage.ask(lambda _cast: dispose_of("fault", db.session.scalars(select(Fault.id))))
    stage.ask(lambda _cast: dispose_of("action", db.session.scalars(select(Action.id))))
    after = stage.ask(lambda cast: figures(cast.federation(), YEAR))
    assert without_words(after) == without_words(before)
    for path in (EDITION, f"{EDITION}/received/all", PATH, f"{PATH}/received/all", f"{PATH}/utkast"):
        assert visitor.get(path).status_code == 200, path
    visitor.get(f"{EDITION}/received/all")
    assert f"{number} (gallrat)" in visitor.text
    assert f">{number}</a>" not in visitor.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_from_draft_to_published_edition_through_the_pages(stage, new_visitor, language):
    stage.ask(cases_of_the_year)
    office, director = new_visitor(), new_visitor()
    for visitor, part in ((office, "samordnare"), (director, "forbundschef")):
        visitor.sign_in(part)
        visitor.get(f"{PATH}?lang={language}")
        assert f'href="{PATH}/utkast"' in visitor.text
    office.get(f"{PATH}/utkast/granska")
    assert f'action="{PATH}/utkast/granska"' not in office.text
    office.post(f"{PATH}/utkast/granska", {"hash": stage.ask(hash_now)})
    assert office.last.status_code == 404
    office.get(f"{PATH}/utkast/frys")
    office.post(f"{PATH}/utkast/frys")
    assert office.last.status_code == 422
    director.get(f"{PATH}/utkast/granska")
    director.post(f"{PATH}/utkast/granska", {"hash": "0" * 64})
    assert director.last.status_code == 422
    director.post(f"{PATH}/utkast/granska", {"hash": stage.ask(hash_now)})
    office.get(f"{PATH}/utkast/frys")
    office.post(f"{PATH}/utkast/frys")
    assert (office.last.status_code, office.last.request.path) == (200, EDITION)
    office.get(f"{EDITION}/publicera")
    office.post(f"{EDITION}/publicera")
    assert stage.ask(lambda cast: len(publishing_editions.published(cast.federation().id))) == 1
    office.post(f"{EDITION}/ta-ner")
    assert stage.ask(lambda cast: publishing_editions.published(cast.federation().id)) == []
    stage.ask(write)
    office.get(f"{PATH}/utkast")
    assert stage.ask(lambda cast: draft_of(cast.federation().id, YEAR).approved_by) in office.text
    office.get(f"{PATH}/utkast/skillnader")
    assert TEXT in office.text
    director.get(f"{PATH}/utkast")
    director.post(f"{PATH}/utkast/ta-tillbaka")
    assert stage.ask(lambda cast: draft_of(cast.federation().id, YEAR).approved_hash) is None


def test_p28_each_figure_of_an_edition_opens_the_cases_that_were_frozen(stage, visitor):
    data = stage.ask(lambda cast: frozen(cast).data)
    visitor.sign_in("forbundschef")
    visitor.get(EDITION)
    page = visitor.text
    for measure, behind in data["cases_behind"].items():
        for key, numbers in behind.items():
            assert visitor.get(f"{EDITION}/{measure}/{key}").status_code == 200, (measure, key)
            assert all(number in visitor.text for number in numbers)
    for measure in ("by_organisation", "by_theme", "by_month"):
        line = next(line for line in data[measure] if line["count"])
        assert f'href="{EDITION}/{measure}/{line["key"]}"' in page
    for odd in ("by_theme/finns-inte", "by_nothing/x", "facts/all"):
        assert visitor.get(f"{EDITION}/{odd}").status_code == 404


def test_p28_figures_of_earlier_years_open_their_cases_too_and_those_that_came_later_are_none(stage, visitor):
    def two_years(cast) -> tuple[dict, str]:
        with clock.at(SPRING.replace(year=YEAR - 1)):
            cast.reach(CaseStatus.ASSIGNED)
        data = frozen(cast).data
        with clock.at(SPRING.replace(year=YEAR - 1)):
            return data, cast.reach(CaseStatus.ASSIGNED).number

    data, later = stage.ask(two_years)
    behind, before = data["cases_behind"], str(YEAR - 1)
    assert data["per_year"] == {before: 1, str(YEAR): 3}
    assert list(behind["received_per_year"]) == [before]
    (theme,) = (key for key, numbers in behind["themes_per_year"].items() if numbers)
    assert behind["themes_per_year"][theme] == behind["received_per_year"][before]
    visitor.sign_in("forbundschef")
    visitor.get(EDITION)
    paths = [f"{EDITION}/received_per_year/{before}", f"{EDITION}/themes_per_year/{theme}"]
    for path in (*paths, f"{EDITION}/received/all"):
        assert f'href="{path}"' in visitor.text
    for path in paths:
        assert visitor.get(path).status_code == 200
        assert behind["received_per_year"][before][0] in visitor.text
        assert later not in visitor.text
    visitor.get(f"{PATH}/utkast")
    for path in (f"{PATH}/received_per_year/{before}", f"{PATH}/themes_per_year/{theme}"):
        assert f'href="{path}"' in visitor.text
        visitor.get(path)
        assert later in visitor.text
        visitor.get(f"{PATH}/utkast")


def test_a_second_edition_tells_what_differs_from_the_first(stage, visitor):
    def twice(cast) -> None:
        frozen(cast)
        write(cast, "Något helt annat.")
        with clock.at(clock.now().replace(year=YEAR)):
            cast.reach(CaseStatus.ASSIGNED)
        approve(cast)
        freeze(cast)

    stage.ask(twice)
    visitor.sign_in("samordnare")
    visitor.get(f"{PATH}/utgava/2/skillnader")
    for words in ("Inkomna anmälningar", "Något helt annat.", TEXT, "Sammanfattning"):
        assert words in visitor.text
    assert visitor.get(f"{EDITION}/skillnader").status_code == 200


FORMS = ("html", "pdf", "docx", "short-docx", "xlsx", "csv", "json")


def test_p29_p30_an_edition_is_to_be_had_in_every_form_without_case_numbers(stage, visitor):
    data = stage.ask(lambda cast: frozen(cast).data)
    visitor.sign_in("forbundschef")
    for form in FORMS:
        for path in (f"{EDITION}.{form}", f"{PATH}/utkast.{form}"):
            answer = visitor.get(path)
            assert answer.status_code == 200, path
            assert "attachment" in answer.headers["Content-Disposition"]
            assert not any(number.encode() in answer.data for number in data["cases"])
            assert answer.data == visitor.get(path).data or form in {"pdf", "docx", "short-docx", "xlsx"}
    opened = json.loads(visitor.get(f"{EDITION}.json").data)
    assert (opened["year"], opened["hash"]) == (YEAR, hash_of(data))
    assert visitor.get(f"{EDITION}.exe").status_code == 404


def test_p15_the_outsider_and_a_manager_meet_no_edition(stage, new_visitor):
    stage.ask(frozen)
    paths = ("", ".pdf", ".json", "/skillnader", "/received/all")
    for part, slug in (("samordnare", ELSEWHERE), ("chef.af", HOME), ("chef.af", ELSEWHERE)):
        visitor = new_visitor()
        visitor.sign_in(part, slug)
        for path in paths:
            assert visitor.get(f"{EDITION}{path}").status_code == 404
            assert visitor.get(f"/atgardsrapport/{ELSEWHERE}/{YEAR}/utgava/1{path}").status_code == 404
