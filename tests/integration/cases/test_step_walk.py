"""P12: every status, step and role. What is allowed is said here once more, by hand; all else is refused and logged."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, text

from lexheller.accounts.rights import REPORTER, SYSTEM, Actor
from lexheller.actions.models import Action
from lexheller.audit.models import Event
from lexheller.cases import conclusions, door
from lexheller.cases.answer_link import actor_of, links_of
from lexheller.cases.models import Answer, Case, CaseTerm, Duty
from lexheller.cases.queries import duties
from lexheller.cases.states import LIVE, TRANSITIONS, CaseStatus, Step
from lexheller.casework import sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import StepRefused
from lexheller.core.jobs import Job
from lexheller.core.transaction import transaction
from lexheller.messaging.models import Message
from tests.cast.people import ANSWER, ELSEWHERE, Cast

ALWAYS = {
    Step.CLASSIFY,
    Step.RECORD_ACTION,
    Step.WRITE_NOTE,
    Step.SETTLE_PROPOSAL,
    Step.SHARE_SUMMARY,
    Step.LET_THROUGH,
    Step.WITHDRAW_PUBLICATION,
    Step.COUNT_OCCURRENCE,
}
RUNNING = ALWAYS | {Step.ASSIGN, Step.CLOSE, Step.WITHDRAW_QUESTION, Step.CALL_OFF_HANDOVER}
UNDER_WAY = RUNNING | {Step.ASK_REPORTER, Step.OFFER_HANDOVER, Step.MERGE}
WITH_MANAGER = UNDER_WAY | {Step.ADD_PARTY, Step.EXTEND, Step.WITHDRAW, Step.REVOKE_LINK}
ASKED = {Step.ASK_REPORTER, Step.WITHDRAW_QUESTION, Step.WRITE_NOTE}
WORKS = ASKED | {
    Step.SAVE_DRAFT,
    Step.ANSWER,
    Step.SEND_BACK,
    Step.EXTEND,
    Step.DELEGATE,
    Step.PROPOSE,
    Step.REVOKE_LINK,
}
OFFERED = {Step.DECLINE_HANDOVER, Step.HAND_OVER}
TELLS = {Step.REPLY, Step.COUNT_OCCURRENCE}
TOLD = {Step.NOT_SOLVED, Step.FOLLOW_UP, Step.COUNT_OCCURRENCE}

# What each may do, by status. The receiver is the office that the case is offered to.
ALLOWED: dict[CaseStatus, dict[str, set[Step]]] = {
    CaseStatus.RECEIVED: {
        "coordinator": RUNNING,
        "system": {Step.ROUTE, Step.LEAVE_UNROUTED},
        "reporter": TELLS,
        "receiver": OFFERED,
    },
    CaseStatus.UNROUTED: {
        "coordinator": UNDER_WAY,
        "system": {Step.STOP_WAITING},
        "reporter": TELLS,
        "receiver": OFFERED,
    },
    CaseStatus.ASSIGNED: {
        "coordinator": WITH_MANAGER,
        "responsible": WORKS | {Step.ACCEPT},
        "link": WORKS | {Step.ACCEPT},
        "system": {Step.MOVE_DUE, Step.STOP_WAITING},
        "reporter": TELLS,
        "receiver": OFFERED,
    },
    CaseStatus.ACCEPTED: {
        "coordinator": WITH_MANAGER,
        "responsible": WORKS,
        "link": WORKS,
        "system": {Step.MOVE_DUE, Step.STOP_WAITING},
        "reporter": TELLS,
        "receiver": OFFERED,
    },
    CaseStatus.COLLECTED: {
        "coordinator": UNDER_WAY | {Step.ADD_PARTY, Step.JOINT_ANSWER},
        "responsible": ASKED,
        "link": ASKED,
        "system": {Step.STOP_WAITING},
        "reporter": TELLS,
        "receiver": OFFERED,
    },
    CaseStatus.ANSWERED: {
        "coordinator": UNDER_WAY | {Step.ADD_PARTY, Step.PUBLISH},
        "responsible": ASKED,
        "link": ASKED,
        "system": {Step.STOP_WAITING},
        "reporter": TELLS | TOLD,
        "receiver": OFFERED,
    },
    CaseStatus.CLOSED: {
        "coordinator": ALWAYS | {Step.REOPEN, Step.UNMERGE, Step.PUBLISH},
        "responsible": {Step.WRITE_NOTE},
        "link": {Step.WRITE_NOTE},
        "reporter": TOLD,
    },
}
AFTER = {
    Step.ROUTE: CaseStatus.ASSIGNED,
    Step.LEAVE_UNROUTED: CaseStatus.UNROUTED,
    Step.ASSIGN: CaseStatus.ASSIGNED,
    Step.ACCEPT: CaseStatus.ACCEPTED,
    Step.ANSWER: CaseStatus.ANSWERED,
    Step.SEND_BACK: CaseStatus.UNROUTED,
    Step.WITHDRAW: CaseStatus.UNROUTED,
    Step.JOINT_ANSWER: CaseStatus.ANSWERED,
    Step.HAND_OVER: CaseStatus.CLOSED,
    Step.MERGE: CaseStatus.CLOSED,
    Step.UNMERGE: CaseStatus.UNROUTED,
    Step.CLOSE: CaseStatus.CLOSED,
    Step.REOPEN: CaseStatus.UNROUTED,
    Step.NOT_SOLVED: CaseStatus.UNROUTED,
}
ENDS = {"closed_on": clock.today()}
CHANGES: dict[Step, dict[str, Any]] = {
    Step.CLOSE: ENDS,
    Step.MERGE: ENDS,
    Step.HAND_OVER: ENDS,
    Step.REOPEN: dict(conclusions.CLEARED),
    Step.UNMERGE: dict(conclusions.CLEARED),
    Step.NOT_SOLVED: dict(conclusions.CLEARED),
}
ASIDE = {
    Step.DELEGATE,
    Step.PROPOSE,
    Step.REVOKE_LINK,
    Step.MOVE_DUE,
    Step.WRITE_NOTE,
    Step.COUNT_OCCURRENCE,
    Step.FOLLOW_UP,
    Step.PUBLISH,
    Step.WITHDRAW_PUBLICATION,
}


class Lines:
    """A log that keeps what it is told."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, dict[str, Any]]] = []

    def warning(self, event: str, **values: Any) -> None:
        self.kept.append((event, values))


def duty_of(case: Case) -> Duty | None:
    """The one that Arbetsförmedlingen's manager has or had: a live one if there is."""
    own = [duty for duty in duties(case.id) if duty.unit.organisation.name == "Arbetsförmedlingen"]
    return next((duty for duty in own if duty.status in LIVE), own[-1] if own else None)


def roles(cast: Cast, duty: Duty | None) -> dict[str, Actor]:
    found = {
        "coordinator": cast.coordinator,
        "responsible": cast.person("chef.af"),
        "other manager": cast.person("chef.kommun"),
        "director": cast.director,
        "receiver": cast.outsider,
        "outsider": cast.person("samordnare", "hoglandet"),
        "manager elsewhere": cast.person("chef.af", ELSEWHERE),
        "reporter": REPORTER,
        "system": SYSTEM,
    }
    if duty is not None:
        found["link"] = actor_of(links_of(duty.id)[0])
    return found


def take(cast: Cast, actor: Actor, step: Step, case: Case, duty: Duty | None) -> object:
    """The step through the door, as its verb would take it."""
    if step is Step.ADD_PARTY:
        return sending.add_party(actor, case, cast.unit("Region Jönköpings län"), seen=case.version)
    on_duty = bool(TRANSITIONS[step].duty_from)
    seen = duty.version if on_duty and duty is not None else case.version
    return door.take(
        actor,
        step,
        case,
        duty=duty,
        seen=seen,
        changes=CHANGES.get(step),
        offered_to=cast.federation(ELSEWHERE).id,
    )


def everything(case_id: int) -> list[object]:
    """The case's row and its duties, and how many rows of everything there are."""
    row = db.session.execute(select(Case.__table__).where(Case.id == case_id)).one()
    tables = (Event, Duty, Answer, Action, Message, Job, CaseTerm)
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
    rows = db.session.execute(select(Duty.__table__).order_by(Duty.id)).all()
    return [tuple(row), counts, [tuple(duty) for duty in rows]]


def test_p12_the_walk_covers_every_step_and_status():
    assert set(ALLOWED) == set(CaseStatus)
    assert {step for row in ALLOWED.values() for steps in row.values() for step in steps} == set(Step)
    assert {step for step, transition in TRANSITIONS.items() if transition.aside} == ASIDE


@pytest.mark.parametrize("status", list(CaseStatus))
def test_p12_each_step_by_each_role_is_taken_only_where_the_table_says(cast, status, monkeypatch):
    log = Lines()
    monkeypatch.setattr(door, "log", log)
    case = cast.reach(status)
    before, version = everything(case.id), case.version
    for role in roles(cast, duty_of(case)):
        for step in Step:
            duty = duty_of(case)
            actor = roles(cast, duty)[role]
            log.kept.clear()
            if step in ALLOWED[status].get(role, set()):
                take(cast, actor, step, case, duty)
                expected = (
                    {CaseStatus.ASSIGNED, CaseStatus.ACCEPTED} if step is Step.ADD_PARTY else {AFTER.get(step, status)}
                )
                assert case.status in expected, (role, step)
                assert case.version == (version if step in ASIDE else version + 1), (role, step)
                assert log.kept == []
                db.session.rollback()
            else:
                with pytest.raises(StepRefused), transaction():
                    take(cast, actor, step, case, duty)
                assert [event for event, _ in log.kept] == ["step_refused"], (role, step)
                values = log.kept[0][1]
                assert (values["step"], values["case_id"], values["actor_user_id"]) == (step, case.id, actor.user_id)
                assert not set(ANSWER.values()) - {""} & set(map(str, values.values()))
            assert everything(case.id) == before, (role, step)


def test_p12_a_duty_that_has_ended_is_nobodys_to_take_a_step_on(cast):
    """While one party has answered, the other goes on: the answered duty stays as it is."""
    case = cast.reach(CaseStatus.UNROUTED)
    with transaction():
        first, second = cast.ask_two(case)
        cast.answer(case)
    assert (first.status, second.status) == ("answered", "open")
    for step in [step for step, transition in TRANSITIONS.items() if transition.duty_from]:
        for actor in (cast.manager_of(first), cast.coordinator, SYSTEM):
            with pytest.raises(StepRefused), transaction():
                door.take(actor, step, case, duty=first, seen=first.version)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'lost'",
        "status = 'closed'",
        "closed_on = '2026-01-01'",
        "merged_into_id = id",
        "status = NULL",
    ],
)
def test_p12_the_database_itself_refuses_a_status_that_cannot_be(cast, change):
    case = cast.reach(CaseStatus.ASSIGNED)
    with pytest.raises(Exception, match=r"(?i)constraint"):
        db.session.execute(text(f"UPDATE case_file SET {change} WHERE id = {case.id}"))


@pytest.mark.parametrize("change", ["status = 'lost'", "status = 'answered'", "ended_at = opened_at"])
def test_p12_the_database_itself_refuses_a_duty_that_cannot_be(cast, change):
    case = cast.reach(CaseStatus.ASSIGNED)
    with pytest.raises(Exception, match=r"(?i)constraint"):
        db.session.execute(text(f"UPDATE duty SET {change} WHERE case_id = {case.id}"))


def test_p12_the_database_itself_refuses_a_second_live_duty_of_one_unit(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    columns = (
        "federation_id, case_id, unit_id, status, version, opened_at, opened_on, answer_days, extended_days, due_on, "
        "clock_round, why"
    )
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.execute(
            text(f"INSERT INTO duty ({columns}, round) SELECT {columns}, 2 FROM duty WHERE case_id = {case.id}")
        )
