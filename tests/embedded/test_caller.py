"""A real `make` is told to stop in every way there is; the program below it must notice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lexheller.embedded.places import CHECKOUT
from tests.embedded.make_run import clean_environ
from tests.embedded.processes import descendants, still_alive, within

LISTENER = """
import time
from pathlib import Path
from lexheller.embedded.ears import Ears, ToldToStopError
Path("begun").touch()
time.sleep(LATE)
ears = Ears()
Path("up").touch()
try:
    while True:
        ears.listen()
        time.sleep(0.02)
except ToldToStopError:
    Path("heard").touch()
"""


@pytest.fixture
def listening(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[bytes]"]:
    late = getattr(request, "param", 0.0)
    (tmp_path / "listener.py").write_text(LISTENER.replace("LATE", str(late)))
    (tmp_path / "Makefile").write_text(f"run:\n\t@exec '{sys.executable}' listener.py\n")
    environ = {**clean_environ(), "PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(
        ["make", "run"], cwd=tmp_path, env=environ, stderr=subprocess.DEVNULL, start_new_session=True
    ) as make:
        assert within(20, (tmp_path / ("begun" if late else "up")).exists)
        yield make
        make.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_make_alone(listening: "subprocess.Popen[bytes]", tmp_path: Path, number: signal.Signals) -> None:
    family = descendants(listening.pid)
    os.kill(listening.pid, number)
    assert within(20, (tmp_path / "heard").exists)
    assert within(20, lambda: not still_alive(family))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_whole_group(listening: "subprocess.Popen[bytes]", tmp_path: Path, number: signal.Signals) -> None:
    family = descendants(listening.pid)
    os.killpg(listening.pid, number)
    assert within(20, (tmp_path / "heard").exists)
    assert within(20, lambda: not still_alive(family))


def test_silence_is_no_reason_to_stop(listening: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    assert not within(0.5, (tmp_path / "heard").exists)
    assert listening.poll() is None


@pytest.mark.parametrize("listening", [1.0], indirect=True)
def test_make_was_told_before_we_could_listen(listening: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    os.kill(listening.pid, signal.SIGINT)
    assert within(20, (tmp_path / "heard").exists)


def test_a_make_that_ignores_interrupts_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "listener.py").write_text(LISTENER.replace("LATE", "0"))
    (tmp_path / "Makefile").write_text(f"run:\n\t@exec '{sys.executable}' listener.py\n")
    environ = {**clean_environ(), "PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(
        ["sh", "-c", "trap '' INT; exec make run"], cwd=tmp_path, env=environ, start_new_session=True
    ) as make:
        assert within(20, (tmp_path / "up").exists)
        os.kill(make.pid, signal.SIGINT)
        assert not within(0.7, (tmp_path / "heard").exists)
        os.killpg(make.pid, signal.SIGTERM)
        assert within(20, (tmp_path / "heard").exists)
