"""`make setup`: the virtual environment with exactly the locked packages.

`python3 -m lexheller.embedded.install` runs before anything is installed: standard library only. With
`--tests` what the tests need is added. Stops at Python packages and compiled translations; nothing outside
the checkout is touched.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lexheller.embedded.children import Child, start_child
from lexheller.embedded.console import complain, say
from lexheller.embedded.ears import Ears, ToldToStopError

OLDEST_PYTHON = (3, 11)


class SetupFailedError(Exception):
    """The setup cannot go on; the message says what the operator can do."""


class Setup:
    """The setup of one checkout."""

    def __init__(self, checkout: Path, ears: Ears) -> None:
        self._checkout = checkout
        self._venv = checkout / ".venv"
        self._python = self._venv / "bin" / "python"
        self._uv = shutil.which("uv")
        self._ears = ears

    def run(self, with_tests: bool) -> None:
        """Bring `.venv` to the state of the lock files; at once when it is. Raises SetupFailedError."""
        _check_python()
        with _one_at_a_time(self._checkout / "pyproject.toml"):
            self._install("requirements.txt", editable=True)
            if with_tests:
                self._install("requirements-dev.txt", editable=False)
            self._compile_translations()

    def _install(self, lock: str, editable: bool) -> None:
        stamp = self._venv / f"installed-{Path(lock).stem}"
        wanted = self._fingerprint(lock)
        if self._python.exists() and stamp.exists() and stamp.read_text() == wanted:
            return
        self._make_venv()
        say(f"Installing the packages of {lock} ...")
        self._pip("--require-hashes", "-r", lock)
        if editable:
            self._pip("--no-deps", "--no-build-isolation", "-e", ".")
        stamp.write_text(wanted)

    def _fingerprint(self, lock: str) -> str:
        digest = hashlib.sha256()
        for name in (lock, "pyproject.toml"):
            digest.update((self._checkout / name).read_bytes())
        return f"{digest.hexdigest()} {self._checkout}\n"

    def _make_venv(self) -> None:
        if self._usable():
            return
        say("Making the virtual environment .venv ...")
        if self._uv:
            self._do([self._uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(self._venv)])
        elif importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
            self._do([sys.executable, "-m", "venv", "--clear", str(self._venv)])
        else:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise SetupFailedError(
                "This Python cannot make virtual environments: the modules venv and ensurepip are missing.\n"
                f"On Debian or Ubuntu they come with: apt install python{version}-venv\n"
                "Or install uv, then run make again."
            )

    def _usable(self) -> bool:
        """Whether .venv runs, was not moved here from another folder, and has an installer."""
        if not self._python.exists():
            return False
        question = "import sys; assert sys.version_info >= (3, 11); print(sys.prefix)"
        if not self._uv:
            question = f"import pip; {question}"
        try:
            self._do([str(self._python), "-c", question], quiet=True)
        except SetupFailedError:
            return False
        return str(self._venv) in (self._venv / "bin" / "activate").read_text(errors="replace")

    def _pip(self, *words: str) -> None:
        if self._uv:
            fast_starts = ["--quiet", "--compile-bytecode"]
            self._do([self._uv, "pip", "install", *fast_starts, "--python", str(self._python), *words])
        else:
            quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
            self._do([str(self._python), "-m", "pip", "install", *quiet, *words])

    def _compile_translations(self) -> None:
        folder = self._checkout / "lexheller" / "translations"
        catalogues = list(folder.glob("*/LC_MESSAGES/*.po"))
        if any(_is_stale(catalogue) for catalogue in catalogues):
            babel = [str(self._python), "-m", "babel.messages.frontend", "--quiet", "compile"]
            self._do([*babel, "-d", str(folder)])

    def _do(self, command: Sequence[str], quiet: bool = False) -> None:
        """Run one program to its end. Raises SetupFailedError, or ToldToStopError when told meanwhile."""
        with Path(os.devnull).open("wb") as nowhere:
            output = nowhere if quiet else sys.stdout.fileno()
            child = start_child(Path(command[0]).name, command, os.environ, output, self._checkout)
        try:
            self._wait_for(child)
        finally:
            child.clear_group()
        if child.ended() != 0:
            raise SetupFailedError(f"This did not work: {' '.join(command)}\nThe lines above tell why.")

    def _wait_for(self, child: Child) -> None:
        while child.ended() is None:
            self._ears.listen()
            time.sleep(0.05)


def _check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(str(part) for part in OLDEST_PYTHON)
        raise SetupFailedError(f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}.")


def _is_stale(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime


@contextmanager
def _one_at_a_time(file: Path) -> Iterator[None]:
    """Two setups of one checkout wait for each other; leaves no lock file."""
    with file.open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(words: Sequence[str]) -> int:
    """The exit code: 0 done, 1 failed with the reason on standard error, 130 told to stop."""
    try:
        Setup(Path(__file__).resolve().parents[2], Ears()).run(with_tests="--tests" in words)
    except SetupFailedError as error:
        complain(str(error))
        return 1
    except ToldToStopError:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
