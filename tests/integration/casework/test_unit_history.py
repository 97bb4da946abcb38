"""A unit's history: who sees it, how long things took, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lexheller.actions.models import ActionStatus
from lexheller.actions.queries import types
from lexheller.cases.answer_link import actor_of, links_of
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import CaseStatus
from lexheller.casework import answering, asking, describing, unit_history
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.organisations.models import Unit
from lexheller.organisations.service import retire_unit
from tests.cast.people import ELSEWHERE, HOME
from tests.integration.casework.duty_stage import duty_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 9, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)


def path(unit_id: int, slug: str = HOME) -> str:
    return f"/enheter/{slug}/{unit_id}/historik"


def test_p15_those_of_the_unit_and_who_see_all_cases_see_it_and_nobody_else(stage, new_visitor):
    unit_id = duty_of(stage, stage.case()).unit_id
    seen = {
        (part, slug): _status(new_visitor, part, slug, path(unit_id))
        for part, slug in (
            ("chef.af", HOME),
            ("samordnare", HOME),
            ("forbundschef", HOME),
            ("chef.fk", HOME),
            ("samordnare", ELSEWHERE),
            ("chef.af", ELSEWHERE),
        )
    }
    assert list(seen.values()) == [200, 200, 200, 404, 404, 404]
    assert _status(new_visitor, "samordnare", ELSEWHERE, path(unit_id, ELSEWHERE)) == 404
    assert new_visitor().client.get(path(unit_id)).status_code == 302


def _status(new_visitor, part, slug, address) -> int:
    person = new_visitor()
    person.sign_in(part, slug)
    return person.client.get(address).status_code


def test_a_mailed_link_does_not_open_it(stage):
    duty = duty_of(stage, stage.case())

    def knock(cast):
        with pytest.raises(NotAllowedToSee):
            unit_history.unit_for(actor_of(links_of(duty.id)[0]), cast.federation().id, duty.unit_id)

    stage.ask(knock)


def test_it_says_what_became_of_each_and_keeps_drafts_out(stage, visitor):
    closed, waiting = stage.case(CaseStatus.CLOSED), stage.case()
    duty = duty_of(stage, waiting)

    def write(cast):
        row = db.session.get_one(Case, closed.id)
        describing.record_action(
            cast.coordinator,
            row,
            type=types(row.federation_id)[0],
            description="Informera cheferna.",
            status=ActionStatus.PLANNED,
            action_on=clock.today(),
            seen=row.version,
        )
        own = db.session.get_one(Duty, duty.id)
        case = db.session.get_one(Case, waiting.id)
        answering.save_draft(cast.manager_of(own), case, own, {"steps_taken": "Ett halvt svar."}, seen=own.version)

    stage.ask(write)
    visitor.sign_in("chef.af")
    assert visitor.get(path(duty.unit_id)).status_code == 200
    assert f'back-link__link" href="/arenden/{HOME}"' in visitor.text
    for words in (closed.number, waiting.number, "Löst", "Rutinen är ändrad.", "planerad", "samma dag", "pågår"):
        assert words in visitor.text
    for sentence in (
        "Enheten har fått 2 ärenden.",
        "1 av 1 svar kom i tid.",
        "1 är besvarat, 1 väntar på svar.",
        "1 blev löst.",
    ):
        assert sentence in visitor.text
    assert "Ett halvt svar." not in visitor.text


def test_p11_days_are_working_days_without_those_on_which_the_reporter_was_asked(cast):
    with clock.at(MONDAY):
        case = cast.reach(CaseStatus.ASSIGNED)
        other = cast.reach(CaseStatus.ASSIGNED)
        duty = cast.duty(case)
        manager = cast.manager_of(duty)
        asking.ask_reporter(manager, case, "När hände det?", duty=duty, seen=case.version)
    with clock.at(FRIDAY):
        question = asking.open_question(case.id)
        asking.withdraw_question(manager, case, question, duty=duty, seen=case.version)
    with clock.at(NEXT_MONDAY):
        cast.answer(case)
        cast.answer(other)
        unit = unit_history.unit_for(manager, case.federation_id, duty.unit_id)
        page = unit_history.rows(unit, None)
    assert {row.case.id: row.days for row in page.rows} == {case.id: 1, other.id: 5}


def test_pages_follow_each_other_and_odd_cursors_lead_to_the_first(stage, visitor, monkeypatch):
    monkeypatch.setattr(unit_history, "PAGE_SIZE", 2)
    numbers = [stage.case() for _ in range(3)]
    unit_id = duty_of(stage, numbers[0]).unit_id
    visitor.sign_in("chef.af")
    visitor.get(path(unit_id))
    assert [case.number in visitor.text for case in numbers] == [False, True, True]
    following = visitor.text.split('rel="next"')[1].split('href="')[1].split('"')[0]
    visitor.get(following)
    assert numbers[0].number in visitor.text
    assert numbers[2].number not in visitor.text
    for odd in ("x", "WzFd" * 100, "WyJhIl0", "Wzk5OTk5OTk5OTk5OV0", "%00"):
        assert visitor.get(f"{path(unit_id)}?after={odd}").status_code == 200


def test_a_retired_unit_keeps_its_history(stage, visitor):
    unit_id = duty_of(stage, stage.case()).unit_id
    stage.ask(lambda cast: retire_unit(cast.coordinator, db.session.get_one(Unit, unit_id)))
    visitor.sign_in("samordnare")
    assert visitor.get(path(unit_id)).status_code == 200


def test_an_empty_history_says_so(stage, visitor):
    unit_id = stage.ask(lambda cast: cast.unit("Försäkringskassan").id)
    visitor.sign_in("samordnare")
    visitor.get(path(unit_id))
    assert "Inga ärenden än" in visitor.text
