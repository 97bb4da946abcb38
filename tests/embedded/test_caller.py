"""A real `make` is told to stop in every way there is; the program below it must notice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lexheller.embedded.places import CHECKOUT
from tests.embedded.processes import descendants, still_alive, within

LISTENER = """
import time
from pathlib import Path
from lexheller.embedded.ears import Ears, ToldToStopError
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
def listening(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    (tmp_path / "listener.py").write_text(LISTENER)
    (tmp_path / "Makefile").write_text(f"run:\n\t@exec '{sys.executable}' listener.py\n")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environ["PYTHONPATH"] = str(CHECKOUT)
    with subprocess.Popen(
        ["make", "run"], cwd=tmp_path, env=environ, stderr=subprocess.DEVNULL, start_new_session=True
    ) as make:
        assert within(10, (tmp_path / "up").exists)
        yield make
        make.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_make_alone(listening: "subprocess.Popen[bytes]", tmp_path: Path, number: signal.Signals) -> None:
    family = descendants(listening.pid)
    os.kill(listening.pid, number)
    assert within(5, (tmp_path / "heard").exists)
    assert within(5, lambda: not still_alive(family))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_whole_group(listening: "subprocess.Popen[bytes]", tmp_path: Path, number: signal.Signals) -> None:
    family = descendants(listening.pid)
    os.killpg(listening.pid, number)
    assert within(5, (tmp_path / "heard").exists)
    assert within(5, lambda: not still_alive(family))


def test_silence_is_no_reason_to_stop(listening: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    assert not within(0.5, (tmp_path / "heard").exists)
    assert listening.poll() is None
