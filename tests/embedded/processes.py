"""Looking at processes through /proc: who descends from whom, who is still there. Stops at looking."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Seen:
    """A process as it was seen; `started` tells it from a later one with the same number."""

    pid: int
    started: str
    command: str

    def alive(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        fields = _stat(self.pid)
        return fields is not None and fields[19] == self.started and fields[0] not in "ZX"


def descendants(ancestor: int) -> list[Seen]:
    """All running processes below `ancestor`, and itself."""
    parents = {pid: int(fields[1]) for pid in _pids() if (fields := _stat(pid)) is not None}
    found = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return [seen for pid in sorted(found) if (seen := see(pid)) is not None]


def see(pid: int) -> Seen | None:
    """The process with this number, if it runs."""
    fields = _stat(pid)
    if fields is None or fields[0] in "ZX":
        return None
    return Seen(pid, fields[19], command_of(pid))


def command_of(pid: int) -> str:
    """The command line, words parted by spaces."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def still_alive(processes: Iterable[Seen]) -> list[Seen]:
    """Those that have not ended."""
    return [process for process in processes if process.alive()]


def within(seconds: float, done: Callable[[], object]) -> bool:
    """Whether `done` came true in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the state on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
