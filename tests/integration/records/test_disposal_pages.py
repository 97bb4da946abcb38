"""The pages of disposal, walked through by two persons; who has no right finds none of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from lexheller.core import clock
from lexheller.core.db import db
from lexheller.records.disposal_rules import After, DocumentKind, Rule
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.stage import Stage
from tests.integration.records.disposing_of_cases import NOW, WAIT, a_plan, adopt, closed, freeze, propose

ALL = f"/gallring/{HOME}"
PLAN = {
    "decision": "§ 14, Dnr 2026:3",
    "adopted_on": "2026-01-15",
    "adopted_by": "Styrelsen",
    "case_kept": "2",
    "case_after": "closed",
    "case_ground": "Punkt 1",
    "wait_days": str(WAIT),
}


def old_cases(stage: Stage, *, cases: int = 1, with_plan: bool = True) -> list[str]:
    def make(cast) -> list[str]:
        found = [closed(cast, 2024).number for _case in range(cases)]
        freeze(cast, 2024)
        closed(cast, 2029)
        if with_plan:
            with clock.at(NOW):
                adopt(cast)
        return found

    return stage.ask(make)


def proposed(stage: Stage) -> str:
    with clock.at(NOW):
        return stage.ask(lambda cast: f"{ALL}/{propose(cast).id}")


def test_from_an_empty_page_to_the_protocol_by_two_persons(stage, new_visitor):
    number = old_cases(stage, with_plan=False)[0]
    with clock.at(NOW):
        director, office = new_visitor(), new_visitor()
        director.sign_in("forbundschef")
        office.sign_in("samordnare")
        director.get(ALL)
        assert "Förbundet har ingen gallringsplan" in director.text
        director.get(f"{ALL}/plan")
        director.post(f"{ALL}/plan", {**PLAN, "case_kept": "0"})
        assert director.last.status_code == 422
        assert "minst 1" in director.text
        director.post(f"{ALL}/plan", PLAN)
        assert "Planen gäller nu" in director.text
        assert "Anmälningar med ärenden: 1 har nått sin tid" in director.text
        assert "Bevaras" in director.text
        assert "Händelseloggen" in director.text, "what no rule can take away is told too"
        director.get(f"{ALL}/prova")
        assert number in director.text
        director.post(ALL, {"as_of": "2030-03-04"})
        assert "Någon annan behöver besluta" in director.text
        one = re.search(rf"{ALL}/\d+", director.last.request.path)[0]
        director.get(f"{one}/beslut")
        assert director.last.request.path == one, "whoever proposed it is led back"
        office.get(ALL)
        assert "Ett förslag är på gång" in office.text
        office.get(f"{one}/beslut")
        assert "går inte att ångra" in office.text
        office.post(f"{one}/beslut")
        assert office.last.status_code == 422
        office.post(f"{one}/beslut", {"sure": "y"})
        assert "Beslutet är fattat" in office.text
        assert "Fram till dess går det att avbryta" in office.text
    with clock.at(NOW + timedelta(days=WAIT)):
        stage.work()
        office = new_visitor()
        office.sign_in("samordnare")
        office.get(f"{one}/protokoll")
        assert number in office.text
        assert "borttaget" in office.text
        assert "Utfört" in office.text
        office.get(ALL)
        assert "Gallringslogg" in office.text


def test_called_off_nothing_goes_and_what_is_tampered_with_is_refused(stage, new_visitor):
    old_cases(stage)
    one = proposed(stage)
    with clock.at(NOW):
        office = new_visitor()
        office.sign_in("samordnare")
        office.get(one)
        office.post(f"{one}/avbryt", {"version": "77"})
        assert office.last.status_code == 409
        office.get(one)
        office.post(f"{one}/avbryt")
        assert "Inget har tagits bort" in office.text
        office.post(f"{one}/avbryt", {"version": "2"})
        assert office.last.status_code == 422
        office.get(f"{ALL}/prova")
        office.post(ALL, {"as_of": "i morgon"})
        assert office.last.status_code == 200, "a tampered day is today"
        for day in ("0001-01-01", "9999-12-31", "nej"):
            assert office.get(f"{ALL}/prova?dag={day}").status_code in (200, 422)


def test_p23_an_identity_number_in_a_plan_is_stopped(stage, new_visitor):
    with clock.at(NOW):
        office = new_visitor()
        office.sign_in("samordnare")
        office.get(f"{ALL}/plan")
        office.post(f"{ALL}/plan", {**PLAN, "case_ground": "Se 19811228-9874"})
        assert office.last.status_code == 422
        assert "Ta bort personnumret" in office.text


@pytest.mark.parametrize(("part", "slug"), [("samordnare", ELSEWHERE), ("chef.af", HOME)])
def test_p15_who_has_no_right_here_finds_no_door(stage, new_visitor, part, slug):
    old_cases(stage)
    one = proposed(stage)
    stranger = new_visitor()
    stranger.sign_in(part, slug)
    for path in (ALL, f"{ALL}/plan", f"{ALL}/prova", one, f"{one}/beslut", f"{one}/protokoll"):
        assert stranger.get(path).status_code == 404, path
    theirs = f"/gallring/{ELSEWHERE}"
    if slug == ELSEWHERE:
        assert stranger.get(theirs).status_code == 200
        assert stranger.get(one.replace(HOME, ELSEWHERE)).status_code == 404, "an id of another federation"
    stranger.get("/mitt-konto")
    for path in (ALL, f"{ALL}/plan", f"{one}/beslut", f"{one}/avbryt"):
        stranger.get("/mitt-konto")
        assert stranger.post(path).status_code == 404, path


def test_the_pages_ask_as_many_questions_for_five_cases_as_for_one(stage, new_visitor):
    old_cases(stage)

    def asked(path: str) -> int:
        seen: list[str] = []
        listen = lambda *given: seen.append(given[2])  # noqa: E731 - to be taken away again
        with stage.app.app_context():
            event.listen(db.engine, "before_cursor_execute", listen)
        office.get(path)
        with stage.app.app_context():
            event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    with clock.at(NOW):
        office = new_visitor()
        office.sign_in("samordnare")
        office.get(f"{ALL}/prova")
        one = asked(f"{ALL}/prova")
        stage.ask(lambda cast: [closed(cast, 2024) for _case in range(4)])
        stage.ask(lambda cast: adopt(cast, a_plan(1)))
        assert asked(f"{ALL}/prova") == one


def test_the_page_says_from_when_what_goes_at_night_follows_a_new_plan(stage, new_visitor):
    office = new_visitor()
    with clock.at(NOW):
        office.sign_in("samordnare")
        plan = a_plan()
        at_night = replace(plan, rules={DocumentKind.READING: Rule(400, After.CLOSED, "Punkt 3")})
        stage.ask(lambda cast: adopt(cast, at_night))
        assert "följer den från 11 mars 2030" in " ".join(office.get(ALL).text.split())
        stage.ask(lambda cast: adopt(cast, plan))
        assert "på natten än" not in office.get(ALL).text, "nothing goes at night by it"
        stage.ask(lambda cast: adopt(cast, at_night))
    with clock.at(NOW + timedelta(days=WAIT)):
        office.sign_in("samordnare")
        assert "på natten än" not in office.get(ALL).text
