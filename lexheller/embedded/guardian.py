"""The one who clears up when the supervisor itself is killed: `python -m lexheller.embedded.guardian`.

Reads on standard input which process groups and temporary paths belong to a run. When the pipe closes, for
whatever reason, it kills the groups still named, removes the paths and is gone. Decides nothing else.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

REMOVAL_TRIES = 60


class Guardian:
    """The supervisor's end of the pipe."""

    def __init__(self, cwd: Path, keep_open: Sequence[int] = ()) -> None:
        """Start the guardian in its own session; it holds the descriptors `keep_open` until it is done."""
        self._cwd = cwd
        self._keep_open = tuple(keep_open)
        self._groups: set[int] = set()
        self._paths: set[Path] = set()
        self._process = self._start()

    def watch_group(self, group: int) -> None:
        """This process group belongs to the run."""
        self._groups.add(group)
        self._tell(f"+group {group}")

    def forget_group(self, group: int) -> None:
        """This process group is over; its number may be used by others."""
        self._groups.discard(group)
        self._tell(f"-group {group}")

    def watch_path(self, path: Path) -> None:
        """This file or folder must be gone when the run is."""
        self._paths.add(path)
        self._tell(f"+path {path}")

    def stand(self) -> None:
        """Start a new guardian when this one was killed, and tell it everything."""
        if self._process.poll() is None:
            return
        self._process = self._start()
        for group in self._groups:
            self._tell(f"+group {group}")
        for path in self._paths:
            self._tell(f"+path {path}")

    def dismiss(self) -> None:
        """Close the pipe and wait until it has cleared what was still named."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._process.wait()

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "lexheller.embedded.guardian"],
            stdin=subprocess.PIPE,
            cwd=self._cwd,
            start_new_session=True,
            pass_fds=self._keep_open,
            text=True,
        )

    def _tell(self, line: str) -> None:
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()


def keep_watch(lines: IO[str]) -> None:
    """Follow `lines` to their end, then kill and remove what they name."""
    groups: set[int] = set()
    paths: list[Path] = []
    for line in lines:
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "+group":
            groups.add(int(rest))
        elif word == "-group":
            groups.discard(int(rest))
        elif word == "+path":
            paths.append(Path(rest))
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for path in paths:
        _remove(path)


def _remove(path: Path) -> None:
    """Remove a file or folder; a process that is just dying may still write there, so try for a while."""
    for _ in range(REMOVAL_TRIES):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        if not path.exists():
            return
        time.sleep(0.05)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    keep_watch(sys.stdin)
