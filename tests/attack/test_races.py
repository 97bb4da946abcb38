"""A race on every step (P1, P5, P13, P14): whatever is sent twice at the same moment is done once.

Every form that stores something is sent twice, filled in once; and every step of every table of statuses is taken by
two at once, each on what both have seen. Forms and steps are found, so a new one is raced without anybody thinking of
it. On SQLite the second comes after the first, which is the double click; on PostgreSQL both are let in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import func, select

from lexheller.accounts.rights import REPORTER, SYSTEM, Actor
from lexheller.actions import door as action_door
from lexheller.actions import service as actions
from lexheller.actions.models import Action
from lexheller.actions.states import ACTION_TRANSITIONS, ActionStatus, ActionStep
from lexheller.audit.models import Event
from lexheller.cases import conclusions, door
from lexheller.cases.models import Case, Duty
from lexheller.cases.permissions import may_take
from lexheller.cases.queries import duties
from lexheller.cases.states import TRANSITIONS, WHILE_HELD, CaseStatus, Step
from lexheller.casework import sending
from lexheller.check.histories import along_the_table, chain_holds
from lexheller.check.messages import message_has_job
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, StepRefused
from lexheller.core.transaction import transaction
from lexheller.faults import door as fault_door
from lexheller.faults import service as faults
from lexheller.faults.models import Fault
from lexheller.faults.states import FAULT_TRANSITIONS, FaultStatus, FaultStep
from lexheller.organisations.models import Unit
from lexheller.organisations.queries import answerable_unit_ids
from tests.attack.racing import (
    Course,
    PostgresCourse,
    Press,
    SqliteCourse,
    at_once,
    found_presses,
    postgres_course,
    press_together,
)
from tests.attack.sizes import FULL, Size
from tests.attack.standing import Standing
from tests.cast.people import ELSEWHERE, Cast
from tests.services.postgres import PostgresClient

TWICE = {
    "/logga-in": "each time that somebody was not let in is counted (P20)",
    "/glomt-losenord": "a mail for each time: nothing is remembered that would tell who has an account (P20)",
    "/arenden/<federation>/<int(max=2147483647):case_id>/visa-adress": "each time somebody saw it is noted",
    "/maskering/<federation>/beslut/<int(max=2147483647):masking_id>/oppna": "each time somebody saw it is noted",
    "/installningar/<federation>/teman/<int(max=2147483647):theme_id>/flytta": "one place on for each time",
}
"""What may be done twice by one form, and why. One that no longer is must go."""

ALL_SETTINGS = "/installningar/<federation>"
STORES_NOTHING = {
    "/kvitto": "shows what is behind a code",
    "/atgardsrapport/<federation>/installningar/wordmall": "takes a file",
    f"{ALL_SETTINGS}/enheter/<int(max=2147483647):unit_id>/ur-bruk": "cases wait for the unit",
    f"{ALL_SETTINGS}/inloggning/<int(max=2147483647):connection_id>/prova": "only asks the issuer",
    f"{ALL_SETTINGS}/inloggning/<int(max=2147483647):connection_id>": "the issuer must answer",
    f"{ALL_SETTINGS}/inloggning/ny": "the issuer must answer",
    f"{ALL_SETTINGS}/teman/sla-ihop": "shows what would be merged: another form does it",
    f"{ALL_SETTINGS}/svarstider": "many numbers that must fit one another",
    f"{ALL_SETTINGS}/redogorelser": "many numbers that must fit one another",
    "/gallring/<federation>/plan": "many numbers that must fit one another",
    "/utlamnande/<federation>/<int(max=2147483647):request_id>/avsluta": "not while something is undecided",
    "/maskering/<federation>/<any(arende, systemfel, atgard, mote, rapport, forbund):masked_kind>"
    "/<int(max=2147483647):masked_id>/<text_place>/<int(max=2147483647):text_row>": "only shows: another form masks",
}
"""Forms of which nothing is stored, however they are filled in here, and why. There may only become fewer."""


@pytest.fixture(scope="module")
def forms(place: Standing, size: Size) -> tuple[list[Press], set[str]]:
    return found_presses(place, size.raced)


@pytest.fixture(scope="module")
def postgres(
    place: Standing,
    postgres_server: PostgresClient,
    postgres_template: str,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PostgresCourse]:
    folder = tmp_path_factory.mktemp("raced")
    with postgres_course(place, postgres_server, postgres_template, worker_id, folder) as course:
        yield course


@pytest.fixture(params=["sqlite", "postgresql"])
def course(request: pytest.FixtureRequest, place: Standing) -> Course:
    return SqliteCourse(place) if request.param == "sqlite" else request.getfixturevalue("postgres")


def test_p01_p13_p14_a_form_sent_twice_at_once_is_done_once(
    course: Course, forms: tuple[list[Press], set[str]], size: Size
) -> None:
    """As many rows of everything, events and messages too, as when it is sent alone; and no error.

    In full every promise is looked at each time, else those that a race would break.
    """
    wrong, twice = [], set()
    for press in forms[0] * size.rounds:
        answers, changed = press_together(course, press)
        with course.app.app_context():
            broken = broken_promises() if size == FULL else [*along_the_table(), *message_has_job(), *chain_holds()]
        course.put_back()
        if broken or any(not isinstance(answer, int) or answer >= 500 for answer in answers):
            wrong.append((press.door.name, press.door.page, answers, broken))
        elif press.door.rule in TWICE and changed != press.alone:
            twice.add(press.door.rule)
        elif changed != press.alone:
            wrong.append((press.door.name, press.door.page, answers, dict(press.alone), dict(changed)))
    assert wrong == []
    assert twice == set(TWICE)


def test_every_form_that_stores_something_is_raced(forms: tuple[list[Press], set[str]]) -> None:
    presses, nothing = forms
    raced = {press.door.rule for press in presses}
    assert nothing <= set(STORES_NOTHING)
    assert len(raced) >= 105


@dataclass(frozen=True)
class Taken:
    """A step that can be taken now: by whom, on which row, and the version that was seen."""

    actor: Actor
    row_id: int
    seen: int
    duty_id: int | None = None
    offered_to: int | None = None


TODAY = clock.today()
ENDS: Mapping[str, Any] = {"closed_on": TODAY}
BEGINS: Mapping[str, Any] = dict(conclusions.CLEARED)
OF_CASES: Mapping[Step, Mapping[str, Any]] = {
    **{step: ENDS for step, transition in TRANSITIONS.items() if transition.to == {CaseStatus.CLOSED}},
    Step.REOPEN: BEGINS,
    Step.UNMERGE: BEGINS,
    Step.NOT_SOLVED: BEGINS,
}
OF_FAULTS: Mapping[FaultStep, Mapping[str, Any]] = {
    FaultStep.CLOSE: {"ending": "Klart.", "ended_on": TODAY},
    FaultStep.ACCEPT_AS_IT_IS: {"ending": "Det får vara.", "ended_on": TODAY},
    FaultStep.REOPEN: {"ended_on": None},
    FaultStep.RECUR: {"ended_on": None},
}
OF_ACTIONS: Mapping[ActionStep, Mapping[str, Any]] = {
    ActionStep.FINISH: {"action_on": TODAY},
    ActionStep.REOPEN: {"action_on": None},
    ActionStep.CANCEL: {"cancel_why": "Ingen tid."},
}
"""What must be said of a row in the status to which the step leads: the rest is its verb's matter."""


@pytest.mark.parametrize("step", list(Step))
def test_p13_p14_of_two_who_take_a_step_on_a_case_at_once_one_does(postgres: PostgresCourse, step: Step) -> None:
    """But for what is written beside the handling: it is nobody's conflict."""

    def take(cast: Cast, found: Taken) -> None:
        case = db.session.get_one(Case, found.row_id)
        if step is Step.ADD_PARTY:
            free = answerable_unit_ids(case.federation_id, TODAY) - {row.unit_id for row in duties(case.id)}
            sending.add_party(found.actor, case, db.session.get_one(Unit, min(free)), seen=found.seen)
            return
        duty = db.session.get_one(Duty, found.duty_id) if found.duty_id else None
        changes, there = OF_CASES.get(step), found.offered_to
        door.take(found.actor, step, case, duty=duty, seen=found.seen, changes=changes, offered_to=there)

    _race(postgres, TRANSITIONS[step].event, lambda cast: _case_for(cast, step), take, both=TRANSITIONS[step].aside)


@pytest.mark.parametrize("step", list(FaultStep))
def test_p13_p14_of_two_who_take_a_step_on_a_fault_at_once_one_does(postgres: PostgresCourse, step: FaultStep) -> None:
    def move(actor: Actor, taken: FaultStep, fault: Fault, seen: int) -> None:
        by = SYSTEM if taken is FaultStep.RECUR else actor
        data = {"case_ids": []} if taken is FaultStep.TELL_REPORTERS else None
        fault_door.take(by, taken, fault, seen=seen, changes=OF_FAULTS.get(taken), data=data)

    def ready(cast: Cast) -> Taken:
        fault = faults.suspect(cast.coordinator, cast.federation().id, faults.Details("Ingen tar emot"))
        for before in _way_to(FAULT_TRANSITIONS, FaultStatus.SUSPECTED, step):
            move(cast.coordinator, before, fault, fault.version)
        return Taken(cast.coordinator, fault.id, fault.version)

    def take(_cast: Cast, found: Taken) -> None:
        move(found.actor, step, db.session.get_one(Fault, found.row_id), found.seen)

    _race(postgres, FAULT_TRANSITIONS[step].event, ready, take)


@pytest.mark.parametrize("step", list(ActionStep))
def test_p13_p14_of_two_who_take_a_step_on_an_action_at_once_one_does(
    postgres: PostgresCourse, step: ActionStep
) -> None:
    def ready(cast: Cast) -> Taken:
        action = actions.record_new(cast.coordinator, cast.federation(), actions.Details("Informera cheferna."))
        for before in _way_to(ACTION_TRANSITIONS, ActionStatus.PLANNED, step):
            changes = OF_ACTIONS.get(before)
            action_door.take(cast.coordinator, before, action, seen=action.version, changes=changes)
        return Taken(cast.coordinator, action.id, action.version)

    def take(_cast: Cast, found: Taken) -> None:
        action = db.session.get_one(Action, found.row_id)
        action_door.take(found.actor, step, action, seen=found.seen, changes=OF_ACTIONS.get(step))

    _race(postgres, ACTION_TRANSITIONS[step].event, ready, take)


def _race(
    course: PostgresCourse,
    event: str,
    ready: Callable[[Cast], Taken],
    take: Callable[[Cast, Taken], None],
    *,
    both: bool = False,
) -> None:
    """One wins and leaves one event; the other is told that it came too late. Or `both`, with an event each."""
    app = course.app

    def run() -> str:
        with app.app_context():
            try:
                with transaction():
                    take(Cast(app), found)
            except (Conflict, StepRefused):
                return "late"
            finally:
                db.session.remove()
            return "won"

    try:
        course.begin()
        with app.app_context(), transaction():
            found = ready(Cast(app))
            before = _events(event)
        results = sorted(at_once([run, run]), key=str)
        with app.app_context():
            left = _events(event) - before
            broken = [*along_the_table(), *chain_holds()]
    finally:
        course.put_back()
    assert results == (["won", "won"] if both else ["late", "won"])
    assert (left, broken) == (2 if both else 1, [])


def _events(kind: str) -> int:
    return db.session.scalar(select(func.count(Event.id)).where(Event.kind == kind)) or 0


def _case_for(cast: Cast, step: Step) -> Taken:
    """The first case on which somebody may take the step; the place has some of every status that does not pass."""
    transition, there = TRANSITIONS[step], cast.federation(ELSEWHERE).id
    query = select(Case).where(Case.federation_id == cast.federation().id).order_by(Case.id)
    for case in db.session.scalars(query):
        if CaseStatus(case.status) not in transition.from_statuses or (case.held_at and step not in WHILE_HELD):
            continue
        for duty in [row for row in duties(case.id) if row.status in transition.duty_from] or [None]:
            if transition.duty_from and duty is None:
                continue
            people = [cast.coordinator, SYSTEM, REPORTER, cast.outsider]
            for actor in [*people, *([cast.manager_of(duty)] if duty is not None else [])]:
                if may_take(actor, step, case, duty, offered_to=there):
                    held: Case | Duty = duty if duty is not None else case
                    return Taken(actor, case.id, held.version, duty.id if duty is not None else None, there)
    cast.reach(min(transition.from_statuses))
    return _case_for(cast, step)


def _way_to(table: Mapping[Any, Any], start: StrEnum, wanted: StrEnum) -> list[Any]:
    """The fewest steps from the beginning to where the wanted one may be taken."""
    ways: dict[StrEnum, list[Any]] = {start: []}
    waiting = [start]
    while waiting:
        status = waiting.pop(0)
        if status in table[wanted].from_statuses:
            return ways[status]
        for step, transition in table.items():
            if status in transition.from_statuses and transition.to is not None and transition.to not in ways:
                ways[transition.to] = [*ways[status], step]
                waiting.append(transition.to)
    raise LookupError(wanted)
