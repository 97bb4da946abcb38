"""The fault's table as data: every status can be reached and left, what is over has a way back, and all has words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lexheller.accounts.rights import REPORTER, SYSTEM, Actor, ActorKind, Role
from lexheller.faults import labels
from lexheller.faults.models import Fault
from lexheller.faults.permissions import OF_MEETINGS, may_see, may_take, steps_for
from lexheller.faults.states import (
    BEGINNING,
    FAULT_TRANSITIONS,
    OVER,
    FaultStatus,
    FaultStep,
    fault_path_is_along_table,
    fault_steps_from,
)
from lexheller.privacy.masking import MASKED

MOVING = {step: transition for step, transition in FAULT_TRANSITIONS.items() if transition.to is not None}
HOME, ELSEWHERE = 1, 2


def person(*roles: Role, federation_id: int = HOME, units: frozenset[int] = frozenset()) -> Actor:
    return Actor(ActorKind.USER, 7, roles={federation_id: frozenset(roles)}, unit_ids=units)


def fault(status: FaultStatus = FaultStatus.CONFIRMED, owner_unit_id: int | None = None) -> Fault:
    return Fault(federation_id=HOME, status=status, owner_unit_id=owner_unit_id)


def test_every_status_is_reached_from_suspicion_on():
    reached, before = {FaultStatus.SUSPECTED}, set()
    while reached != before:
        before = set(reached)
        reached |= {each.to for each in MOVING.values() if each.from_statuses & before}
    assert reached == set(FaultStatus)


def test_the_way_from_suspicion_to_mended():
    steps = (FaultStep.CONFIRM, FaultStep.LIFT, FaultStep.DECIDE, FaultStep.START_MENDING, FaultStep.FOLLOW_UP)
    status = FaultStatus.SUSPECTED
    for step in (*steps, FaultStep.CLOSE, FaultStep.REOPEN):
        assert step in fault_steps_from(status)
        status = FAULT_TRANSITIONS[step].to or status
    assert status is FaultStatus.CONFIRMED


def test_what_is_over_is_left_by_opening_it_alone_and_the_system_alone_sees_it_recur():
    for status in OVER:
        assert {step for step in MOVING if status in MOVING[step].from_statuses} == {FaultStep.REOPEN, FaultStep.RECUR}
        assert FaultStep.RECUR not in fault_steps_from(status)


@pytest.mark.parametrize(
    ("events", "along"),
    [
        ([("fault.suspected", "suspected")], True),
        ([("fault.suspected", "suspected"), ("fault.case_linked", "suspected"), ("fault.lifted", "lifted")], True),
        ([], False),
        ([("fault.lifted", "lifted")], False),
        ([("fault.suspected", "suspected"), ("fault.followed_up", "followed_up")], False),
        ([("fault.suspected", "suspected"), ("fault.confirmed", "closed")], False),
        ([("fault.suspected", "suspected"), ("fault.mended", "closed")], False),
    ],
)
def test_p12_a_history_follows_the_table_or_is_found_out(events, along):
    assert fault_path_is_along_table(events) is along


def test_work_goes_on_when_what_was_done_did_not_help():
    assert FaultStep.START_MENDING in fault_steps_from(FaultStatus.FOLLOWED_UP)


def test_each_step_leaves_an_event_of_its_own():
    events = [transition.event for transition in FAULT_TRANSITIONS.values()]
    assert len(set(events)) == len(events)
    assert BEGINNING not in events


def test_everything_has_words():
    assert set(labels.STATUS) == set(FaultStatus)
    assert set(labels.STEP) == set(FaultStep)
    assert set(labels.EVENT) == {BEGINNING, MASKED, *(transition.event for transition in FAULT_TRANSITIONS.values())}
    of_decisions = {FaultStep.REWORD_DECISION, FaultStep.DECIDE_ANEW}
    assert set(labels.MEANING) == set(MOVING) - {FaultStep.RECUR} | of_decisions


@pytest.mark.parametrize("step", FaultStep)
def test_p17_those_who_handle_cases_there_take_a_step_and_at_a_meeting_the_director(step):
    takers = {
        "coordinator": person(Role.COORDINATOR),
        "director": person(Role.DIRECTOR),
        "manager": person(Role.MANAGER, units=frozenset({3})),
        "outsider": person(Role.COORDINATOR, federation_id=ELSEWHERE),
        "reporter": REPORTER,
        "system": SYSTEM,
    }
    may = {name for name, actor in takers.items() if may_take(actor, step, fault(owner_unit_id=3))}
    meets = {"director"} if step in OF_MEETINGS else set()
    assert may == ({"system"} if step is FaultStep.RECUR else {"coordinator"} | meets)
    assert steps_for(takers["director"], fault(owner_unit_id=3)) == [], "they do it at a meeting"


def test_p15_the_office_sees_it_and_of_managers_those_who_answer_for_its_owner():
    owned = fault(owner_unit_id=3)
    assert may_see(person(Role.COORDINATOR), owned)
    assert may_see(person(Role.DIRECTOR), owned)
    owner = person(Role.MANAGER, units=frozenset({3}))
    assert may_see(owner, owned)
    assert steps_for(owner, owned) == []
    link = Actor(ActorKind.LINK, roles=owner.roles, unit_ids=owner.unit_ids, duty_id=5, link_id=6)
    strangers = [
        person(Role.MANAGER, units=frozenset({4})),
        person(Role.MANAGER, federation_id=ELSEWHERE, units=frozenset({3})),
        person(Role.COORDINATOR, federation_id=ELSEWHERE),
        link,
        REPORTER,
    ]
    assert not any(may_see(stranger, owned) for stranger in strangers)
    assert not may_see(owner, fault())


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "0 dagar"),
        (0, "0 dagar"),
        (1, "1 dag"),
        (13, "13 dagar"),
        (14, "2 veckor"),
        (61, "2 månader"),
        (800, "2 år"),
    ],
)
def test_how_old_it_is_in_words(days, words):
    today = date(2026, 5, 4)
    assert labels.age_words(today - timedelta(days=days), today) == words
