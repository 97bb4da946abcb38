"""The settings pages as people use them: forms, what they say, who may open them, and what a second press does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lexheller.cases.models import Duty
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.queries import frame_of, settings_of
from lexheller.demo.data import address
from lexheller.organisations.models import ClosedDay, ResponsibleManager, StandardText, Substitution, Theme, Unit
from lexheller.organisations.queries import responsible_managers, units
from lexheller.organisations.service import end_manager
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import counts, everything

AT = f"/installningar/{HOME}"
XSS = "<script>alert(1)</script>"


@pytest.fixture
def office(visitor):
    visitor.sign_in("samordnare")
    return visitor


def ids(stage, slug=HOME) -> dict[str, int]:
    def found(cast):
        home = cast.federation(slug).id
        unit = next(unit for unit in units(home) if unit.name == "Försörjningsstöd")
        rows = {
            name: db.session.scalars(select(model.id).where(model.federation_id == home)).first()
            for name, model in (
                ("substitution", Substitution),
                ("closed", ClosedDay),
                ("theme", Theme),
                ("text", StandardText),
            )
        }
        manager = responsible_managers(unit.id, clock.today())[0]
        return {**rows, "unit": unit.id, "manager": manager.id, "organisation": unit.organisation_id}

    return stage.ask(found)


def pages(stage, slug=HOME) -> list[str]:
    found, at = ids(stage, slug), f"/installningar/{slug}"
    return [
        at,
        f"{at}/enheter",
        f"{at}/enheter/ny",
        f"{at}/enheter/{found['unit']}",
        f"{at}/enheter/{found['unit']}/andra",
        f"{at}/enheter/{found['unit']}/chef",
        f"{at}/enheter/{found['unit']}/chef/{found['manager']}",
        f"{at}/ersattare",
        f"{at}/kalender",
        f"{at}/kalender/ny",
        f"{at}/kalender/{found['closed']}",
        f"{at}/svarstider",
        f"{at}/teman",
        f"{at}/teman/{found['theme']}",
        f"{at}/teman/{found['theme']}/dela",
        f"{at}/teman/sla-ihop",
        f"{at}/standardtexter",
        f"{at}/standardtexter/ny",
        f"{at}/standardtexter/{found['text']}",
        f"{at}/personer",
    ]


@pytest.mark.parametrize("part", ["samordnare", "forbundschef"])
def test_the_office_opens_every_page_and_each_has_one_heading(stage, new_visitor, part):
    person = new_visitor()
    person.sign_in(part)
    for path in pages(stage):
        assert person.get(path).status_code == 200, path
        assert person.text.count("<h1") == 1, path
        found = re.findall(r' id="([^"]+)"', person.text)
        assert len(set(found)) == len(found), path
        assert 'aria-current="page"' in person.text, path


@pytest.mark.parametrize(("part", "slug"), [("samordnare", ELSEWHERE), ("chef.af", HOME), ("chef.af", ELSEWHERE)])
def test_p15_p17_nobody_else_opens_any(stage, new_visitor, part, slug):
    person = new_visitor()
    person.sign_in(part, slug)
    for path in pages(stage):
        assert person.client.get(path).status_code == 404, path


def test_p15_things_of_another_federation_do_not_exist_under_the_own(app, stage, office):
    there, before = ids(stage, ELSEWHERE), everything(app)
    unit, manager = f"{AT}/enheter/{there['unit']}", there["manager"]
    own = ids(stage)["unit"]
    for path in (
        unit,
        f"{unit}/andra",
        f"{unit}/chef",
        f"{AT}/enheter/{own}/chef/{manager}",
        f"{AT}/kalender/{there['closed']}",
        f"{AT}/teman/{there['theme']}",
        f"{AT}/teman/{there['theme']}/dela",
        f"{AT}/standardtexter/{there['text']}",
    ):
        assert office.client.get(path).status_code == 404, path
    for path in (
        f"{unit}/andra",
        f"{unit}/ur-bruk",
        f"{unit}/i-bruk",
        f"{unit}/chef",
        f"{AT}/enheter/{own}/chef/{manager}",
        f"{AT}/enheter/{own}/chef/{manager}/slutar",
        f"{AT}/enheter/{own}/chef/{manager}/bekrafta",
        f"{AT}/ersattare/{there['substitution']}/avsluta",
        f"{AT}/kalender/{there['closed']}",
        f"{AT}/teman/{there['theme']}",
        f"{AT}/teman/{there['theme']}/dela",
        f"{AT}/teman/{there['theme']}/flytta",
        f"{AT}/teman/{there['theme']}/ur-bruk",
        f"{AT}/teman/{there['theme']}/i-bruk",
        f"{AT}/standardtexter/{there['text']}",
        f"{AT}/standardtexter/{there['text']}/ur-bruk",
        f"{AT}/standardtexter/{there['text']}/i-bruk",
    ):
        office.get(AT)
        assert office.post(path, {"name": "x", "label": "x", "note": "x"}).status_code == 404, path
    assert everything(app) == before


def test_a_unit_is_added_gets_a_manager_and_is_found(app, stage, office):
    organisation = ids(stage)["organisation"]
    office.get(f"{AT}/enheter/ny")
    values = {"organisation": str(organisation), "name": f"Bostad {XSS}", "municipality": "", "note": "Ny enhet"}
    assert office.post(f"{AT}/enheter/ny", values).status_code == 200
    assert "Ingen är ansvarig i dag" in office.text
    assert "<script>alert" not in office.text
    path = re.search(rf"{AT}/enheter/\d+(?=/chef)", office.text).group(0)
    office.get(f"{path}/chef")
    manager = {
        "name": "Nina Ny",
        "email": "NINA@habo.example",
        "superior_name": "Sture",
        "superior_email": "sture@habo.example",
        "valid_from": clock.today().isoformat(),
        "note": "Började i dag",
    }
    assert office.post(f"{path}/chef", manager).status_code == 200
    assert "nina@habo.example" in office.text
    assert "Började i dag" in office.text
    assert "Ingen är ansvarig" not in office.text
    before = counts(app)
    office.get(f"{path}/chef")
    assert office.post(f"{path}/chef", manager).status_code == 422  # a second press
    office.get(f"{AT}/enheter/ny")
    assert office.post(f"{AT}/enheter/ny", values).status_code == 422
    assert counts(app) == before
    office.get(f"{AT}/enheter?q=nina+bostad")
    assert "Nina Ny" in office.text
    office.get(f"{AT}/enheter?q=finns-inte")
    assert "Ingen enhet passar" in office.text


def test_a_successor_takes_over_from_the_form(stage, office):
    found = ids(stage)
    path = f"{AT}/enheter/{found['unit']}/chef"
    office.get(path)
    assert "som slutar dagen innan" in office.text
    day = clock.today() + timedelta(days=5)
    values = {
        "name": "Nina",
        "email": "nina@habo.example",
        "valid_from": day.isoformat(),
        "replaces": str(found["manager"]),
    }
    assert office.post(path, values).status_code == 200
    ends = stage.ask(lambda _cast: db.session.get_one(ResponsibleManager, found["manager"]).valid_to)
    assert ends == day - timedelta(days=1)
    assert "Kommer" in office.text


def test_p13_an_edit_on_an_older_page_meets_a_conflict_with_the_text_kept(stage, office, new_visitor):
    unit_id = ids(stage)["unit"]
    path = f"{AT}/enheter/{unit_id}/andra"
    other = new_visitor()
    other.sign_in("forbundschef")
    other.get(path)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', other.text).group(1)
    office.get(path)
    office.post(path, {"name": "Stöd A", "municipality": "", "seen": seen})
    answer = other.post(path, {"name": "Stöd B", "municipality": "", "seen": seen})
    assert answer.status_code == 409
    assert "Stöd B" in other.text
    assert stage.ask(lambda _cast: db.session.get_one(Unit, unit_id).name) == "Stöd A"


@pytest.mark.parametrize("seen", ["", "abc", "99999999999", "-1"])
def test_a_version_that_no_page_gave_is_a_conflict(stage, office, seen):
    path = f"{AT}/enheter/{ids(stage)['unit']}/andra"
    office.get(path)
    assert office.post(path, {"name": "Stöd", "municipality": "", "seen": seen}).status_code == 409


def test_retiring_is_refused_in_words_while_the_unit_is_needed(stage, office):
    stage.case(CaseStatus.ASSIGNED)
    found = stage.ask(lambda cast: next(u.id for u in units(cast.federation().id) if u.name.startswith("Lokalkontor")))
    path = f"{AT}/enheter/{found}"
    office.get(path)
    assert "Ett ärende väntar på svar." in office.text
    assert office.post(f"{path}/ur-bruk", {"note": ""}, form="unit").status_code == 422
    assert "Låt dem besvaras" in office.text


def test_a_unit_that_nobody_needs_is_retired_and_taken_back(stage, office):
    found = stage.ask(lambda cast: next(u.id for u in units(cast.federation().id) if u.name == "Arbetsmarknadsenhet"))
    path = f"{AT}/enheter/{found}"
    office.get(path)
    assert office.post(f"{path}/ur-bruk", {"note": "Slogs ihop"}, form="unit").status_code == 200
    assert "Slogs ihop" in office.text
    assert office.post(f"{path}/i-bruk", {}, form="unit").status_code == 200
    assert stage.ask(lambda _cast: db.session.get_one(Unit, found).active)


def test_ending_and_confirming_a_manager_from_the_page(stage, office):
    found = ids(stage)
    path = f"{AT}/enheter/{found['unit']}"
    office.get(path)
    office.post(f"{path}/chef/{found['manager']}/bekrafta", {"note": "Ringde"}, form="confirm")
    assert "Ringde" in office.text
    office.get(path)
    seen = re.search(r'name="end-seen" value="(\d+)"', office.text).group(1)
    day = clock.today() + timedelta(days=1)
    office.post(f"{path}/chef/{found['manager']}/slutar", {"last_day": day.isoformat(), "seen": seen}, form="end")
    assert "Ingen är ansvarig från och med" in office.text
    office.post(f"{path}/chef/{found['manager']}/slutar", {"last_day": "1999-01-01", "seen": seen}, form="end")
    assert "Kontrollera året" in office.text


def test_a_substitute_is_added_once_and_ended(app, stage, office):
    path, today = f"{AT}/ersattare", clock.today()
    values = {
        "absent_email": address("chef.af", HOME),
        "name": XSS,
        "email": "vikarie@habo.example",
        "from_on": today.isoformat(),
        "to_on": (today + timedelta(days=5)).isoformat(),
    }
    office.get(path)
    assert office.post(path, values).status_code == 200
    assert "<script>alert" not in office.text
    assert "Gäller nu" in office.text
    before = counts(app)
    assert office.post(path, values).status_code == 422
    assert "har redan en ersättare" in office.text
    assert counts(app) == before
    row = stage.ask(lambda _cast: db.session.scalars(select(Substitution.id).order_by(Substitution.id.desc())).first())
    office.get(AT)
    assert "Ersättare som slutar inom en vecka" in office.text
    office.get(path)
    office.post(f"{path}/{row}/avsluta")
    assert "vikarie@habo.example" not in office.text.split("Lägg in en ersättare")[0]


def test_a_closed_day_shows_what_moves_before_anything_is_stored(app, stage, office):
    case = stage.case(CaseStatus.ASSIGNED)
    day = stage.ask(lambda _cast: _working_day_before_due(case.id))
    path, before = f"{AT}/kalender/ny", counts(app)
    office.get(path)
    values = {"day": day.isoformat(), "note": "Utbildning"}
    assert office.post(path, values).status_code == 200
    assert "En av de svarstider som löper blir längre" in office.text
    assert counts(app) == before
    assert office.post(path, {**values, "confirm": "1"}).status_code == 200
    assert "Utbildning" in office.text
    office.get(path)
    assert office.post(path, {**values, "confirm": "1"}).status_code == 422
    stage.work()
    due = stage.ask(lambda _cast: _due(case.id))
    closed = stage.ask(lambda _cast: db.session.scalars(select(ClosedDay.id).where(ClosedDay.day == day)).one())
    office.get(f"{AT}/kalender/{closed}")
    assert "blir kortare" in office.text
    office.post(f"{AT}/kalender/{closed}", {"note": "Blev inställd"})
    stage.work()
    assert stage.ask(lambda _cast: _due(case.id)) < due
    assert "Blev inställd" in office.get(f"{AT}/kalender?ar={day.year}").get_data(as_text=True)


def _duty(case_id):
    from_case = select(Duty).where(Duty.case_id == case_id)
    return db.session.scalars(from_case).one()


def _due(case_id):
    return _duty(case_id).due_on


def _working_day_before_due(case_id):
    duty = _duty(case_id)
    calendar = frame_of(duty.federation_id).calendar
    day = duty.due_on - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


@pytest.mark.parametrize("year", ["", "1999", "abc", "99999999999999", str(clock.local_year() + 1)])
def test_the_calendar_shows_a_year_whatever_is_asked(office, year):
    assert office.get(f"{AT}/kalender?ar={year}").status_code == 200
    assert "Julafton" in office.text or "Juldagen" in office.text


def test_deadlines_are_changed_and_refused_in_words(stage, office):
    path = f"{AT}/svarstider"
    office.get(path)
    assert "ska besvaras senast" in office.text
    values = dict(re.findall(r'name="([a-z_0-9]+)"[^>]*? value="([^"]*)"', office.text))
    values = {name: value for name, value in values.items() if name not in {"csrf_token", "lang"}}
    assert office.post(path, {**values, "answer_days": "15", "escalate_1": "4"}).status_code == 200
    stored = stage.ask(lambda cast: settings_of(cast.federation().id))
    assert (stored.answer_days, stored.escalate_after_days[0]) == (15, 4)
    for wrong in (
        {"answer_days": "0"},
        {"answer_days": "x"},
        {"quiet_from": "25:00"},
        {"digest_at": "03:00"},
        {"escalate_1": "50"},
        {"escalate_2": "9999"},
    ):
        office.get(path)
        assert office.post(path, {**values, **wrong}).status_code == 422, wrong
        assert "error-summary" in office.text
    assert stage.ask(lambda cast: settings_of(cast.federation().id)) == stored


def test_themes_are_added_moved_renamed_and_retired(stage, office):
    path = f"{AT}/teman"
    office.get(path)
    assert office.post(path, {"label": XSS, "note": ""}, form="new").status_code == 200
    assert "<script>alert" not in office.text
    office.get(path)
    assert office.post(path, {"label": XSS.upper(), "note": ""}, form="new").status_code == 422

    def themes_now(cast):
        query = select(Theme).where(Theme.federation_id == cast.federation().id, Theme.active.is_(True))
        return [(row.id, row.label) for row in db.session.scalars(query.order_by(Theme.position, Theme.id))]

    theme_id = stage.ask(themes_now)[-1][0]
    for direction, place in (("up", -2), ("down", -1), ("down", -1), ("sideways", -1)):
        office.get(path)
        office.post(f"{path}/{theme_id}/flytta", {"direction": direction})
        assert stage.ask(themes_now)[place][0] == theme_id
    office.get(f"{path}/{theme_id}")
    office.post(f"{path}/{theme_id}", {"label": "Boende", "seen": _seen(office)})
    assert (theme_id, "Boende") in stage.ask(themes_now)
    office.get(path)
    office.post(f"{path}/{theme_id}/ur-bruk")
    assert theme_id not in dict(stage.ask(themes_now))
    office.get(path)
    office.post(f"{path}/{theme_id}/i-bruk")
    assert theme_id in dict(stage.ask(themes_now))


def _seen(visitor) -> str:
    return re.search(r'name="seen"[^>]*value="(\d+)"', visitor.text).group(1)


def test_standard_texts_are_written_changed_and_retired(app, stage, office):
    path = f"{AT}/standardtexter"
    office.get(f"{path}/ny?steg=close")
    values = {"step": "close", "theme": "", "title": "Tack", "text": f"Tack. {XSS}"}
    assert office.post(f"{path}/ny", values).status_code == 200
    assert "<script>alert" not in office.text
    office.get(f"{path}/ny")
    before = counts(app)
    assert office.post(f"{path}/ny", values).status_code == 422
    assert office.post(f"{path}/ny", {**values, "title": "Ny", "text": "19121212-1212"}).status_code == 422
    assert office.post(f"{path}/ny", {**values, "title": "Ny", "step": "nonsense"}).status_code == 422
    assert counts(app) == before
    found = stage.ask(
        lambda _cast: db.session.scalars(select(StandardText.id).where(StandardText.title == "Tack")).one()
    )
    office.get(f"{path}/{found}")
    seen = _seen(office)
    assert office.post(f"{path}/{found}", {**values, "title": "Tack så mycket", "seen": seen}).status_code == 200
    assert "Tack så mycket" in office.text
    office.get(path)
    office.post(f"{path}/{found}/ur-bruk")
    assert "Ur bruk" in office.text


def test_the_overview_says_what_needs_a_look(stage, office):
    office.get(AT)
    assert "inte bekräftade på ett halvår" in office.text
    unit = stage.ask(lambda cast: _leave(cast))
    office.get(AT)
    assert "En enhet har ingen som är ansvarig" in office.text
    assert f"{AT}/enheter/{unit}" in office.text


def _leave(cast) -> int:
    unit = next(unit for unit in units(cast.federation().id) if unit.name == "Arbetsmarknadsenhet")
    manager = responsible_managers(unit.id, clock.today())[0]
    end_manager(cast.coordinator, manager, last_day=clock.today() - timedelta(days=1))
    return unit.id
