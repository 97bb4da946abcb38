"""`make setup` in the cases that must be told plainly or must cost nothing; no package is fetched here."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lexheller.embedded import install
from lexheller.embedded.ears import Ears
from lexheller.embedded.install import Setup, SetupFailedError
from lexheller.embedded.places import CHECKOUT
from tests.embedded.make_run import clean_environ


class _Deaf(Ears):
    def __init__(self) -> None:
        pass

    def listen(self) -> None:
        return None


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    for name in ("pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).touch()
    return tmp_path


def test_missing_venv_module_names_the_package(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SetupFailedError, match=r"apt install python3\.\d+-venv"):
        Setup(checkout, _Deaf()).run(with_tests=False)


def test_old_python_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "OLDEST_PYTHON", (4, 0))
    with pytest.raises(SetupFailedError, match=r"Python 4\.0 or newer is needed; this is 3\."):
        Setup(checkout, _Deaf()).run(with_tests=False)


def test_only_a_changed_lock_installs_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    done: list[tuple[str, ...]] = []
    monkeypatch.setattr(Setup, "_make_venv", lambda _self: None)
    monkeypatch.setattr(Setup, "_pip", lambda _self, *words: done.append(words))
    for expected in (2, 2):
        Setup(checkout, _Deaf()).run(with_tests=False)
        assert len(done) == expected
    (checkout / "requirements.txt").write_text("changed\n")
    Setup(checkout, _Deaf()).run(with_tests=False)
    assert len(done) == 4
    Setup(checkout, _Deaf()).run(with_tests=True)
    assert done[4:] == [("--require-hashes", "-r", "requirements-dev.txt")]


def test_make_says_when_there_is_no_python(tmp_path: Path) -> None:
    for name in ("sh", "make"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    done = subprocess.run(
        ["make", "setup"],
        cwd=CHECKOUT,
        env={**clean_environ(), "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr


def test_the_pipeline_runs_the_same_command() -> None:
    script = (CHECKOUT / ".ci" / "run").read_text()
    assert "exec make test" in script
    assert os.access(CHECKOUT / ".ci" / "run", os.X_OK)
