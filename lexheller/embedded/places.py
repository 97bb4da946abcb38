"""Where one run keeps its state and which address it answers on: read from the environment, checked, locked.

Stops at folders and ports; what runs there is decided in `run`.
"""

import fcntl
import os
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel takes 107."""
LOCK_PATIENCE = 4.0
"""Seconds to wait for a run that is just ending."""


class RunRefusedError(Exception):
    """The run cannot start; the message says why in words for the operator."""


@dataclass(frozen=True)
class Place:
    """The choices of one run. `data` is absolute; `redis_url` is None when the run brings its own server."""

    data: Path
    host: str
    port: int
    base_url: str
    redis_url: str | None

    @property
    def logs(self) -> Path:
        """Folder of the processes' logs."""
        return self.data / "log"

    @property
    def bind(self) -> str:
        """Host and port as a server wants them, IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def probe_host(self) -> str:
        """The address this machine reaches the web server by."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared only


def place_from(environ: Mapping[str, str]) -> Place:
    """Read PORT, HOST, LEXHELLER_DATA, LEXHELLER_BASE_URL and LEXHELLER_REDIS_URL.

    A relative LEXHELLER_DATA counts from the working folder; unset it is `.data` in the checkout.
    Raises RunRefusedError on a port that is none.
    """
    port = _port(environ.get("PORT") or "8000")
    data = environ.get("LEXHELLER_DATA")
    return Place(
        data=Path(data).expanduser().absolute() if data else CHECKOUT / ".data",
        host=environ.get("HOST") or "127.0.0.1",
        port=port,
        base_url=environ.get("LEXHELLER_BASE_URL") or f"http://127.0.0.1:{port}",
        redis_url=environ.get("LEXHELLER_REDIS_URL") or None,
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise RunRefusedError(f"PORT must be a number from 1 to 65535, not {text!r}.")


def make_folders(place: Place) -> None:
    """Make the data folder and its log folder, readable by their owner alone. Raises RunRefusedError."""
    try:
        place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.data.chmod(0o700)
        place.logs.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise RunRefusedError(
            f"The data folder {place.data} cannot be used ({error.strerror}). Choose another with LEXHELLER_DATA=."
        ) from error


def check_port_free(place: Place) -> None:
    """Raise RunRefusedError when nothing can listen on the chosen host and port."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            raise RunRefusedError(
                f"Port {place.port} on {place.host} cannot be used ({error.strerror}). "
                "Choose another with PORT=, for example: make run PORT=8080"
            ) from error


@contextmanager
def folder_lock(place: Place) -> Iterator[int]:
    """Hold the data folder for this run; yields the descriptor that holds it. Leaves no lock file.

    Waits LOCK_PATIENCE seconds for a run that is ending, then raises RunRefusedError.
    """
    folder = os.open(place.data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _wait_for_lock(folder, place)
        yield folder
    finally:
        os.close(folder)


def _wait_for_lock(folder: int, place: Place) -> None:
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise RunRefusedError(
                    f"Lex Heller is already running on the data folder {place.data}. "
                    "Stop that one first, or choose another folder with LEXHELLER_DATA=."
                ) from None
            time.sleep(0.1)


@contextmanager
def socket_folder(preferred: Path) -> Iterator[tuple[Path, bool]]:
    """A folder whose unix sockets have a path short and plain enough for every client.

    Yields the folder and whether it is a temporary one, which is removed at the end.
    """
    if _fits(preferred):
        yield preferred, False
        return
    parents = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - mkdtemp makes it 0700
    parent = next((folder for folder in parents if _fits(folder / "lexheller-12345678")), None)
    if parent is None:
        raise RunRefusedError("No folder for temporary files has a path short enough; set TMPDIR to a short one.")
    folder = Path(tempfile.mkdtemp(prefix="lexheller-", dir=parent))
    try:
        yield folder, True
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fits(folder: Path) -> bool:
    longest = str(folder / "redis.sock")
    return len(longest.encode()) <= LONGEST_SOCKET_PATH and re.fullmatch(r"[A-Za-z0-9/._+-]+", longest) is not None
