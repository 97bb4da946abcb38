"""A real Redis server for one test run, on a unix socket, in a folder of its own. Stops at start and stop.

The same program the embedded default would start (`lexheller.embedded.broker`).
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

from lexheller.embedded.broker import find_server, server_command
from lexheller.embedded.children import Child, end_children, start_child
from lexheller.embedded.guardian import Guardian
from lexheller.embedded.probes import redis_answers

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds the server may take to answer."""


class RedisServer:
    """A server that can be stopped, killed and started again on the same address and data."""

    def __init__(self) -> None:
        """Start at once. Raises NoBrokerError when there is no server program."""
        program = find_server()
        self._guardian = Guardian(CHECKOUT)
        self._folder = Path(tempfile.mkdtemp(prefix="lexheller-redis-", dir="/tmp"))
        self._guardian.watch_path(self._folder)
        self._socket = self._folder / "redis.sock"
        self._command = server_command(program, self._folder, self._socket)
        self._child: Child | None = None
        self.start()

    @property
    def url(self) -> str:
        """The address as LEXHELLER_REDIS_URL takes it."""
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int:
        """The server's process id; raises RuntimeError while it is stopped."""
        if self._child is None:
            raise RuntimeError("the Redis server is stopped")
        return self._child.process.pid

    def start(self) -> None:
        """Start it again after `stop` or `kill`; returns when it answers."""
        with (self._folder / "redis.log").open("ab") as log:
            self._child = start_child("redis", self._command, os.environ, log, self._folder)
        self._guardian.watch_group(self._child.group)
        deadline = time.monotonic() + PATIENCE
        while not redis_answers(self._socket):
            if self._child.ended() is not None or time.monotonic() > deadline:
                log_text = (self._folder / "redis.log").read_text(errors="replace")
                raise RuntimeError(f"Redis did not start:\n{log_text}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it in order; its data stays for the next start."""
        self._end(patience=5.0)

    def kill(self) -> None:
        """End it with SIGKILL; what it had written stays for the next start."""
        self._end(patience=0.0)

    def close(self) -> None:
        """End it for good and remove its folder."""
        self.stop()
        self._guardian.dismiss()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, patience: float) -> None:
        if self._child is None:
            return
        if patience:
            end_children([self._child], patience)
        else:
            self._child.clear_group()
        self._guardian.forget_group(self._child.group)
        self._child = None
