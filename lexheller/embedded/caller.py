"""Notices that the `make` which started this process has been told to stop, where no signal tells.

GNU make passes SIGTERM on to its children, but not a SIGINT or SIGHUP sent to it alone: its handler resets that
signal to the default and waits for us. It shows in /proc: a running make catches all stopping signals it does not
ignore. Stops at looking; `ears` listens here too.
"""

import os
import signal
from pathlib import Path

STOPPING = frozenset({signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM})


class Caller:
    """The parent process as it was when the watch began."""

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._is_make = _name_of(self._pid) in {"make", "gmake"}

    def wants_us_to_end(self) -> bool:
        """Whether our make is gone, or has taken back its handler for one signal while it has those for others."""
        if not self._is_make:
            return False
        if os.getppid() != self._pid:
            return True
        caught, ignored = _signals(self._pid, "SigCgt"), _signals(self._pid, "SigIgn")
        return bool(caught) and not caught | ignored >= STOPPING


def _name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _signals(pid: int, field: str) -> set[signal.Signals]:
    """Which of the stopping signals a line of the process's status names."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return set()
    mask = next((line.split()[1] for line in status.splitlines() if line.startswith(f"{field}:")), "0")
    return {number for number in STOPPING if int(mask, 16) & (1 << (number - 1))}
