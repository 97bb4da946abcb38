"""P8–P10 for actions: reminders and escalations fire once, none early, none at night, none after the end."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

import pytest
from acting import TEXT, done, follow_ups, kinds, moment, planned, steps, tick

from lexheller.accounts.queries import user_by_email
from lexheller.actions import service
from lexheller.actions.messages import DUE, EFFECT_DUE, EFFECT_LATE, ESCALATED, LATE, TEMPLATE
from lexheller.actions.service import Details, Done
from lexheller.actions.states import ActionStatus
from lexheller.actions.sweep import fire_due_actions
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.schedule import is_quiet
from lexheller.messaging.models import Message
from lexheller.organisations import substitutes
from tests.cast.people import ELSEWHERE


def told() -> list[tuple[str, int]]:
    """Kind and recipient of every message that a clock has asked for, in order."""
    query = db.select(Message.kind, Message.recipient_id).where(Message.kind.in_(TEMPLATE))
    return [tuple(row) for row in db.session.execute(query.order_by(Message.id))]


def fire_all_days(days: int = 60) -> None:
    """A tick every morning at nine from today on."""
    for offset in range(days):
        tick(moment(clock.today() + timedelta(days=offset)))


def test_p10_the_owner_is_reminded_then_the_office_then_the_director(cast):
    action = planned(cast, unit=cast.unit("Arbetsförmedlingen"))
    fire_all_days()
    manager, office, director = (cast.person(part).user_id for part in ("chef.af", "samordnare", "forbundschef"))
    assert told() == [(DUE, manager), (LATE, manager), (ESCALATED, office), (ESCALATED, director)]
    assert [(row.kind, row.rung) for row in steps(action)] == [
        ("remind", "manager"),
        ("overdue", "manager"),
        ("escalate_1", "coordinator"),
        ("escalate_2", "director"),
        ("escalate_3", None),
    ]
    assert kinds(action)[1:] == ["action.reminded", "action.overdue", *["action.escalated"] * 3]
    assert action.version == 1


def test_p10_what_the_federation_owns_goes_from_the_office_straight_to_the_director(cast):
    planned(cast)
    fire_all_days()
    office, director = cast.coordinator.user_id, cast.director.user_id
    assert told() == [(DUE, office), (LATE, office), (ESCALATED, director)]


def test_a_unit_whose_manager_has_no_account_leaves_it_to_the_office(cast):
    planned(cast, unit=cast.unit("Arbetsförmedlingen"), due_in=10)
    with transaction():
        user_by_email(cast.person("chef.af").email).active = False
    fire_all_days(20)
    assert told()[0] == (DUE, cast.coordinator.user_id)


def test_p10_whoever_stands_in_for_the_coordinator_is_told_instead(cast):
    office, director = cast.coordinator, cast.director
    planned(cast, due_in=10)
    with transaction():
        substitutes.add_substitution(
            office,
            cast.federation().id,
            absent_email=office.email,
            name=director.name,
            email=director.email,
            from_on=clock.today(),
            to_on=clock.today() + timedelta(days=60),
        )
    fire_all_days(20)
    assert told() == [(DUE, director.user_id), (LATE, director.user_id)], "and the same person is not told again above"


def test_p08_ticks_that_were_missed_are_made_up_for_and_doubled_ones_add_nothing(cast):
    action = planned(cast)
    late = steps(action)[2].due_at + timedelta(minutes=5)
    assert tick(late) == 3
    assert tick(late) == 0
    assert [row.kind for row in steps(action) if row.fired_at] == ["remind", "overdue", "escalate_1"]


def test_p08_nothing_fires_before_its_moment(cast):
    action = planned(cast)
    first = steps(action)[0].due_at
    assert tick(first - timedelta(seconds=1)) == 0
    assert tick(first) == 1


def test_p09_not_at_night_or_on_a_day_off(cast):
    action = planned(cast)
    calendar = frame_of(action.federation_id).calendar
    day = clock.day_of(steps(action)[0].due_at)
    off = next(day + timedelta(days=n) for n in range(1, 9) if not calendar.is_working_day(day + timedelta(days=n)))
    assert tick(moment(day, 22)) == 0
    assert tick(moment(off, 10)) == 0
    assert tick(moment(add_working_days(off, 1, calendar))) >= 1


@pytest.mark.parametrize("ending", ["done", "cancelled"])
def test_p09_nothing_after_the_end(cast, ending):
    action = planned(cast)
    tick(steps(action)[0].due_at)
    with transaction():
        if ending == "done":
            service.finish(cast.coordinator, action, Done(clock.today(), "Gjort."), seen=action.version)
        else:
            service.cancel(cast.coordinator, action, "Ingen tid.", seen=action.version)
    fire_all_days(70)
    assert [kind for kind, _who in told()] == [DUE]


def test_p09_an_action_that_is_opened_again_has_a_clock_of_its_own(cast):
    action = done(cast)
    due_on = clock.today() + timedelta(days=30)
    with transaction():
        service.reopen(cast.coordinator, action, "Den blev inte av.", due_on=due_on, seen=action.version)
    fire_all_days(40)
    assert [kind for kind, _who in told()] == [DUE, LATE]
    assert tick(moment(clock.today() + timedelta(days=400))) >= 1
    assert not any(kind.startswith("actions.effect") for kind, _who in told())


def test_the_effect_comes_back_until_it_is_judged(cast):
    unit = cast.unit("Arbetsförmedlingen")
    action = done(cast, unit=unit)
    first = follow_ups(action)[0]
    day = add_working_days(first.due_on, 0, frame_of(action.federation_id).calendar)
    assert tick(moment(day, 7)) == 0
    for offset in range(40):
        tick(moment(day + timedelta(days=offset)))
    manager, office, director = (cast.person(part).user_id for part in ("chef.af", "samordnare", "forbundschef"))
    assert told() == [
        (EFFECT_DUE, manager),
        (EFFECT_DUE, office),
        (EFFECT_DUE, manager),
        (EFFECT_DUE, office),
        (EFFECT_LATE, director),
    ]


def test_p10_what_is_written_in_late_is_not_told_on_before_anybody_could_do_it(cast):
    """The director hears of a day that passed long ago only after the days of escalation from today."""
    long_ago = clock.today() - timedelta(days=400)
    with transaction():
        planned_late = service.create(
            federation_id=cast.federation().id,
            case_ids=[],
            type=None,
            description=TEXT,
            status=ActionStatus.PLANNED,
            action_on=long_ago,
        )
    judged_late = done(cast, on=long_ago)
    for action in (planned_late, judged_late):
        rows = steps(action)
        assert rows
        assert all(clock.day_of(row.due_at) >= clock.today() for row in rows)
        told_on = [row for row in rows if row.kind.startswith("escalate")]
        assert all(clock.day_of(row.due_at) > clock.today() for row in told_on)


def test_what_was_planned_before_there_were_clocks_gets_what_is_still_to_come(cast):
    """As the migration leaves it: no steps, round 0."""
    action = planned(cast, due_in=2)
    for row in steps(action):
        db.session.delete(row)
    action.step_round = 0
    db.session.commit()
    later = moment(clock.today() + timedelta(days=12))
    assert tick(later) == 0
    assert {row.kind for row in steps(action)} == {"escalate_2", "escalate_3"}
    assert all(row.due_at > later for row in steps(action))


def test_p33_one_failing_federation_does_not_stop_the_others(cast, monkeypatch):
    """The first one in the order fails."""
    planned(cast, slug=ELSEWHERE)
    action = planned(cast)
    failing = cast.federation(ELSEWHERE).id

    def fire(federation_id: int) -> int:
        if federation_id == failing:
            raise RuntimeError("on purpose")
        return fire_due_actions(federation_id)

    monkeypatch.setattr("lexheller.actions.sweep.fire_due_actions", fire)
    assert tick(steps(action)[0].due_at) == 1


def test_p08_a_year_with_outages_fires_every_step_once_and_none_wrongly(cast):
    """Actions are planned, moved, finished, cancelled and opened again at random while the clock misses ticks."""
    chance = random.Random(11)
    calendar, settings = frame_of(cast.federation().id).calendar, frame_of(cast.federation().id).settings
    units = [None, cast.unit("Arbetsförmedlingen"), cast.unit("Försäkringskassan")]
    now, found, ended = moment(clock.today(), 8), [], {}
    stop = now + timedelta(days=365)
    while now < stop:
        now += timedelta(hours=chance.choice([3, 7, 26, 50, 26, 240]))
        with clock.at(now):
            if len(found) < 12:
                found.append(planned(cast, due_in=chance.randint(1, 60), unit=chance.choice(units)))
            happen_to(cast, chance, chance.choice(found), ended)
        tick(now)
        if chance.random() < 0.3:
            tick(now)
    rows = [row for action in found for row in steps(action)]
    fired = [row for row in rows if row.fired_at is not None]
    assert len(fired) > 30
    assert len({(row.action_id, row.follow_up_id, row.kind, row.round) for row in rows}) == len(rows)
    for row in fired:
        assert row.fired_at >= row.due_at
        assert not is_quiet(row.fired_at, calendar, settings)
        assert row.cancelled_at is None
        last = ended.get((row.action_id, row.round))
        assert row.follow_up_id is not None or last is None or row.fired_at <= last
    live = {action.id for action in found if action.status in {"planned", "under_way"}}
    tick(stop_on_a_working_day(calendar, clock.day_of(now)))
    missing = [
        row
        for action in found
        for row in steps(action)
        if row.fired_at is None and row.cancelled_at is None and row.due_at <= now and row.action_id in live
    ]
    assert missing == []
    keys = list(db.session.scalars(db.select(Message.key)))
    assert len(keys) == len(set(keys))


def stop_on_a_working_day(calendar, day) -> datetime:
    return datetime.combine(add_working_days(day, 1, calendar), time(10), tzinfo=clock.SWEDEN)


def happen_to(cast, chance: random.Random, action, ended: dict) -> None:
    office, seen, what = cast.coordinator, action.version, chance.random()
    with transaction():
        if action.status in {"planned", "under_way"}:
            if what < 0.05:
                ended[action.id, action.step_round] = clock.now()
                service.finish(office, action, Done(clock.today(), "Gjort."), seen=seen)
            elif what < 0.07:
                ended[action.id, action.step_round] = clock.now()
                service.cancel(office, action, "Ingen tid.", seen=seen)
            elif what < 0.2:
                ended[action.id, action.step_round] = clock.now()
                day = clock.today() + timedelta(days=chance.randint(1, 50))
                if day == action.due_on:
                    del ended[action.id, action.step_round]
                service.change(office, action, Details(TEXT, due_on=day), seen=seen)
        elif action.status == "done" and what < 0.3:
            day = clock.today() + timedelta(days=chance.randint(1, 50))
            service.reopen(office, action, "Den blev inte av.", due_on=day, seen=seen)
