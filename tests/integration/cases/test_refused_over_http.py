"""P12, P15: every step sent by everyone who may not take it, on a case in every status. Nothing changes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lexheller.actions.models import Action, ActionStatus
from lexheller.actions.queries import types
from lexheller.audit.models import Event
from lexheller.cases.models import Case
from lexheller.cases.queries import duties
from lexheller.cases.states import CaseStatus
from lexheller.casework import service
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.messaging.models import Message
from lexheller.organisations.queries import units
from tests.cast.people import ELSEWHERE, HOME

MANAGERS = {"ta-emot", "svara", "svara save", "skicka-tillbaka"}
OFFICE = {"fordela", "uppgifter", "atgard", "avsluta", "oppna-igen", "genomford"}
OPEN_TO_OFFICE = {status: OFFICE - {"oppna-igen"} for status in CaseStatus} | {
    CaseStatus.CLOSED: {"uppgifter", "atgard", "oppna-igen", "genomford"}
}
OPEN_TO_MANAGER = {
    CaseStatus.ASSIGNED: MANAGERS,
    CaseStatus.ACCEPTED: MANAGERS - {"ta-emot"},
}


def sent(version: int, unit_id: int, type_id: int) -> dict[str, tuple[str, dict[str, str]]]:
    """Prefix and fields of each form, filled in well."""
    seen = {"version": str(version)}
    return {
        "fordela": ("assign", {**seen, "unit": str(unit_id)}),
        "ta-emot": ("accept", seen),
        "svara": ("answer", {**seen, "steps_taken": "Rutinen är ändrad."}),
        "svara save": ("answer", {**seen, "steps_taken": "Rutinen ska ändras."}),
        "skicka-tillbaka": ("send_back", {**seen, "reason": "Inte vårt område."}),
        "uppgifter": ("classify", {**seen, "theme": "", "municipality": "", "organisation": ""}),
        "atgard": (
            "record_action",
            {**seen, "type": str(type_id), "description": "Information.", "status": "done", "action_on": "2026-03-01"},
        ),
        "avsluta": ("close", {**seen, "conclusion": "Rutinen är ändrad."}),
        "oppna-igen": ("reopen", seen),
        "genomford": ("record_action", seen),
    }


def snapshot(cast, case_id):
    row = db.session.execute(select(Case.__table__).where(Case.id == case_id)).one()
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Event, Action, Message)]
    return tuple(row), counts, [(duty.id, duty.status, duty.round) for duty in duties(case_id)]


@pytest.fixture
def people(new_visitor):
    parts = {
        "coordinator": ("samordnare", HOME),
        "responsible": ("chef.af", HOME),
        "other manager": ("chef.fk", HOME),
        "director": ("forbundschef", HOME),
        "outsider": ("samordnare", ELSEWHERE),
        "manager elsewhere": ("chef.af", ELSEWHERE),
    }
    found = {}
    for role, (part, slug) in parts.items():
        found[role] = new_visitor()
        assert found[role].sign_in(part, slug).status_code == 200
    found["anonymous"] = new_visitor()
    found["anonymous"].get("/logga-in")
    return found


@pytest.mark.parametrize("status", list(CaseStatus))
def test_p12_p15_a_step_that_is_not_yours_is_refused_over_http(stage, people, status):
    case = stage.case(status)

    def plan(cast):
        row = db.session.get_one(Case, case.id)
        kind = types(row.federation_id)[0]
        action = service.record_action(
            cast.coordinator,
            row,
            type=kind,
            description="Informera cheferna.",
            status=ActionStatus.PLANNED,
            action_on=clock.today(),
            seen=row.version,
        )
        return action.id, units(row.federation_id)[0].id, kind.id

    action_id, unit_id, type_id = stage.ask(plan)
    case = stage.look(case.id)
    before = stage.ask(lambda cast: snapshot(cast, case.id))
    for role, person in people.items():
        for name, (prefix, fields) in sent(case.version, unit_id, type_id).items():
            if role == "coordinator" and name in OPEN_TO_OFFICE[status]:
                continue
            if role == "responsible" and name in OPEN_TO_MANAGER.get(status, set()):
                continue
            path = f"atgard/{action_id}/genomford" if name == "genomford" else name.split()[0]
            token_page = person.last
            extra = {"save": "1"} if name.endswith("save") else {}
            values = {f"{prefix}-{key}": value for key, value in fields.items()} | extra
            answer = person.post(f"{case.path}/{path}", values, follow=False)
            wanted = {404}
            if role == "anonymous":
                wanted = {401}  # what was written is kept on the page
                written = [value for value in fields.values() if " " in value]
                assert all(f"{value}</textarea>" in person.text for value in written), name
            elif role == "coordinator":
                wanted = {404} if name in MANAGERS else {409}
            elif role == "responsible" and name in MANAGERS:
                had_it = status not in {CaseStatus.RECEIVED, CaseStatus.UNROUTED}
                wanted = {409} if had_it else {404}
            assert answer.status_code in wanted, (role, name, answer.status_code)
            person.last = token_page
    assert stage.ask(lambda cast: snapshot(cast, case.id)) == before
