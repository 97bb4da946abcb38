"""The whole system on this machine, from an empty folder to ready, until told to stop.

`lexheller run`, or as `make run` does it `python -m lexheller.embedded.run`, which loads nothing but this package.

The order of things and what is told to the operator. Stops at processes: the demo and the database are made
by `lexheller init --demo` and `lexheller demo fill`, which run as children.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lexheller.embedded import processes
from lexheller.embedded.broker import NoBrokerError, find_server, server_command
from lexheller.embedded.children import Child
from lexheller.embedded.console import complain, say
from lexheller.embedded.ears import Ears, ToldToStopError
from lexheller.embedded.guardian import Guardian
from lexheller.embedded.places import (
    CHECKOUT,
    Place,
    RunRefusedError,
    check_port_free,
    folder_lock,
    make_folders,
    place_from,
    socket_folder,
)
from lexheller.embedded.probes import redis_answers, web_is_ready
from lexheller.embedded.supervisor import ServiceFailedError, Supervisor

GLANCE = 0.1
"""Seconds between two looks at everything."""
REDIS_PATIENCE = 30.0
"""Seconds Redis may take, loading its file included."""
READY_PATIENCE = 120.0
"""Seconds until a run that is not ready says so."""
SIGN_INS_PATIENCE = 30.0
NOT_FOR_CHILDREN = frozenset({"PYTHONDONTWRITEBYTECODE"})
"""Six processes that compile every module anew take half a minute to start."""


def run() -> int:
    """Run until SIGINT, SIGTERM, SIGHUP or the end of `make`; returns the exit code.

    Reads PORT, HOST, LEXHELLER_DATA and the addresses in the environment (`places.place_from`). 0: ended as
    told; 1: could not start, with the reason on standard error and nothing left running.
    """
    ears = Ears()
    try:
        place = place_from(os.environ)
        make_folders(place)
        with folder_lock(place) as lock:
            check_port_free(place)
            _serve(place, ears, lock)
    except ToldToStopError:
        return 0
    except (RunRefusedError, ServiceFailedError, NoBrokerError) as error:
        complain(str(error))
        return 1
    return 0


def _serve(place: Place, ears: Ears, lock: int) -> None:
    with ExitStack() as stack:
        guardian = Guardian(CHECKOUT, keep_open=[lock])
        stack.callback(guardian.dismiss)
        broker_socket = _broker_socket(place, stack, guardian)
        environ = _environ_of_children(place, broker_socket)
        supervisor = stack.enter_context(_supervisor(place, environ, guardian))
        _Run(place, ears, supervisor).go(broker_socket)


@contextmanager
def _supervisor(place: Place, environ: dict[str, str], guardian: Guardian) -> Iterator[Supervisor]:
    supervisor = Supervisor(environ, CHECKOUT, place.logs, guardian)
    try:
        yield supervisor
    except ToldToStopError:
        say("Stopping ...")
        raise
    finally:
        supervisor.end_all()


def _broker_socket(place: Place, stack: ExitStack, guardian: Guardian) -> Path | None:
    """Where our own Redis will listen; None when the environment names another one."""
    if place.redis_url is not None:
        return None
    folder, temporary = stack.enter_context(socket_folder(place.data))
    path = folder / "redis.sock"
    guardian.watch_path(folder if temporary else path)
    stack.callback(path.unlink, missing_ok=True)
    return path


def _environ_of_children(place: Place, broker_socket: Path | None) -> dict[str, str]:
    own = {
        "LEXHELLER_ENV": "embedded",
        "LEXHELLER_DATA": str(place.data),
        "LEXHELLER_BASE_URL": place.base_url,
        "LEXHELLER_REDIS_URL": place.redis_url or f"unix://{broker_socket}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**{name: value for name, value in os.environ.items() if name not in NOT_FOR_CHILDREN}, **own}


class _Run:
    """One start, from Redis to the printed addresses, and the watch after it."""

    def __init__(self, place: Place, ears: Ears, supervisor: Supervisor) -> None:
        self._place = place
        self._ears = ears
        self._supervisor = supervisor
        self._demo = os.environ.get("LEXHELLER_DEMO", "1") != "0"

    def go(self, broker_socket: Path | None) -> None:
        """Never returns by itself: ends with ToldToStopError or ServiceFailedError."""
        say(f"Lex Heller is starting; everything is kept in {self._place.data}")
        if broker_socket is not None:
            self._start_broker(broker_socket)
        self._make_database()
        for name, command in (("web", processes.web), ("worker", processes.worker), ("beat", processes.beat)):
            self._supervisor.keep(name, command(self._place))
        sign_ins = self._sign_ins() if self._demo else ""
        self._wait_until_ready()
        if self._demo:
            self._supervisor.start_job("demo-fill", processes.program("demo", "fill"))
        self._welcome(sign_ins)
        self._wait(lambda: False)

    def _start_broker(self, path: Path) -> None:
        folder = self._place.data / "redis"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._supervisor.keep("redis", server_command(find_server(), folder, path), last=True)
        if not self._wait(lambda: redis_answers(path), REDIS_PATIENCE):
            raise ServiceFailedError(f"Redis does not answer.\n{self._supervisor.last_lines('redis')}")

    def _make_database(self) -> None:
        child = self._supervisor.start_job("init", processes.program("init", *["--demo"] * self._demo))
        self._wait(lambda: child.ended() is not None)
        if child.ended() != 0:
            raise ServiceFailedError(f"The database could not be made ready.\n{self._supervisor.last_lines('init')}")

    def _sign_ins(self) -> str:
        with tempfile.TemporaryFile() as output:
            child = self._supervisor.start_job("sign-ins", processes.program("demo", "sign-ins"), output)
            self._wait(lambda: child.ended() is not None, SIGN_INS_PATIENCE)
            output.seek(0)
            text = output.read().decode(errors="replace").rstrip()
        return text if _went_well(child) else f"(The demo sign-ins could not be listed.)\n{text}"

    def _wait_until_ready(self) -> None:
        if not self._wait(lambda: web_is_ready(self._place), READY_PATIENCE):
            complain(f"Not ready after {READY_PATIENCE:.0f} s; still trying. See the logs in {self._place.logs}.")
            self._wait(lambda: web_is_ready(self._place))
        self._supervisor.settled = True

    def _welcome(self, sign_ins: str) -> None:
        say(f"\nLex Heller is ready: {self._place.base_url}\n")
        say(sign_ins)
        say(f"\nLogs: {self._place.logs}. Stop with Ctrl-C.")

    def _wait(self, done: Callable[[], bool], patience: float | None = None) -> bool:
        """Look after everything until `done`, or until `patience` seconds are over; tells which."""
        deadline = None if patience is None else time.monotonic() + patience
        while True:
            self._ears.listen()
            self._supervisor.look_after()
            if done():
                return True
            if deadline is not None and time.monotonic() > deadline:
                return False
            time.sleep(GLANCE)


def _went_well(child: Child) -> bool:
    return child.ended() == 0


if __name__ == "__main__":
    sys.exit(run())
