"""P12: every status, step and role. What is allowed is said here once more, by hand; all else is refused and logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text

from lexheller.accounts.rights import REPORTER, SYSTEM, Actor
from lexheller.actions.models import Action, ActionStatus
from lexheller.actions.queries import types
from lexheller.audit.models import Event
from lexheller.cases import door
from lexheller.cases.models import Answer, Case, CaseTerm, Duty
from lexheller.cases.states import CaseStatus, Step
from lexheller.casework import service
from lexheller.core.db import db
from lexheller.core.errors import StepRefused
from lexheller.core.jobs import Job
from lexheller.core.transaction import transaction
from lexheller.messaging.models import Message
from lexheller.organisations.queries import units
from tests.cast.people import ANSWER, ELSEWHERE, Cast

OFFICE = {Step.ASSIGN, Step.CLASSIFY, Step.RECORD_ACTION, Step.CLOSE}
ALLOWED: dict[CaseStatus, dict[str, set[Step]]] = {
    CaseStatus.RECEIVED: {"coordinator": OFFICE, "system": {Step.ROUTE, Step.LEAVE_UNROUTED}},
    CaseStatus.UNROUTED: {"coordinator": OFFICE},
    CaseStatus.ASSIGNED: {
        "coordinator": OFFICE,
        "responsible": {Step.ACCEPT, Step.SAVE_DRAFT, Step.ANSWER, Step.SEND_BACK},
    },
    CaseStatus.ACCEPTED: {"coordinator": OFFICE, "responsible": {Step.SAVE_DRAFT, Step.ANSWER, Step.SEND_BACK}},
    CaseStatus.ANSWERED: {"coordinator": OFFICE},
    CaseStatus.CLOSED: {"coordinator": {Step.CLASSIFY, Step.RECORD_ACTION, Step.REOPEN}},
}
STATUS_AFTER = {
    Step.ROUTE: CaseStatus.ASSIGNED,
    Step.LEAVE_UNROUTED: CaseStatus.UNROUTED,
    Step.ASSIGN: CaseStatus.ASSIGNED,
    Step.ACCEPT: CaseStatus.ACCEPTED,
    Step.ANSWER: CaseStatus.ANSWERED,
    Step.SEND_BACK: CaseStatus.UNROUTED,
    Step.CLOSE: CaseStatus.CLOSED,
    Step.REOPEN: CaseStatus.UNROUTED,
}
Verb = Callable[[Actor, Case], object]


class Lines:
    """A log that keeps what it is told."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, dict[str, Any]]] = []

    def warning(self, event: str, **values: Any) -> None:
        self.kept.append((event, values))


def roles(cast: Cast) -> dict[str, Actor]:
    return {
        "coordinator": cast.coordinator,
        "responsible": cast.person("chef.af"),
        "other manager": cast.person("chef.fk"),
        "director": cast.director,
        "outsider": cast.outsider,
        "manager elsewhere": cast.person("chef.af", ELSEWHERE),
        "anonymous": REPORTER,
        "system": SYSTEM,
    }


def verbs(cast: Cast) -> dict[Step, Verb]:
    home = cast.federation().id
    unit, kind = units(home)[0], types(home)[0]
    return {
        Step.ROUTE: lambda actor, case: door.take(actor, Step.ROUTE, case, seen=case.version),
        Step.LEAVE_UNROUTED: lambda actor, case: door.take(actor, Step.LEAVE_UNROUTED, case, seen=case.version),
        Step.ASSIGN: lambda actor, case: service.assign(actor, case, unit, seen=case.version),
        Step.ACCEPT: lambda actor, case: service.accept(actor, case, seen=case.version),
        Step.SAVE_DRAFT: lambda actor, case: service.save_draft(actor, case, dict(ANSWER), seen=case.version),
        Step.ANSWER: lambda actor, case: service.answer(actor, case, dict(ANSWER), seen=case.version),
        Step.SEND_BACK: lambda actor, case: service.send_back(actor, case, "Inte vår.", seen=case.version),
        Step.CLASSIFY: lambda actor, case: service.classify(
            actor, case, theme=None, municipality=None, organisation=None, seen=case.version
        ),
        Step.RECORD_ACTION: lambda actor, case: service.record_action(
            actor,
            case,
            type=kind,
            description="Informerat cheferna.",
            status=ActionStatus.DONE,
            action_on=date(2026, 3, 1),
            seen=case.version,
        ),
        Step.CLOSE: lambda actor, case: service.close(actor, case, "Rutinen är ändrad.", seen=case.version),
        Step.REOPEN: lambda actor, case: service.reopen(actor, case, seen=case.version),
    }


def everything(case_id: int) -> list[object]:
    """The case's row, and how many rows of everything there are."""
    row = db.session.execute(select(Case.__table__).where(Case.id == case_id)).one()
    tables = (Event, Duty, Answer, Action, Message, Job, CaseTerm)
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
    duties = db.session.execute(select(Duty.__table__).order_by(Duty.id)).all()
    return [tuple(row), counts, [tuple(duty) for duty in duties]]


def test_p12_the_walk_covers_every_step_and_status():
    assert set(ALLOWED) == set(CaseStatus)
    assert {step for row in ALLOWED.values() for steps in row.values() for step in steps} == set(Step)


@pytest.mark.parametrize("status", list(CaseStatus))
def test_p12_each_step_by_each_role_is_taken_only_where_the_table_says(cast, status, monkeypatch):
    log = Lines()
    monkeypatch.setattr(door, "log", log)
    case = cast.reach(status)
    before, version = everything(case.id), case.version
    for role, actor in roles(cast).items():
        for step, verb in verbs(cast).items():
            log.kept.clear()
            if step in ALLOWED[status].get(role, set()):
                verb(actor, case)
                assert case.status == STATUS_AFTER.get(step, status), (role, step)
                assert case.version == version + 1
                assert log.kept == []
                db.session.rollback()
            else:
                with pytest.raises(StepRefused), transaction():
                    verb(actor, case)
                assert [event for event, _ in log.kept] == ["step_refused"], (role, step)
                values = log.kept[0][1]
                assert (values["step"], values["case_id"], values["actor_user_id"]) == (step, case.id, actor.user_id)
                assert not set(ANSWER.values()) - {""} & set(map(str, values.values()))
            assert everything(case.id) == before, (role, step)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'lost'",
        "status = 'closed'",
        "closed_on = '2026-01-01'",
        "status = NULL",
    ],
)
def test_p12_the_database_itself_refuses_a_status_that_cannot_be(cast, change):
    case = cast.reach(CaseStatus.ASSIGNED)
    with pytest.raises(Exception, match=r"(?i)constraint"):
        db.session.execute(text(f"UPDATE case_file SET {change} WHERE id = {case.id}"))


def test_p12_the_database_itself_refuses_a_second_open_duty(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    columns = "federation_id, case_id, unit_id, status, opened_at, due_on, why"
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.execute(
            text(f"INSERT INTO duty ({columns}, round) SELECT {columns}, 2 FROM duty WHERE case_id = {case.id}")
        )
