"""The office's work through the case page: sending by hand, facts, actions, closing, reopening."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from lexheller.action_reports.compiling import compiled
from lexheller.actions.models import Action
from lexheller.audit.queries import history
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import given_answers
from lexheller.cases.states import CaseStatus, DutyStatus
from lexheller.casework import describing
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.messaging.models import Message
from lexheller.organisations.lists import retire_theme
from lexheller.organisations.queries import municipalities, themes, units
from tests.cast.people import HOME, Cast


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


def test_what_a_case_has_is_kept_though_it_is_no_longer_in_use(stage, coordinator):
    """Saving the municipality must not wipe a theme that was retired since."""
    case_id = stage.case(CaseStatus.ASSIGNED).id

    def retired(cast: Cast) -> int:
        case, theme = db.session.get(Case, case_id), themes(cast.federation().id)[0]
        describing.classify(
            cast.coordinator, case, theme=theme, municipality=None, organisation=case.concerned_organisation,
            seen=case.version,
        )  # fmt: skip
        retire_theme(cast.coordinator, theme)
        return theme.id

    theme_id = stage.ask(retired)
    place = str(stage.ask(lambda cast: municipalities(cast.federation().id)[0].id))
    coordinator.get(f"/arenden/{HOME}/{case_id}")
    organisation = str(stage.ask(lambda _cast: db.session.get(Case, case_id).concerned_organisation_id))
    values = {"theme": str(theme_id), "municipality": place, "organisation": organisation, "unit": ""}
    assert coordinator.post(f"/arenden/{HOME}/{case_id}/uppgifter", values, form="classify").status_code == 200
    kept = select(Case.theme_id, Case.municipality_id).where(Case.id == case_id)
    assert stage.ask(lambda _cast: tuple(db.session.execute(kept).one())) == (theme_id, int(place))


def test_sending_by_hand_withdraws_the_old_duty_and_tells_the_new_manager(stage, coordinator, manager):
    case = stage.case(CaseStatus.ACCEPTED)
    unit = stage.ask(
        lambda cast: next(row.id for row in units(cast.federation().id) if row.organisation.name == "Försäkringskassan")
    )
    before = len(told(stage, "casework.case_assigned"))
    coordinator.get(case.path)
    coordinator.post(case.path + "/fordela", {"units": str(unit)}, form="assign")
    assert stage.look(case.id).status == CaseStatus.ASSIGNED
    assert len(told(stage, "casework.case_assigned")) == before + 1

    def look(_cast):
        rows = db.session.scalars(select(Duty).where(Duty.case_id == case.id).order_by(Duty.round)).all()
        return [(row.round, row.status, row.why.get("by_hand")) for row in rows]

    assert stage.ask(look) == [(1, DutyStatus.WITHDRAWN, None), (2, DutyStatus.OPEN, True)]
    manager.get(case.path)
    assert manager.last.status_code == 200  # had it once
    assert "/svara" not in manager.text


@pytest.mark.parametrize("unit", ["", "0", "999999", "x", "1; DROP"])
def test_p22_a_unit_that_is_none_is_an_error_on_the_field(stage, coordinator, unit):
    case = stage.case(CaseStatus.ASSIGNED)
    coordinator.get(case.path)
    assert coordinator.post(case.path + "/fordela", {"units": unit}, form="assign").status_code == 422
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


def actions_by_type(cast: Cast) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = compiled(cast.federation(), clock.local_year())["by_action_type"]
    return found


def test_a_planned_action_is_carried_out_and_then_counted(stage, coordinator):
    case = stage.case(CaseStatus.ANSWERED)
    year = clock.local_year()
    coordinator.get(case.path)
    kind = re.search(r'<option value="(\d+)">Samverkanskoppen', coordinator.text)[1]
    fields = {"type": kind, "description": "Om e-tjänster.", "status": "planned", "action_on": f"{year}-12-31"}
    coordinator.post(case.path + "/atgard", fields, form="record_action")
    assert all(line["count"] == 0 for line in stage.ask(actions_by_type))
    coordinator.get(case.path)
    path = re.search(rf'action="({case.path}/atgard/\d+/genomford)"', coordinator.text)[1]
    assert coordinator.post(path, {}, form="record_action").status_code == 200
    done = {line["key"]: line["count"] for line in stage.ask(actions_by_type)}
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
    assert (
        coordinator.post(case.path + "/avsluta", {"reason": "solved", "conclusion": "  \n "}, form="close").status_code
        == 422
    )
    assert stage.look(case.id) == case
    coordinator.post(case.path + "/avsluta", {"reason": "solved", "conclusion": "Rutinen är ändrad."}, form="close")
    assert stage.look(case.id).status == CaseStatus.CLOSED
    assert len(told(stage, "casework.reporter_closed")) == 1
    coordinator.get(case.path)
    coordinator.post(case.path + "/oppna-igen", {}, form="reopen")

    def look(_cast):
        row = db.session.get_one(Case, case.id)
        return row.status, row.conclusion, row.closed_on, len(given_answers(case.id))

    assert stage.ask(look) == (CaseStatus.UNROUTED, None, None, 1)
