"""Waking a worker after a commit. The row is the promise; a bell that is not heard costs only time.

The sender runs in its own thread, so a web request never waits for a broker that is down or frozen (P31).
What it sends, and where, is given by the app: this module knows names and numbers alone.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import structlog
from flask import current_app

from lexheller.core.db import db

log = structlog.get_logger(__name__)

PENDING = "doorbells"
EXTENSION = "lexheller_doorbell"
WAITING_AT_MOST = 10_000

Send = Callable[[str, int], None]


class Doorbell:
    """Sends (task name, job id) pairs from a thread of its own; drops what it cannot send."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: queue.Queue[tuple[str, int]] = queue.Queue(maxsize=WAITING_AT_MOST)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def ring(self, name: str, job_id: int) -> None:
        self._start()
        try:
            self._waiting.put_nowait((name, job_id))
        except queue.Full:
            log.warning("doorbell_full", job=name)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            name, job_id = self._waiting.get()
            try:
                self._send(name, job_id)
            except Exception as problem:
                log.warning("doorbell_not_heard", job=name, problem=type(problem).__name__)


def remember_doorbell(name: str, job_id: int) -> None:
    """Ring for this job once the present transaction has been committed."""
    db.session.info.setdefault(PENDING, []).append((name, job_id))


def forget_doorbells() -> None:
    db.session.info.pop(PENDING, None)


def ring_pending() -> None:
    """Ring for what the committed transaction asked for. Without a bell (commands) the sweep finds the rows."""
    pending: list[tuple[str, int]] = db.session.info.pop(PENDING, [])
    bell: Doorbell | None = current_app.extensions.get(EXTENSION)
    if bell is not None:
        for name, job_id in pending:
            bell.ring(name, job_id)
