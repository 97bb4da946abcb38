"""The office's and the managers' work through the pages: drafts, sending back, by hand, actions, closing, reopening."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lexheller.actions.models import Action
from lexheller.audit.queries import history
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import given_answers, open_duty
from lexheller.cases.states import CaseStatus, DutyStatus
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.messaging.models import Message
from lexheller.organisations.queries import municipalities, themes, units
from tests.cast.people import HOME


@pytest.fixture
def manager(new_visitor):
    person = new_visitor()
    person.sign_in("chef.af")
    return person


@pytest.fixture
def coordinator(new_visitor):
    person = new_visitor()
    person.sign_in("samordnare")
    return person


def told(stage, kind: str) -> list[int]:
    return stage.ask(lambda _cast: list(db.session.scalars(select(Message.recipient_id).where(Message.kind == kind))))


def test_a_draft_is_shown_again_to_the_responsible_and_to_nobody_else(stage, manager, coordinator, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    manager.get(case.path)
    manager.post(f"{case.path}/svara", {"answer-cause": "Halvfärdig tanke", "save": "1"} | _seen(manager))
    manager.get(case.path)
    assert "Halvfärdig tanke</textarea>" in manager.text
    director = new_visitor()
    director.sign_in("forbundschef")
    for other in (coordinator, director):
        other.get(case.path)
        assert "Halvfärdig" not in other.text
    after = stage.look(case.id)
    assert after.status == CaseStatus.ASSIGNED
    assert told(stage, "casework.case_answered") == []


def _seen(person) -> dict[str, str]:
    return {"answer-version": re.search(r'name="answer-version"[^>]*value="(\d+)"', person.text)[1]}


def test_sending_back_needs_a_reason_and_puts_the_case_before_the_office(stage, manager, coordinator):
    case = stage.case(CaseStatus.ASSIGNED)
    manager.get(case.path)
    assert manager.post(case.path + "/skicka-tillbaka", {"reason": " "}, form="send_back").status_code == 422
    assert stage.look(case.id) == case
    manager.post(case.path + "/skicka-tillbaka", {"reason": "Hör till regionen."}, form="send_back")
    assert stage.look(case.id).status == CaseStatus.UNROUTED
    assert told(stage, "casework.case_unrouted") == [stage.ask(lambda cast: cast.coordinator.user_id)]
    coordinator.get(case.path)
    assert "Hör till regionen." in coordinator.text

    def duty(_cast):
        row = db.session.scalars(select(Duty).where(Duty.case_id == case.id)).one()
        return row.status, row.return_reason, row.ended_at is not None, open_duty(case.id)

    assert stage.ask(duty) == (DutyStatus.RETURNED, "Hör till regionen.", True, None)


def test_sending_by_hand_withdraws_the_old_duty_and_tells_the_new_manager(stage, coordinator, manager):
    case = stage.case(CaseStatus.ACCEPTED)
    unit = stage.ask(
        lambda cast: next(row.id for row in units(cast.federation().id) if row.organisation.name == "Försäkringskassan")
    )
    before = len(told(stage, "casework.case_assigned"))
    coordinator.get(case.path)
    coordinator.post(case.path + "/fordela", {"unit": str(unit)}, form="assign")
    assert stage.look(case.id).status == CaseStatus.ASSIGNED
    assert len(told(stage, "casework.case_assigned")) == before + 1

    def look(_cast):
        rows = db.session.scalars(select(Duty).where(Duty.case_id == case.id).order_by(Duty.round)).all()
        return [(row.round, row.status, row.why.get("by_hand")) for row in rows]

    assert stage.ask(look) == [(1, DutyStatus.WITHDRAWN, None), (2, DutyStatus.OPEN, True)]
    manager.get(case.path)
    assert manager.last.status_code == 200  # had it once
    assert f'action="{case.path}/svara"' not in manager.text


@pytest.mark.parametrize("unit", ["", "0", "999999", "x", "1; DROP"])
def test_p22_a_unit_that_is_none_is_an_error_on_the_field(stage, coordinator, unit):
    case = stage.case(CaseStatus.ASSIGNED)
    coordinator.get(case.path)
    assert coordinator.post(case.path + "/fordela", {"unit": unit}, form="assign").status_code == 422
    assert stage.look(case.id) == case


def test_the_office_sets_theme_place_and_organisation(stage, coordinator):
    case = stage.case(CaseStatus.UNROUTED)
    theme, place, organisation = stage.ask(
        lambda cast: (
            themes(cast.federation().id)[2].id,
            municipalities(cast.federation().id)[1].id,
            cast.organisation("Försäkringskassan").id,
        )
    )
    coordinator.get(case.path)
    fields = {"theme": str(theme), "municipality": str(place), "organisation": str(organisation)}
    coordinator.post(case.path + "/uppgifter", fields, form="classify")

    def look(_cast):
        row = db.session.get_one(Case, case.id)
        return row.theme_id, row.municipality_id, row.concerned_organisation_id, row.status

    assert stage.ask(look) == (theme, place, organisation, CaseStatus.UNROUTED)


def test_a_planned_action_is_carried_out_and_then_counted(stage, coordinator):
    case = stage.case(CaseStatus.ANSWERED)
    year = clock.local_year()
    figures = f"/atgardsrapport/{HOME}/{year}.json"
    coordinator.get(case.path)
    kind = re.search(r'<option value="(\d+)">Samverkanskoppen', coordinator.text)[1]
    fields = {"type": kind, "description": "Om e-tjänster.", "status": "planned", "action_on": f"{year}-12-31"}
    coordinator.post(case.path + "/atgard", fields, form="record_action")
    assert all(line["count"] == 0 for line in coordinator.client.get(figures).get_json()["by_action_type"])
    coordinator.get(case.path)
    path = re.search(rf'action="({case.path}/atgard/\d+/genomford)"', coordinator.text)[1]
    assert coordinator.post(path, {}, form="record_action").status_code == 200
    done = {line["key"]: line["count"] for line in coordinator.client.get(figures).get_json()["by_action_type"]}
    assert done["samverkanskoppen"] == 1
    assert stage.ask(lambda _cast: db.session.scalars(select(Action.status)).all()) == ["done"]
    coordinator.get(case.path)
    again = coordinator.post(path, {"version": str(stage.look(case.id).version)}, form="record_action")
    assert again.status_code == 409
    events = stage.ask(
        lambda cast: [e.kind for e in history(cast.federation().id, "case", case.id) if "action" in e.kind]
    )
    assert len(events) == 2


@pytest.mark.parametrize("day", ["", "igår", "2026-02-30", "0000-00-00", "99999-01-01", "2026-3-1x"])
def test_p22_an_action_without_a_real_day_is_an_error_on_the_field(stage, coordinator, day):
    case = stage.case(CaseStatus.ANSWERED)
    coordinator.get(case.path)
    kind = re.search(r'<option value="(\d+)">Samverkanskoppen', coordinator.text)[1]
    fields = {"type": kind, "description": "Text.", "status": "done", "action_on": day}
    assert coordinator.post(case.path + "/atgard", fields, form="record_action").status_code == 422
    assert "Text.</textarea>" in coordinator.text
    assert stage.look(case.id) == case


def test_closing_needs_a_conclusion_and_reopening_takes_it_away(stage, coordinator):
    case = stage.case(CaseStatus.ANSWERED)
    coordinator.get(case.path)
    assert coordinator.post(case.path + "/avsluta", {"conclusion": "  \n "}, form="close").status_code == 422
    assert stage.look(case.id) == case
    coordinator.post(case.path + "/avsluta", {"conclusion": "Rutinen är ändrad."}, form="close")
    assert stage.look(case.id).status == CaseStatus.CLOSED
    assert len(told(stage, "casework.reporter_closed")) == 1
    coordinator.get(case.path)
    coordinator.post(case.path + "/oppna-igen", {}, form="reopen")

    def look(_cast):
        row = db.session.get_one(Case, case.id)
        return row.status, row.conclusion, row.closed_on, len(given_answers(case.id))

    assert stage.ask(look) == (CaseStatus.UNROUTED, None, None, 1)


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [("svara", "answer", "cause"), ("skicka-tillbaka", "send_back", "reason"), ("svara", "answer", "follow_up")],
)
def test_p23_an_identity_number_is_stopped_and_the_rest_of_the_text_kept(stage, manager, path, form, field):
    case = stage.case(CaseStatus.ASSIGNED)
    manager.get(case.path)
    fields = {"steps_taken": "Gjort.", field: "Personen 19811228-9874 väntade länge."}
    answer = manager.post(f"{case.path}/{path}", fields, form=form)
    assert answer.status_code == 422
    assert "väntade länge." in manager.text
    assert stage.look(case.id) == case


def test_p23_a_draft_with_an_identity_number_is_not_saved(stage, manager):
    case = stage.case(CaseStatus.ASSIGNED)
    manager.get(case.path)
    fields = {"answer-cause": "Gäller 811228-9874 som väntade.", "save": "1"} | _seen(manager)
    assert manager.post(f"{case.path}/svara", fields).status_code == 422
    assert stage.look(case.id) == case
