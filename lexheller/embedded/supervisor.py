"""Keeps the processes of a run alive and ends them together.

A service that falls is started again with growing pauses; a job runs once. Stops at processes and their logs:
which ones there are, and in which order, is for `run`.
"""

import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lexheller.embedded.children import Child, end_children, start_child
from lexheller.embedded.console import say
from lexheller.embedded.guardian import Guardian

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before a new start; the last one repeats."""
LIVED_WELL = 10.0
"""Seconds after which a fall counts as the first again."""
FALLS_BEFORE_SETTLED = 3
PATIENCE = 4.0
"""Seconds web, worker and beat get to end by themselves."""
LAST_PATIENCE = 1.5
"""Seconds the services started with `last=True` get, after all others are gone."""
LARGEST_LOG = 5_000_000
"""Bytes; a larger log is put aside as `.1` at the next start."""


class ServiceFailedError(Exception):
    """A service or job did not come up; the message ends with the last lines of its log."""


@dataclass
class _Service:
    name: str
    command: Sequence[str | Path]
    last: bool
    child: Child | None = None
    falls: int = 0
    due: float = 0.0


class Supervisor:
    """All processes of one run. `settled` is set by the caller once everything has been up."""

    def __init__(self, environ: Mapping[str, str], cwd: Path, logs: Path, guardian: Guardian) -> None:
        self._environ = environ
        self._cwd = cwd
        self._logs = logs
        self._guardian = guardian
        self._services: list[_Service] = []
        self._jobs: list[Child] = []
        self.settled = False

    def keep(self, name: str, command: Sequence[str | Path], last: bool = False) -> None:
        """Start a service and start it again whenever it falls. `last` ones end after all others."""
        service = _Service(name, command, last)
        self._services.append(service)
        self._start_service(service)

    def start_job(self, name: str, command: Sequence[str | Path], output: IO[bytes] | None = None) -> Child:
        """Start something that ends by itself; its output goes to a fresh log, or to `output`."""
        self._log_of(name).unlink(missing_ok=True)
        child = self._start(name, command, output)
        self._jobs.append(child)
        return child

    def look_after(self) -> None:
        """Notice what has ended and start again what is due. Call a few times a second.

        Raises ServiceFailedError when a service keeps falling before the run has settled.
        """
        self._guardian.stand()
        now = time.monotonic()
        for service in self._services:
            if service.child is None:
                if now >= service.due:
                    self._start_service(service)
            elif (code := service.child.ended()) is not None:
                self._fallen(service, service.child, code, now)
        for job in [job for job in self._jobs if job.ended() is not None]:
            self._jobs.remove(job)
            self._release(job)

    def end_all(self) -> None:
        """End every process: jobs and services first, the `last` services after them."""
        first = [*self._jobs, *(s.child for s in self._services if s.child is not None and not s.last)]
        last = [s.child for s in self._services if s.child is not None and s.last]
        for children, patience in ((first, PATIENCE), (last, LAST_PATIENCE)):
            end_children(children, patience)
            for child in children:
                self._guardian.forget_group(child.group)
        self._services.clear()
        self._jobs.clear()

    def last_lines(self, name: str, count: int = 15) -> str:
        """The end of a process's log."""
        try:
            text = self._log_of(name).read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-count:])

    def _start_service(self, service: _Service) -> None:
        service.child = self._start(service.name, service.command)

    def _start(self, name: str, command: Sequence[str | Path], output: IO[bytes] | None = None) -> Child:
        if output is not None:
            child = start_child(name, command, self._environ, output, self._cwd)
        else:
            with self._open_log(name) as log:
                child = start_child(name, command, self._environ, log, self._cwd)
        self._guardian.watch_group(child.group)
        return child

    def _release(self, child: Child) -> None:
        child.clear_group()
        self._guardian.forget_group(child.group)

    def _fallen(self, service: _Service, child: Child, code: int, now: float) -> None:
        self._release(child)
        service.child = None
        service.falls = 1 if now - child.started > LIVED_WELL else service.falls + 1
        if not self.settled and service.falls >= FALLS_BEFORE_SETTLED:
            raise ServiceFailedError(f"{service.name} does not start.\n{self.last_lines(service.name)}")
        pause = PAUSES[min(service.falls, len(PAUSES)) - 1]
        service.due = now + pause
        say(f"{service.name} stopped unexpectedly ({_reason(code)}); starting it again in {pause:g} s.")

    def _open_log(self, name: str) -> IO[bytes]:
        path = self._log_of(name)
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def _log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
