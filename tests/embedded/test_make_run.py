"""`make run` as an operator meets it: ready from an empty folder, ended in every way, started again.

The whole system with its real processes; slow, so one data folder serves all tests of this file.
"""

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lexheller.embedded.places import CHECKOUT
from tests.embedded.make_run import MakeRun
from tests.embedded.processes import Seen, still_alive, within

READY_WITHIN = 40.0
"""Seconds from the command to /readyz, once `make setup` has been done (issue: two commands)."""
GONE_WITHIN = 8.0
PARTS = ("gunicorn", "celery_app:celery worker", "celery_app:celery beat", "embedded.guardian", "redis.sock")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a space and a letter beyond ASCII, shared by the tests of this file."""
    return tmp_path_factory.mktemp("run") / "min data å"


@pytest.fixture
def start(data: Path) -> Iterator[Callable[[], MakeRun]]:
    runs: list[MakeRun] = []

    def begin() -> MakeRun:
        run = MakeRun(data)
        runs.append(run)
        run.wait_until_ready()
        return run

    yield begin
    for run in runs:
        run.abandon()


def _traces(data: Path) -> set[str]:
    """What must not stay: sockets, pid and lock files in the data folder, our temporary folders."""
    kinds = [path for path in data.rglob("*") if path.is_socket() or path.suffix in {".pid", ".sock", ".lock"}]
    return {str(path) for path in [*kinds, *Path(tempfile.gettempdir()).glob("lexheller-????????")]}


def _assert_gone(run: MakeRun, family: list[Seen], data: Path, traces_before: set[str]) -> None:
    took = run.wait_until_ended(GONE_WITHIN)
    assert within(max(GONE_WITHIN - took, 0.0), lambda: not still_alive(family)), still_alive(family)
    assert _traces(data) <= traces_before


@pytest.mark.timeout(180)
def test_first_start_is_ready_in_time_with_all_processes_and_sign_ins(start: Callable[[], MakeRun], data: Path) -> None:
    run = start()
    assert run.ready_after is not None and run.ready_after < READY_WITHIN
    assert (run.get("/readyz"), run.get("/healthz")) == (200, 200)
    assert run.get("/anmal/sodra-vatterbygden") == 200
    commands = [seen.command for seen in run.family()]
    assert [part for part in PARTS if not any(part in command for command in commands)] == []
    assert f"http://127.0.0.1:{run.port}" in run.output
    assert "@" in run.output
    assert data.stat().st_mode & 0o777 == 0o700


@pytest.mark.timeout(180)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("target", ["make", "group"])
def test_a_signal_ends_everything(
    start: Callable[[], MakeRun], data: Path, target: str, number: signal.Signals
) -> None:
    before = _traces(data)
    run = start()
    family = run.family()
    tell = os.kill if target == "make" else os.killpg
    tell(run.process.pid, number)
    _assert_gone(run, family, data, before)


@pytest.mark.timeout(180)
def test_a_killed_supervisor_leaves_nothing(start: Callable[[], MakeRun], data: Path) -> None:
    before = _traces(data)
    run = start()
    family = run.family()
    supervisor = next(seen for seen in family if seen.command.endswith("lexheller.embedded.run"))
    os.kill(supervisor.pid, signal.SIGKILL)
    _assert_gone(run, family, data, before)


@pytest.mark.timeout(180)
def test_killed_processes_come_back(start: Callable[[], MakeRun]) -> None:
    run = start()
    for part in ("celery_app:celery worker", "redis.sock", "gunicorn"):
        os.kill(next(seen.pid for seen in run.family() if part in seen.command), signal.SIGKILL)
    time.sleep(0.5)
    assert within(30, lambda: _answers(run))
    commands = [seen.command for seen in run.family()]
    assert [part for part in PARTS if not any(part in command for command in commands)] == []


def _answers(run: MakeRun) -> bool:
    try:
        return run.get("/readyz") == 200
    except OSError:
        return False


@pytest.mark.timeout(180)
def test_a_second_start_finds_its_data_and_a_third_beside_it_is_refused(
    start: Callable[[], MakeRun], data: Path
) -> None:
    start().abandon()
    secret = (data / "secret").read_bytes()
    run = start()
    assert (data / "secret").read_bytes() == secret
    assert run.get("/anmal/sodra-vatterbygden") == 200
    beside = MakeRun(data)
    beside.wait_until_ended(20)
    assert "already running on the data folder" in beside.output
    assert beside.process.returncode != 0
    assert run.get("/healthz") == 200


@pytest.mark.timeout(60)
def test_a_taken_port_is_named_and_nothing_is_left(start: Callable[[], MakeRun], tmp_path: Path) -> None:
    run = start()
    other = MakeRun(tmp_path / "other", port=run.port)
    family = other.family()
    other.wait_until_ended(20)
    assert f"Port {run.port} on 127.0.0.1 cannot be used" in other.output
    assert other.process.returncode != 0
    assert still_alive(family) == []


def test_setup_leaves_the_program() -> None:
    assert os.access(CHECKOUT / ".venv" / "bin" / "lexheller", os.X_OK)
