"""What the routine asks for later is done by the running worker: jobs whose day came while nothing ran, and ticks."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lexheller.cases.states import CaseStatus
from lexheller.casework import closing
from lexheller.core import clock, heartbeat
from lexheller.core.db import db, reading
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.deadlines.models import DueStep
from lexheller.demo.data import address
from lexheller.meetings.reminders import MATERIAL_JOB
from lexheller.organisations.lists import RECALCULATE_JOB, add_closed_day
from lexheller.organisations.queries import responsible_managers
from lexheller.organisations.service import TELL_RESPONSIBLE_JOB, ManagerDetails, appoint_manager
from tests.cast.people import Cast
from tests.integration.meetings.days import meeting_in
from tests.worker.installation import wait_until
from tests.worker.looking import findings
from worker.schedule import ASK_FOR_CONFIRMATIONS, FIRE_DEADLINES, SCHEDULE, SWEEP

NEW = "nils.ny@af.example"
WEEKS_AGO = timedelta(weeks=10)


def statuses(app) -> dict[str, set[str]]:
    """By name of the job."""
    found: dict[str, set[str]] = {}
    with app.app_context(), reading(), nothing_kept():
        for name, status in db.session.execute(select(Job.name, Job.status)):
            found.setdefault(name, set()).add(status)
    return found


def nothing_is_due(app) -> bool:
    """Neither waiting for its turn nor taken up by somebody."""
    due = select(Job.id).where(Job.status == JobStatus.WAITING, (Job.due_at <= clock.now()) | (Job.attempts > 0))
    with app.app_context(), reading(), nothing_kept():
        return db.session.scalar(due.limit(1)) is None


def beaten(app, name: str) -> bool:
    with app.app_context(), reading(), nothing_kept():
        return heartbeat.last(name) is not None


def prepare(cast: Cast) -> dict[str, object]:
    """Weeks ago a case was closed and a meeting planned; now a manager was replaced and a day became a day off."""
    with clock.at(clock.now() - WEEKS_AGO):
        cast.reach(CaseStatus.CLOSED)
        meeting_in(cast, 60)
        running = cast.reach(CaseStatus.ASSIGNED, reporter_email=None)
    duty = cast.duty(running)
    with transaction():
        former = responsible_managers(duty.unit_id, clock.today())[0]
        details = ManagerDetails("Nils Ny", NEW)
        appoint_manager(cast.coordinator, duty.unit, details, valid_from=clock.today(), replaces=former)
        add_closed_day(cast.coordinator, duty.federation_id, clock.today() + timedelta(days=3), "Flytt")
    return {"duty": duty.id}


def test_p08_p33_what_came_due_while_nothing_ran_is_done_once_when_it_runs_again(installation, app, stage, smtp_server):
    made = stage.ask(prepare)
    smtp_server.messages.clear()
    installation.worker()
    installation.beat()
    wait_until(lambda: nothing_is_due(app), "all that was due is done")
    wait_until(lambda: beaten(app, SWEEP) and beaten(app, FIRE_DEADLINES), "beat asks for both sweeps")
    wait_until(lambda: nothing_is_due(app), "and what they asked for")
    found = statuses(app)
    for name in (TELL_RESPONSIBLE_JOB, RECALCULATE_JOB):
        assert found[name] == {JobStatus.DONE}, name
    assert JobStatus.PARKED not in set().union(*found.values())
    for name in (closing.FOLLOW_UP_JOB, MATERIAL_JOB):
        assert found[name] in ({JobStatus.DONE}, {JobStatus.WAITING}), "at night or on a day off it waits"
    assert len(smtp_server.to(NEW)) >= 1, "who is responsible now hears of what waits"
    asked = [mail for mail in smtp_server.to("anmalare@habo.example") if "Blev det bättre?" in mail["Subject"]]
    assert len(asked) == (found[closing.FOLLOW_UP_JOB] == {JobStatus.DONE})
    assert smtp_server.to(address("samordnare", "finnveden")) == []
    with app.app_context(), reading(), nothing_kept():
        steps = select(DueStep).where(DueStep.duty_id == made["duty"])
        for step in db.session.scalars(steps):
            assert step.fired_at is None or step.fired_at >= step.due_at
    assert findings(app) == []


def test_every_periodic_task_may_be_missed_and_doubled(installation, app, stage):
    """Each is sent twice by its name, as a beat that stumbles would; what it wrote is as after one."""
    stage.ask(lambda cast: cast.reach(CaseStatus.ASSIGNED))
    client = installation.client()
    installation.worker()
    for entry in SCHEDULE.values():
        for _time in range(2):
            client.send_task(entry["task"])
    client.close()
    for name in (SWEEP, FIRE_DEADLINES, ASK_FOR_CONFIRMATIONS):
        wait_until(lambda name=name: beaten(app, name), f"{name} has run")
    wait_until(lambda: nothing_is_due(app), "all that was due is done")
    with app.app_context(), reading(), nothing_kept():
        keys = db.session.scalars(select(Job.key)).all()
        asked = [key for key in keys if key.startswith("still-you:")]
    assert len(asked) == len(set(asked))
    assert findings(app) == []
