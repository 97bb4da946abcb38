"""A running installation: the very commands of `make run` on a test's own database, Redis and mail server.

Stops at starting, killing and waiting; what must be true afterwards stands in the tests.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from celery import Celery

from lexheller.app.bell import broker_options, broker_url
from lexheller.embedded import processes
from lexheller.embedded.children import Child, end_children, start_child
from lexheller.embedded.places import Place
from tests.cast.databases import SECRET
from tests.services.ports import free_port
from tests.services.redis import RedisServer
from tests.worker.browsing import Browser

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds that anything may take on a machine that does other things too; no test waits this long when all is well."""
LOOK_AGAIN = 0.05


def wait_until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Return when `true()` holds; AssertionError naming `what` when it never does."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, f"waited {patience:.0f} s in vain: {what}"
        time.sleep(LOOK_AGAIN)


@dataclass
class Installation:
    """Web, worker and beat on one database. `smtp_url` None: mail lands in the data folder."""

    folder: Path
    database_url: str
    redis: RedisServer
    smtp_url: str | None = None
    children: list[Child] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        given = {
            "LEXHELLER_ENV": "embedded",
            "LEXHELLER_DATA": str(self.folder),
            "LEXHELLER_DATABASE_URL": self.database_url,
            "LEXHELLER_REDIS_URL": self.redis.url,
            "LEXHELLER_SECRET_KEY": SECRET,
            **({"LEXHELLER_SMTP_URL": self.smtp_url} if self.smtp_url else {}),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEXHELLER_")}
        return {**kept, **given}

    def web(self) -> Browser:
        """Gunicorn with two processes; a browser for it."""
        place = self._place()
        self._start("web", processes.web(place))
        address = ("127.0.0.1", place.port)
        wait_until(lambda: Browser(address).alive(), "the web server answers")
        return Browser(address)

    def worker(self) -> Child:
        """A Celery worker with two pool processes."""
        return self._start("worker", processes.worker(self._place()))

    def beat(self) -> Child:
        return self._start("beat", processes.beat(self._place()))

    def client(self) -> Celery:
        """Somebody who asks for tasks by name."""
        client = Celery("question", broker=broker_url(self.redis.url))
        client.conf.broker_transport_options = broker_options()
        return client

    def kill(self, child: Child) -> None:
        """SIGKILL to the whole process group, pool processes included."""
        child.clear_group()
        self.children.remove(child)

    def kill_pool_processes(self, worker: Child) -> int:
        """SIGKILL to the worker's pool processes alone; how many there were."""
        pool = psutil.Process(worker.process.pid).children(recursive=True)
        for process in pool:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        return len(pool)

    def close(self) -> None:
        end_children(self.children, patience=5.0)
        self.children.clear()

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("*.log")))

    def _place(self) -> Place:
        port = free_port()
        return Place(self.folder, "127.0.0.1", port, f"http://127.0.0.1:{port}", self.redis.url)

    def _start(self, name: str, command: list[str]) -> Child:
        with (self.folder / f"{name}.log").open("ab") as log:
            child = start_child(name, command, self.environ, log, CHECKOUT)
        self.children.append(child)
        return child
