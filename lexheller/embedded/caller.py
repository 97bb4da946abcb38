"""Notices that the `make` which started this process has been told to stop, where no signal tells.

GNU make passes SIGTERM on to its children, but not a SIGINT or SIGHUP sent to it alone: its handler then resets
the signal to the default and waits for us. That reset shows in /proc. Stops at looking; `ears` listens here too.
"""

import os
import signal
from pathlib import Path

STOPPING = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM)


class Caller:
    """The parent process as it was when the watch began."""

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._is_make = _name_of(self._pid) in {"make", "gmake"}
        self._caught = _caught_by(self._pid) if self._is_make else set()

    def wants_us_to_end(self) -> bool:
        """Whether make is gone, or no longer catches a signal that it caught at the start."""
        if not self._is_make:
            return False
        if os.getppid() != self._pid:
            return True
        return not self._caught <= _caught_by(self._pid)


def _name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _caught_by(pid: int) -> set[signal.Signals]:
    """Which of the stopping signals the process has a handler for."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return set()
    mask = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return {number for number in STOPPING if int(mask, 16) & (1 << (number - 1))}
