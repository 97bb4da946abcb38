"""Redis stopped, killed or frozen, and all workers gone (P31)."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

import pytest
from limits.storage import MemoryStorage
from redis.exceptions import TimeoutError as RedisTimeoutError

from lexheller.app.factory import create_app
from lexheller.core.db import db
from lexheller.web import limits
from tests.cast.databases import settings_for
from tests.cast.people import HOME, Visitor
from tests.worker.installation import wait_until
from tests.worker.looking import cases, findings, sent_messages, waiting_jobs


@contextlib.contextmanager
def stopped(redis) -> Iterator[None]:
    redis.stop()
    yield
    redis.start()


@contextlib.contextmanager
def killed(redis) -> Iterator[None]:
    redis.kill()
    yield
    redis.start()


@contextlib.contextmanager
def frozen(redis) -> Iterator[None]:
    os.kill(redis.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(redis.pid, signal.SIGCONT)


FAULTS = [("sqlite", frozen), ("postgresql", stopped), ("postgresql", killed), ("postgresql", frozen)]


@pytest.mark.parametrize(("database_url", "fault"), FAULTS, indirect=["database_url"])
def test_p31_without_redis_reports_are_taken_and_the_work_completes_by_itself(installation, app, fault, smtp_server):
    browser = installation.web().open_form()
    installation.worker()
    installation.beat()
    assert browser.report().status == 302
    wait_until(lambda: sent_messages(app) == 1, "the worker works")
    with fault(installation.redis):
        assert browser.get("/").status == 200
        assert [browser.report().status for _ in range(3)] == [302] * 3
        readiness = browser.get("/readyz")
        assert readiness.status == 503 and '"broker":"unreachable"' in readiness.text.replace(" ", "")
        assert cases(app) == 4
    wait_until(lambda: waiting_jobs(app) == 0, "the work is done after all")
    assert findings(app) == []
    assert len(smtp_server.messages) == 4


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_p31_without_any_worker_reports_are_taken_and_the_work_completes_by_itself(installation, app, smtp_server):
    browser = installation.web().open_form()
    for child in (installation.worker(), installation.beat()):
        installation.kill(child)
    assert [browser.report().status for _ in range(3)] == [302] * 3
    assert cases(app) == waiting_jobs(app) == 3
    installation.redis.kill()  # not even the bells are left
    installation.redis.start()
    installation.worker()
    installation.beat()
    wait_until(lambda: waiting_jobs(app) == 0, "the work is done after all")
    assert findings(app) == []
    assert len(smtp_server.messages) == 3


@pytest.fixture
def stuck_bell() -> Iterator[tuple]:
    """A bell whose sender hangs until the test lets it go, as with a frozen broker."""
    begun, free = threading.Event(), threading.Event()

    def send(_name: str, _job_id: int) -> None:
        begun.set()
        free.wait()

    yield send, begun, free
    free.set()


def test_p31_a_request_is_answered_while_the_bell_hangs(database_url, tmp_path, stuck_bell):
    send, begun, free = stuck_bell
    app = create_app(settings_for(database_url, tmp_path), ring=send)
    visitor = Visitor(app.test_client())
    for _ in range(3):
        visitor.get(f"/anmal/{HOME}")
        visitor.post(f"/anmal/{HOME}", {"what_happened": "Ingen svarade."})
        assert visitor.last.status_code == 200 and "kvitto" in visitor.last.request.path
    begun.wait()
    assert not free.is_set()
    assert cases(app) == 3
    with app.app_context():
        db.engine.dispose()


def test_p31_requests_do_not_queue_up_before_a_frozen_redis(app, visitor, monkeypatch):
    """One request finds out that it does not answer; those after it do not ask."""
    asked: list[str] = []

    class Frozen(MemoryStorage):
        def get(self, key: str) -> int:
            asked.append(key)
            raise RedisTimeoutError

        incr = get_expiry = get

    monkeypatch.setitem(app.extensions, limits.STORAGE, Frozen())
    for _ in range(4):
        visitor.get(f"/anmal/{HOME}")
        assert visitor.post(f"/anmal/{HOME}", {"what_happened": "Ingen svarade."}).status_code == 200
    assert len(asked) == 1
    app.extensions[limits.ASK_AGAIN] = 0.0
    assert visitor.sign_in("samordnare").status_code == 503, "what can be guessed stays closed (P20)"
