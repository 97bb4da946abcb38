"""`lexheller check` on actions: silent where verbs alone have been, and names each promise broken behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from breaking import found_by

from lexheller.actions import effect, service
from lexheller.actions.models import ActionStatus
from lexheller.actions.states import Judgement
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from tests.integration.actions.acting import TEXT, done, follow_ups, planned, steps, tick

PLANNED, UNDER_WAY, DONE, CANCELLED, OLD = range(1, 6)


@pytest.fixture
def sound(cast):
    """An action in every status, numbered as above, and one that was imported; clocks have run."""
    office = cast.coordinator
    first = planned(cast, unit=cast.unit("Arbetsförmedlingen"))
    started, carried_out, cancelled = planned(cast), done(cast), planned(cast)
    with transaction():
        service.start(office, started, seen=started.version)
        effect.judge(office, carried_out, follow_ups(carried_out)[0], Judgement.WORKED, TEXT, seen=carried_out.version)
        service.cancel(office, cancelled, TEXT, seen=cancelled.version)
        service.create(
            federation_id=cast.federation().id,
            case_ids=[],
            type=None,
            description=TEXT,
            status=ActionStatus.DONE,
            action_on=clock.today() - timedelta(days=900),
        )
    assert tick(steps(first)[0].due_at)
    assert broken_promises() == []
    return cast


def action(number: int, change: str) -> str:
    return f"UPDATE action SET {change} WHERE number = {number}"


BROKEN = {
    "a status set by hand": (
        ("P12", f"action {PLANNED}", "status differs from its last event"),
        action(PLANNED, "status = 'under_way'"),
    ),
    "a step that the table does not have": (
        ("P12", f"action {CANCELLED}", "events do not follow the table"),
        f"UPDATE event SET kind = 'action.judged' WHERE kind = 'action.cancelled' AND subject_id = {CANCELLED}",
    ),
    "a version without an event": (
        ("P14", f"action {UNDER_WAY}", "version 3, 2 events"),
        action(UNDER_WAY, "version = version + 1"),
    ),
    "an imported one with a step that nobody took": (
        ("P14", f"action {OLD}", "version 2, 0 events"),
        action(OLD, "version = 2"),
    ),
    "done without a day": (
        ("P12", f"action {DONE}", "the day and whether it is done differ"),
        action(DONE, "action_on = NULL"),
    ),
    "a reminder of what is over": (
        ("P8", "still to fire, for what is over (P9)"),
        f"UPDATE action_due_step SET cancelled_at = NULL WHERE action_id = {CANCELLED}",
    ),
    "a question about an effect that is judged": (
        ("P8", "still to fire, for what is over (P9)"),
        "UPDATE action_due_step SET cancelled_at = NULL WHERE follow_up_id IS NOT NULL",
    ),
    "a step that fired early": (
        ("P8", "fired before it was due"),
        "UPDATE action_due_step SET due_at = '2999-01-01 00:00:00+00:00' WHERE fired_at IS NOT NULL",
    ),
    "a day without a clock": (
        ("P8", f"action {UNDER_WAY}", "to be done by a day, and its clock has no steps"),
        "DELETE FROM action_due_step WHERE follow_up_id IS NULL",
    ),
    "a follow-up without a clock": (
        ("P8", "waits, and its clock has no steps"),
        "DELETE FROM action_due_step WHERE follow_up_id IS NOT NULL",
    ),
    "a follow-up of what is not done": (
        ("P8", "waits, for an action that is not done"),
        f"UPDATE action_follow_up SET action_id = {PLANNED} WHERE status = 'waiting'",
    ),
    "carried out and never followed up": (
        ("P8", f"action {DONE}", "carried out, and its effect is not followed up"),
        "DELETE FROM action_follow_up",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_p08_p12_p14_each_broken_promise_of_an_action_is_found_and_named(sound, how):
    (promise, *subject, why), statement = BROKEN[how]
    home = sound.federation().id
    held_off = ("action.ck_action_done_has_day", "action_due_step.ck_action_due_step_never_early")
    found = [row for row in found_by(statement, checks=held_off) if (row.promise, row.why) == (promise, why)]
    assert found
    assert {row.federation_id for row in found} == {home}
    if subject:
        assert subject[0] in {row.subject for row in found}


def test_an_imported_action_is_sound_before_and_after_somebody_takes_it_up(sound):
    """It has no beginning in the log, and nobody is asked about its effect until a day is set."""
    old = db.session.scalars(db.select(service.Action).where(service.Action.number == OLD)).one()
    with transaction():
        effect.plan(sound.coordinator, old, clock.today(), seen=old.version)
    assert broken_promises() == []
    with transaction():
        service.reopen(sound.coordinator, old, TEXT, due_on=None, seen=old.version)
    assert broken_promises() == []
    with transaction():
        service.finish(sound.coordinator, old, service.Done(clock.today()), seen=old.version)
    assert broken_promises() == []
