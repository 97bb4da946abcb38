"""Worker, pool process and beat killed at the worst moment, and restarted without repair (P33)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import psutil
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from lexheller.audit.models import ChainHead
from lexheller.core import heartbeat, jobs
from lexheller.core.db import db, reading
from lexheller.core.transaction import nothing_kept
from lexheller.messaging.models import Message
from tests.services.ports import free_port
from tests.worker.installation import wait_until
from tests.worker.looking import (
    begun_jobs,
    case_statuses,
    figures,
    findings,
    let_leases_run_out,
    sent_messages,
    waiting_jobs,
)
from worker.schedule import SWEEP

ROUTE_JOB = "casework.route_case"
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class SlowMailServer:
    """Takes a mail over at once and says so only when it is let go: the moment between sending and marking."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.let_go = threading.Event()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self._controller.start()
        self.url = f"smtp://127.0.0.1:{self._controller.port}"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.taken.append(envelope.content.decode())
        while not self.let_go.is_set():
            await asyncio.sleep(0.02)
        return "250 OK"

    def stop(self) -> None:
        self.let_go.set()
        self._controller.stop()


@pytest.fixture
def slow_mail() -> Iterator[SlowMailServer]:
    server = SlowMailServer()
    yield server
    server.stop()


def hold_chain() -> None:
    """Whoever wants to record an event waits for this transaction: routing stops half-way."""
    db.session.scalars(select(ChainHead).with_for_update()).all()


@on_postgresql
@pytest.mark.parametrize("whom", ["worker", "pool"])
def test_p33_killed_while_it_routes(installation, app, whom):
    browser = installation.web().open_form()
    assert browser.report().status == 302
    with app.app_context():
        hold_chain()
        worker = installation.worker()
        installation.beat()
        wait_until(lambda: begun_jobs(app, ROUTE_JOB) == 1, "the worker routes")
        if whom == "worker":
            installation.kill(worker)
        else:
            assert installation.kill_pool_processes(worker) == 2
        db.session.rollback()
    if whom == "worker":
        assert case_statuses(app) == {"received": 1}
        installation.worker()
    wait_until(lambda: waiting_jobs(app) == 0, "the case is routed and the mail sent")
    assert case_statuses(app) == {"assigned": 1}
    assert findings(app) == []
    assert figures(app)["duties"] == 1


def test_p05_killed_between_sending_and_marking_the_mail_is_sent_again_and_recorded(installation, app, slow_mail):
    installation.smtp_url = slow_mail.url
    browser = installation.web().open_form()
    worker = installation.worker()
    installation.beat()
    assert browser.report().status == 302
    wait_until(lambda: slow_mail.taken, "the mail server has the mail")
    assert waiting_jobs(app) == 1
    installation.kill(worker)
    slow_mail.let_go.set()
    let_leases_run_out(app)
    installation.worker()
    wait_until(lambda: sent_messages(app) == 1 and waiting_jobs(app) == 0, "it is sent and marked")
    assert len(slow_mail.taken) == 2
    ids = {line for mail in slow_mail.taken for line in mail.splitlines() if line.startswith("Message-ID")}
    assert len(ids) == 1, "the receiving side can tell that it is the same mail"
    assert figures(app)["possible_doubles"] == 1
    assert findings(app) == []


def test_a_workers_sigterm_lets_the_task_under_way_end(installation, app, slow_mail):
    installation.smtp_url = slow_mail.url
    browser = installation.web().open_form()
    worker = installation.worker()
    assert browser.report().status == 302
    wait_until(lambda: slow_mail.taken, "the mail server has the mail")
    worker.ask_to_end()
    wait_until(lambda: "Warm shutdown" in installation.logs() or worker.ended() is not None, "it has heard")
    assert worker.ended() is None
    slow_mail.let_go.set()
    wait_until(lambda: worker.ended() is not None, "the worker ends")
    assert worker.ended() == 0
    assert sent_messages(app) == 1 and len(slow_mail.taken) == 1
    assert figures(app)["possible_doubles"] == 0


def test_a_mail_that_was_refused_is_no_double(installation, app, smtp_server):
    smtp_server.refusing = True
    browser = installation.web().open_form()
    installation.worker()
    installation.beat()
    assert browser.report().status == 302
    wait_until(lambda: _problem_of_message(app) == "SMTPDataError", "the refusal is recorded")
    smtp_server.refusing = False
    wait_until(lambda: sent_messages(app) == 1, "it is sent in the end")
    assert figures(app)["possible_doubles"] == 0
    assert len(smtp_server.messages) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_p33_beat_killed_and_started_again_sweeps_on(installation, app):
    installation.worker()
    beat = installation.beat()
    wait_until(lambda: last_sweep(app) is not None, "a sweep has been")
    installation.kill(beat)
    before = last_sweep(app)
    installation.beat()
    wait_until(lambda: last_sweep(app) > before, "the sweeps go on")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_p33_one_row_that_cannot_be_done_does_not_stop_the_others(installation, app):
    """Its mail is of a kind that no release knows."""
    browser = installation.web().open_form()
    assert browser.report(reporter_email="anmalare@habo.example").status == 302
    with app.app_context():
        message = db.session.scalars(select(Message)).one()
        message.kind = "unheard.of"
        db.session.commit()
    installation.worker()
    installation.beat()
    assert [browser.report().status for _ in range(5)] == [302] * 5
    wait_until(lambda: case_statuses(app) == {"assigned": 6} and sent_messages(app) == 7, "all others are done")
    assert _problem_of_message(app) == "KeyError"
    assert waiting_jobs(app) == 1


def last_sweep(app):
    with app.app_context(), reading(), nothing_kept():
        return heartbeat.last(SWEEP)


def _problem_of_message(app) -> str | None:
    from_jobs = select(jobs.Job.problem).where(jobs.Job.problem.is_not(None))
    with app.app_context(), reading(), nothing_kept():
        return db.session.scalar(from_jobs)


def test_a_killed_worker_leaves_no_pool_process_behind(installation, app):
    worker = installation.worker()
    parent = psutil.Process(worker.process.pid)
    wait_until(lambda: len(parent.children()) == 2, "the pool has started")
    pool = parent.children()
    parent.kill()
    wait_until(lambda: not any(process.is_running() for process in pool), "they notice and end")
