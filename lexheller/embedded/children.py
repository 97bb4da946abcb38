"""One child process: started in a session of its own, dying with its parent, ended with all it has started.

Stops at one process; which ones run and what happens when one falls is for `supervisor`.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def dies_with(parent: int, last_signal: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `last_signal` the moment the thread that started the child is gone."""

    def arm() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, last_signal, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return arm


@dataclass
class Child:
    """A running process and its group (it leads its own session)."""

    name: str
    process: "subprocess.Popen[bytes]"
    started: float

    @property
    def group(self) -> int:
        """The process group: the same number as the leader's pid."""
        return self.process.pid

    def ended(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self.process.poll()

    def ask_to_end(self) -> None:
        """SIGTERM to the leader, who knows how to end its own children in order."""
        with suppress(ProcessLookupError):
            self.process.terminate()

    def clear_group(self) -> None:
        """SIGKILL to whatever is left of the group, and reap the leader."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.group, signal.SIGKILL)
        self.process.wait()


def start_child(
    name: str,
    command: Sequence[str | Path],
    environ: Mapping[str, str],
    output: int | IO[bytes],
    cwd: Path,
    before_exec: Callable[[], None] | None = None,
    last_signal: signal.Signals = signal.SIGKILL,
) -> Child:
    """Start `command` in its own session with all output to `output`. Call from the main thread only.

    `before_exec` runs in the child ahead of the program (dropping root, say); `last_signal` is what it
    gets when this process dies.
    """
    arm = dies_with(os.getpid(), last_signal)

    def prepare() -> None:
        if before_exec is not None:
            before_exec()
        arm()

    process = subprocess.Popen(  # noqa: S603 - the command is ours, no shell
        [str(part) for part in command],
        env=dict(environ),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=prepare,
    )
    return Child(name, process, time.monotonic())


def end_children(children: Iterable[Child], patience: float) -> None:
    """Ask all to end, wait at most `patience` seconds for them together, then kill what is left."""
    children = list(children)
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + patience
    while any(child.ended() is None for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    for child in children:
        child.clear_group()
