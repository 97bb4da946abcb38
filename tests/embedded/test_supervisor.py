"""The supervisor with small stand-in processes: starting again, giving up, ending everything, and its guardian."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from lexheller.embedded import supervisor as rules
from lexheller.embedded.children import end_children, start_child
from lexheller.embedded.guardian import Guardian
from lexheller.embedded.places import CHECKOUT
from lexheller.embedded.supervisor import ServiceFailedError, Supervisor
from tests.embedded.processes import Seen, descendants, see, still_alive, within

STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
print("up", flush=True)
time.sleep(300)
"""
SUPERVISOR_TO_KILL = """
import sys, time, os
from pathlib import Path
from lexheller.embedded.guardian import Guardian
from lexheller.embedded.supervisor import Supervisor
folder = Path(sys.argv[1])
guardian = Guardian(Path.cwd())
guardian.watch_path(folder / "run.sock")
(folder / "run.sock").touch()
supervisor = Supervisor(os.environ, Path.cwd(), folder, guardian)
supervisor.keep("stubborn", [sys.executable, "-c", sys.argv[2]])
while True:
    supervisor.look_after()
    time.sleep(0.02)
"""


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Supervisor]:
    guardian = Guardian(CHECKOUT)
    supervisor = Supervisor(os.environ, CHECKOUT, tmp_path, guardian)
    yield supervisor
    supervisor.end_all()
    guardian.dismiss()


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


def _starts(folder: Path) -> int:
    log = folder / "web.log"
    return log.read_text().count("up") if log.exists() else 0


def _pid_of_web() -> int:
    return next(seen.pid for seen in descendants(os.getpid()) if "web-stand-in" in seen.command)


def test_a_killed_service_is_started_again(
    watched: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.keep("web", _python("import time; print('up', flush=True); time.sleep(300)  # web-stand-in"))
    watched.settled = True
    assert within(20, lambda: _starts(tmp_path) == 1)
    os.kill(_pid_of_web(), signal.SIGKILL)

    def started_again() -> bool:
        watched.look_after()
        return _starts(tmp_path) == 2

    assert within(20, started_again)
    assert "web stopped unexpectedly (signal SIGKILL)" in capsys.readouterr().out


def test_a_service_that_never_comes_up_fails_with_its_log(watched: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PAUSES", (0.01,))
    watched.keep("web", _python("raise SystemExit('no such setting')"))

    def look_for_ever() -> None:
        within(10, lambda: watched.look_after())

    with pytest.raises(ServiceFailedError, match=r"web does not start\.\n(?s:.*)no such setting"):
        look_for_ever()


def test_end_all_ends_the_stubborn_and_their_children(
    watched: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PATIENCE", 0.3)
    watched.keep("web", _python(STUBBORN))
    assert within(20, lambda: _starts(tmp_path) == 2)
    begun = [seen for seen in descendants(os.getpid()) if "SIG_IGN" in seen.command]
    assert len(begun) == 2
    watched.end_all()
    assert still_alive(begun) == []


def test_orphans_of_a_fallen_leader_are_cleared(watched: Supervisor, tmp_path: Path) -> None:
    watched.keep("web", _python(STUBBORN))
    watched.settled = True
    assert within(20, lambda: _starts(tmp_path) == 2)
    leader, orphan = (seen for seen in descendants(os.getpid()) if "SIG_IGN" in seen.command)
    os.kill(leader.pid, signal.SIGKILL)

    def orphan_is_gone() -> bool:
        watched.look_after()
        return not orphan.alive()

    assert within(20, orphan_is_gone)


def test_a_killed_supervisor_leaves_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR_TO_KILL, str(tmp_path), STUBBORN],
        cwd=CHECKOUT,
        start_new_session=True,
    ) as process:
        log = tmp_path / "stubborn.log"
        assert within(20, lambda: log.exists() and log.read_text().count("up") == 2)
        family = descendants(process.pid)
        assert len(family) == 4
        process.kill()
    assert within(20, lambda: not still_alive(family))
    assert within(20, lambda: not (tmp_path / "run.sock").exists())


def _guardians() -> list[Seen]:
    return [seen for seen in descendants(os.getpid()) if seen.command.endswith("embedded.guardian")]


def test_a_killed_guardian_is_replaced(tmp_path: Path) -> None:
    others = _guardians()
    guardian = Guardian(CHECKOUT)
    guardian.watch_path(tmp_path / "run.sock")
    assert within(20, lambda: len(_guardians()) == len(others) + 1)
    first = next(seen for seen in _guardians() if seen not in others)
    os.kill(first.pid, signal.SIGKILL)
    assert within(20, lambda: not first.alive())
    (tmp_path / "run.sock").touch()
    guardian.stand()
    guardian.dismiss()
    assert not (tmp_path / "run.sock").exists()


def test_a_child_is_asked_before_it_is_killed(tmp_path: Path) -> None:
    code = """
    import signal, sys, time
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
    print("up", flush=True)
    time.sleep(300)
    """
    with (tmp_path / "log").open("wb") as log:
        child = start_child("polite", _python(code), os.environ, log, tmp_path)
    assert within(20, lambda: (tmp_path / "log").read_bytes())
    end_children([child], patience=5)
    assert child.ended() == 7
    assert see(child.group) is None
