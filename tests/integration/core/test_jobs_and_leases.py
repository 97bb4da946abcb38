"""Promised work: claimed once, tried again later, parked at last, and taken up after a death (P5, P33)."""

import contextlib
import threading
from datetime import UTC, datetime, timedelta

import pytest

from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.doorbell import EXTENSION
from lexheller.core.jobs import Job, JobStatus
from lexheller.core.transaction import transaction

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Fault(Exception):
    pass


class Bell:
    def __init__(self):
        self.rung = []

    def ring(self, name, job_id):
        self.rung.append((name, job_id))


@pytest.fixture
def worked(app):
    """A job named `test.work` whose handler notes its calls, and fails while `worked.failing`."""

    class Worked(list):
        failing = False

        def __call__(self, subject_id):
            self.append(subject_id)
            if self.failing:
                raise Fault("with words of a person in it")

    handler = Worked()
    jobs.register(app, "test.work", handler)
    return handler


def promise(app, key: str = "one", at: datetime = START) -> int:
    with app.app_context(), clock.at(at), transaction():
        return jobs.ask_for("test.work", federation_id=1, subject_id=7, key=key).id


def run(app, job_id: int, at: datetime) -> bool:
    with app.app_context(), clock.at(at):
        return jobs.run(job_id)


def look(app, job_id: int) -> Job:
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        db.session.expunge(job)
        return job


def test_asking_twice_for_one_effect_is_one_job(app, worked):
    assert promise(app) == promise(app)
    assert promise(app, "two") != promise(app)


def test_p33_two_at_once_do_the_work_once(app, worked):
    job_id = promise(app)
    gate, results = threading.Barrier(6), []

    def work():
        gate.wait()
        results.append(run(app, job_id, START + timedelta(seconds=1)))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worked == [7]
    assert sorted(results) == [False] * 5 + [True]
    assert (look(app, job_id).status, look(app, job_id).attempts) == (JobStatus.DONE, 1)


def test_p05_two_claims_that_overlap_let_the_effect_happen_once(app, monkeypatch):
    happened, within_claim, wait = [], threading.Barrier(2), jobs._wait

    def wait_for_the_other(attempt):
        """Where nothing keeps the second one out, both stand here; where something does, the first goes on alone."""
        with contextlib.suppress(threading.BrokenBarrierError):
            within_claim.wait(timeout=2)
        return wait(attempt)

    monkeypatch.setattr(jobs, "_wait", wait_for_the_other)

    def nothing(*_problem):
        pass

    jobs.register(app, "test.work", lambda subject: jobs.Effect(lambda: happened.append(subject), nothing, nothing))
    job_id = promise(app)
    at = START + timedelta(seconds=1)
    threads = [threading.Thread(target=run, args=(app, job_id, at)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert happened == [7]
    assert look(app, job_id).status == JobStatus.DONE


def test_done_work_is_not_done_again(app, worked):
    job_id = promise(app)
    assert run(app, job_id, START)
    assert not run(app, job_id, START + timedelta(days=1))
    assert worked == [7]


def test_p05_failing_work_is_tried_again_later_and_later_then_parked_and_taken_up_by_hand(app, worked, printed):
    job_id = promise(app)
    worked.failing = True
    now, waits = START, []
    for _ in range(jobs.MOST_ATTEMPTS):
        assert not run(app, job_id, now)
        due = look(app, job_id).due_at
        assert not run(app, job_id, due - timedelta(milliseconds=1)), "not before it is due"
        waits.append(due - now)
        now = due
    assert len(worked) == jobs.MOST_ATTEMPTS
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(seconds=15)
    assert waits[-1] == jobs.LONGEST_WAIT
    parked = look(app, job_id)
    assert (parked.status, parked.problem) == (JobStatus.PARKED, "Fault")
    assert not run(app, job_id, now + timedelta(days=9))
    log = printed()
    assert "job_parked" in log
    assert "words of a person" not in log
    worked.failing = False
    with app.app_context(), clock.at(now), transaction():
        jobs.try_again(db.session.get_one(Job, job_id))
    assert run(app, job_id, now)
    assert look(app, job_id).status == JobStatus.DONE


def test_p33_work_whose_process_died_is_taken_up_after_its_lease(app, worked):
    job_id = promise(app)

    def die(_subject_id):
        raise SystemExit

    jobs.register(app, "test.work", die)
    with pytest.raises(SystemExit):
        run(app, job_id, START)
    jobs.register(app, "test.work", worked)
    left = look(app, job_id)
    assert (left.status, left.attempts) == (JobStatus.WAITING, 1)
    assert not run(app, job_id, START + timedelta(seconds=1)), "somebody may still be at it"
    assert run(app, job_id, left.due_at)
    assert worked == [7]


def test_p33_work_that_kills_its_process_each_time_is_parked(app):
    job_id = promise(app)

    def die(_subject_id):
        raise SystemExit

    jobs.register(app, "test.work", die)
    now = START
    for _ in range(jobs.MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            run(app, job_id, now)
        now = look(app, job_id).due_at
    assert not run(app, job_id, now)
    assert look(app, job_id).status == JobStatus.PARKED


def test_p31_a_bell_that_was_not_heard_is_rung_again_and_not_without_pause(app, worked):
    bell = app.extensions[EXTENSION] = Bell()
    job_id = promise(app)
    assert bell.rung == [("test.work", job_id)]

    def sweep(seconds: float) -> int:
        with app.app_context(), clock.at(START + timedelta(seconds=seconds)):
            return jobs.sweep()

    assert sweep(1) == 0, "the bell of the transaction may still be on its way"
    assert sweep(6) == 1
    assert sweep(7) == 0
    assert sweep(6 + jobs.RING_AGAIN_AFTER.total_seconds()) == 1
    assert bell.rung == [("test.work", job_id)] * 3
    run(app, job_id, START + timedelta(seconds=40))
    assert sweep(500) == 0


def test_a_bell_is_rung_after_the_commit_and_never_for_what_was_rolled_back(app, worked):
    bell = app.extensions[EXTENSION] = Bell()
    with app.app_context():
        with pytest.raises(Fault), transaction():
            jobs.ask_for("test.work", federation_id=1, subject_id=7, key="never")
            raise Fault
        with transaction():
            jobs.ask_for("test.work", federation_id=1, subject_id=7, key="kept")
            assert bell.rung == []
    assert len(bell.rung) == 1


def test_p33_one_failing_row_does_not_stop_the_others(app, worked):
    ids = [promise(app, str(number)) for number in range(3)]

    def second_fails(subject_id):
        worked.append(subject_id)
        if len(worked) == 2:
            raise Fault

    jobs.register(app, "test.work", second_fails)
    assert [run(app, job_id, START) for job_id in ids] == [True, False, True]


def test_commands_do_what_their_work_asks_for_too(app, worked):
    """The second promise is made later than the first look at what is due."""

    def first(_subject_id):
        jobs.ask_for("test.work", federation_id=1, subject_id=8, key="asked for on the way")

    jobs.register(app, "test.first", first)
    with app.app_context(), transaction():
        jobs.ask_for("test.first", federation_id=1, subject_id=1, key="first")
        jobs.run_waiting_now()
    assert worked == [8]
