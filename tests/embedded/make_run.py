"""A real `make run` under test: started, listened to, looked at. Stops at the processes; see `test_make_run`."""

import http.client
import os
import select
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from lexheller.embedded.places import CHECKOUT
from tests.embedded.processes import Seen, descendants
from tests.services.ports import free_port

READY = "Stop with Ctrl-C"
START_PATIENCE = 90.0
"""Seconds until a start that is not ready is a failure of the test."""


def clean_environ(**extra: str) -> dict[str, str]:
    """Our environment without what belongs to an outer make or another Lex Heller."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "LEXHELLER", "MFLAGS"))}
    return {**mine, **extra}


class MakeRun:
    """One `make run` in a session of its own; `output` holds what it has said, `ready_after` seconds to ready."""

    def __init__(self, data: Path, port: int | None = None, environ: Mapping[str, str] | None = None) -> None:
        self.port = port or free_port()
        self._begun = time.monotonic()
        self.process = subprocess.Popen(
            ["make", "run", f"PORT={self.port}", f"LEXHELLER_DATA={data}"],
            cwd=CHECKOUT,
            env=clean_environ(**(environ or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.output = ""
        self.ready_after: float | None = None

    def wait_until_ready(self) -> None:
        """Read until it says it is ready; AssertionError with its words when it ends or takes too long."""
        while READY not in self.output:
            left = self._begun + START_PATIENCE - time.monotonic()
            assert left > 0 and self._read(left), f"make run did not come up:\n{self.output}"
        self.ready_after = time.monotonic() - self._begun

    def wait_until_ended(self, patience: float) -> float:
        """Read to the end; returns the seconds it took, AssertionError after `patience`."""
        begun = time.monotonic()
        while self._read(max(begun + patience - time.monotonic(), 0.0)):
            pass
        self.process.wait(max(begun + patience - time.monotonic(), 0.1))
        return time.monotonic() - begun

    def family(self) -> list[Seen]:
        """make and everything below it."""
        return descendants(self.process.pid)

    def get(self, path: str) -> int:
        """The status of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def abandon(self) -> None:
        """End it in any case, after the test."""
        if self.process.poll() is None:
            self.process.terminate()
            self.wait_until_ended(15)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _read(self, patience: float) -> bool:
        """Take in what has been said; False when it has closed its output or said nothing in time."""
        if self.process.stdout is None:
            return False
        ready, _, _ = select.select([self.process.stdout], [], [], patience)
        chunk = os.read(self.process.stdout.fileno(), 65536) if ready else b""
        self.output += chunk.decode(errors="replace")
        return bool(chunk)
