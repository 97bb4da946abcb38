"""The rows that promise work: claiming, failing, parking and sweeping, on both databases, without a process."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.doorbell import EXTENSION, Doorbell
from lexheller.core.jobs import Effect, Job, JobStatus
from lexheller.core.transaction import transaction

NAME = "tests.work"


class Work:
    """A handler that counts; it fails, or has an effect, when told to."""

    def __init__(self, app: Flask) -> None:
        self.done: list[int] = []
        self.problem: Exception | None = None
        self.effect: Effect | None = None
        jobs.register(app, NAME, self)

    def __call__(self, subject_id: int) -> Effect | None:
        self.done.append(subject_id)
        if self.problem is not None:
            raise self.problem
        return self.effect


@pytest.fixture
def work(context: Flask) -> Work:
    return Work(context)


def promised(subject_id: int = 1) -> int:
    with transaction():
        return jobs.ask_for(NAME, federation_id=1, subject_id=subject_id, key=f"work:{subject_id}").id


def row(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_p03_a_bell_too_many_changes_nothing(work):
    job_id = promised()
    assert jobs.run(job_id) is True
    assert jobs.run(job_id) is False
    assert work.done == [1]
    assert row(job_id).status == JobStatus.DONE


def test_asking_twice_for_one_effect_is_one_job(work):
    assert promised() == promised()


def test_p33_a_failing_row_waits_longer_each_time_and_is_parked_and_taken_up_again(work):
    job_id = promised()
    work.problem = ValueError("no")
    moment, waits = clock.now(), []
    for _ in range(jobs.MOST_ATTEMPTS):
        with clock.at(moment):
            assert jobs.run(job_id) is False
            waits.append(row(job_id).due_at - moment)
        moment = row(job_id).due_at
    assert waits[0] == jobs.FIRST_WAIT and waits[1] == 2 * jobs.FIRST_WAIT and max(waits) == jobs.LONGEST_WAIT
    assert row(job_id).status == JobStatus.PARKED
    assert row(job_id).problem == "ValueError"
    work.problem = None
    with transaction():
        jobs.try_again(row(job_id))
    assert jobs.run(job_id) is True


def test_p33_a_row_that_kills_its_process_each_time_is_parked_too(work):
    """Such an end leaves only the claim behind: nobody comes back to record a failure."""
    job_id = promised()
    moment = clock.now()
    for _ in range(jobs.MOST_ATTEMPTS):
        with clock.at(moment):
            assert jobs._claim(job_id) is not None
        moment = row(job_id).due_at
    with clock.at(moment):
        assert jobs.run(job_id) is False
    assert work.done == []
    assert row(job_id).status == JobStatus.PARKED


def test_p33_one_failing_row_does_not_stop_the_others(work):
    first, second = promised(1), promised(2)
    work.problem = ValueError("no")
    jobs.run(first)
    work.problem = None
    assert jobs.run(second) is True


def test_an_attempt_that_was_overtaken_leaves_the_work_to_the_later_one(work, monkeypatch):
    job_id = promised()
    claim = jobs._claim

    def claim_and_fall_asleep(job_id: int) -> int | None:
        attempt = claim(job_id)
        with clock.at(row(job_id).due_at):
            claim(job_id)
        return attempt

    monkeypatch.setattr(jobs, "_claim", claim_and_fall_asleep)
    assert jobs.run(job_id) is False
    assert work.done == []


def test_p05_while_an_effect_happens_no_lock_is_held_and_nobody_else_may_begin_it(work, context):
    job_id = promised()
    seen: list[str] = []

    def other_process() -> None:
        with context.app_context():
            with clock.at(clock.now() + timedelta(seconds=jobs.LONGEST_TASK_SECONDS)):
                seen.append(f"claimed {jobs._claim(job_id)}")
            promised(2)
            seen.append("wrote")
            db.session.remove()

    def happen() -> None:
        other = threading.Thread(target=other_process)
        other.start()
        other.join()

    work.effect = Effect(happen, lambda: seen.append("settled"), lambda _problem: seen.append("failed"))
    assert jobs.run(job_id) is True
    assert seen == ["claimed None", "wrote", "settled"]
    assert row(job_id).status == JobStatus.DONE


def test_p05_an_effect_that_failed_is_told_and_tried_again_soon(work):
    job_id = promised()
    problems: list[str] = []

    def happen() -> None:
        raise ConnectionRefusedError

    work.effect = Effect(happen, lambda: None, lambda problem: problems.append(type(problem).__name__))
    before = clock.now()
    assert jobs.run(job_id) is False
    assert problems == ["ConnectionRefusedError"]
    assert before < row(job_id).due_at < before + jobs.EFFECT_LEASE


def test_an_effect_is_left_alone_for_longer_than_a_task_may_last():
    assert timedelta(seconds=jobs.LONGEST_TASK_SECONDS) < jobs.EFFECT_LEASE


@pytest.fixture
def bells(work, context):
    rung: list[tuple[str, int]] = []

    class Recording(Doorbell):
        def ring(self, name: str, job_id: int) -> None:
            rung.append((name, job_id))

    context.extensions[EXTENSION] = Recording(lambda _name, _id: None)
    return rung


def test_p31_the_sweep_rings_for_what_was_not_heard_but_not_all_the_time(bells):
    job_id = promised()
    bells.clear()
    assert jobs.sweep() == 0, "its bell may still be on the way"
    later = clock.now() + jobs.SWEEP_GRACE
    with clock.at(later):
        assert jobs.sweep() == 1
        assert jobs.sweep() == 0
    with clock.at(later + jobs.RING_AGAIN_AFTER):
        assert jobs.sweep() == 1
    assert bells == [(NAME, job_id)] * 2


def test_p33_after_a_failure_the_sweep_rings_as_soon_as_it_is_due(bells, work):
    job_id = promised()
    later = clock.now() + jobs.SWEEP_GRACE
    with clock.at(later):
        jobs.sweep()
        work.problem = ValueError("no")
        jobs.run(job_id)
    with clock.at(row(job_id).due_at + jobs.SWEEP_GRACE):
        assert jobs.sweep() == 1


def test_p33_the_sweep_takes_the_longest_due_first_and_a_bounded_number(bells, monkeypatch):
    monkeypatch.setattr(jobs, "SWEEP_BATCH", 2)
    ids = [promised(number) for number in range(3)]
    bells.clear()
    with clock.at(clock.now() + jobs.SWEEP_GRACE):
        assert (jobs.sweep(), jobs.sweep(), jobs.sweep()) == (2, 1, 0)
    assert [job_id for _name, job_id in bells] == ids


def test_a_bell_is_rung_after_the_commit_and_never_for_what_was_rolled_back(bells):
    with pytest.raises(ZeroDivisionError), transaction():
        jobs.ask_for(NAME, federation_id=1, subject_id=7, key="work:7")
        raise ZeroDivisionError
    assert bells == []
    promised(8)
    assert len(bells) == 1


def test_p33_two_processes_and_one_job(work, context, database_url):
    """Both come at the same moment; one does it."""
    job_id = promised()
    barrier, answers = threading.Barrier(2), []

    def process() -> None:
        with context.app_context():
            barrier.wait()
            answers.append(jobs.run(job_id))
            db.session.remove()

    both = [threading.Thread(target=process) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(answers) == [False, True]
    assert work.done == [1]
    assert db.session.scalar(select(Job.attempts).where(Job.id == job_id)) == 1
