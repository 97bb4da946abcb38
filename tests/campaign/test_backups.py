"""P34 drilled: backups while others write, both killed with -9 half-way, and files that were damaged: nothing is half.

The program runs as an operator starts it, and is killed when it has told of so many tables. A target that a restore was
killed in is used again for the next, without a hand laid on it.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from lexheller.app.factory import create_app
from lexheller.backup.problems import Damage, DamagedArchiveError
from lexheller.backup.restoring import proved
from lexheller.backup.saving import heads
from lexheller.core.db import db, reading
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import nothing_kept, transaction
from tests.cast.databases import SECRET, settings_for
from tests.cast.people import Cast
from tests.cast.traces import counts
from tests.worker.looking import findings

PROGRAM = Path(sys.executable).parent / "lexheller"
SEED = 20261122
NOT_ROWS = {"alembic_version"}


@dataclass(frozen=True)
class Size:
    reports: int
    backups: int
    kills: int
    damages: int


SMALL = Size(reports=8, backups=1, kills=1, damages=40)
FULL = Size(reports=200, backups=5, kills=10, damages=1000)


@dataclass
class Writing:
    """Somebody who files reports, and the jobs they cause, until told to stop."""

    app: Flask
    written: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def once(self) -> None:
        with self.app.app_context():
            Cast(self.app).report()
            with transaction():
                run_waiting_now()
        self.written += 1

    def go_on(self) -> None:
        while not self.stop.is_set():
            self.once()


@contextmanager
def somebody_writes(app: Flask) -> Iterator[Writing]:
    writing = Writing(app)
    thread = threading.Thread(target=writing.go_on)
    thread.start()
    yield writing
    writing.stop.set()
    thread.join()


@dataclass
class Place:
    """An installation on its own database, as the program sees it."""

    url: str
    folder: Path

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEXHELLER")}
        return subprocess.Popen(
            [PROGRAM, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **kept,
                "LEXHELLER_ENV": "embedded",
                "LEXHELLER_DATA": str(self.folder),
                "LEXHELLER_DATABASE_URL": self.url,
                "LEXHELLER_SECRET_KEY": SECRET,
            },
        )

    def run(self, *arguments: str | Path) -> str:
        """Its standard output; it must end well."""
        running = self.start(*arguments)
        out, problems = running.communicate()
        assert running.returncode == 0, problems
        return out

    def killed(self, lines: int, *arguments: str | Path) -> bool:
        """Start, kill -9 after so many lines of progress; whether it was killed before it was done."""
        running = self.start(*arguments)
        assert running.stderr is not None
        for _ in range(lines):
            running.stderr.readline()
        running.kill()
        running.communicate()
        return running.returncode != 0

    @contextmanager
    def opened(self) -> Iterator[Flask]:
        app = create_app(settings_for(self.url, self.folder))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def elsewhere(database_url: str, tmp_path: Path, request: pytest.FixtureRequest, worker_id: str) -> Iterator[Place]:
    """Another database of the same kind, with nothing in it at all."""
    if database_url.startswith("sqlite"):
        yield Place(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}", tmp_path / "elsewhere")
        return
    server, name = request.getfixturevalue("postgres_server"), f"elsewhere_{worker_id}"
    yield Place(server.create(name), tmp_path / "elsewhere")
    server.drop(name)


def rows(app: Flask) -> dict[str, int]:
    return counts(app, but=NOT_ROWS)


def is_empty(place: Place) -> bool:
    with place.opened() as app:
        return not any(rows(app).values())


def is_equal(place: Place, said: dict[str, object]) -> bool:
    """The same rows and heads as the backup says; and the promises hold."""
    with place.opened() as app:
        with app.app_context(), reading(), nothing_kept():
            found = [[head.federation, head.sequence, head.hash] for head in heads()]
        wanted = [[head["federation"], head["sequence"], head["hash"]] for head in said["heads"]]
        equal = found == wanted and rows(app) == {name: entry["rows"] for name, entry in said["tables"].items()}
        with app.app_context(), transaction():
            run_waiting_now()  # what waited when the backup was made is done by the worker that is started
        assert findings(app) == []
        return equal


def test_p33_p34_backups_and_restores_are_whole_or_not_there(app, database_url, elsewhere, tmp_path, full):
    size, chance, started, seen = FULL if full else SMALL, random.Random(SEED), time.monotonic(), Counter()
    here = Place(database_url, tmp_path)
    filling = Writing(app)
    for _ in range(size.reports):
        filling.once()
    folder = tmp_path / "backups"
    folder.mkdir()
    with somebody_writes(app) as writing:
        for number in range(size.kills):
            archive = folder / f"killed-{number}.tar"
            seen["backup killed"] += here.killed(chance.randint(1, 30), "backup", "--out", archive)
            if archive.exists():
                with proved(archive):
                    seen["backup done before the kill"] += 1
        before = writing.written
        made = [
            json.loads(here.run("backup", "--out", folder / f"{number}.tar", "--json"))
            for number in range(size.backups)
        ]
        seen["reports while backing up"] = writing.written - before
    assert list(folder.glob(".*")) == [], "what killed backups left is gone"
    for said in made[:-1]:
        here.run("restore", said["file"], "--verify", "--sha256", said["sha256"])
    newest = made[-1]
    told = sum(1 for entry in newest["tables"].values() if entry["rows"])
    for _ in range(size.kills):
        if elsewhere.killed(chance.randint(1, told - 2), "restore", newest["file"]):
            assert is_empty(elsewhere), "a restore that was killed leaves nothing"
            seen["restore killed"] += 1
        else:
            break
    if is_empty(elsewhere):
        elsewhere.run("restore", newest["file"])
    assert is_equal(elsewhere, newest)
    with elsewhere.opened() as restored:
        Writing(restored).once()
        assert findings(restored) == []
    seen["damages found"] = damaged(Path(newest["file"]), size.damages, chance)
    figures = {"rows": sum(entry["rows"] for entry in newest["tables"].values()), **seen}
    sys.stdout.write(f"\nbackups on {newest['database']}: {figures} in {time.monotonic() - started:.0f} s\n")
    assert seen["backup killed"] and seen["restore killed"], "every kill came too late"
    assert seen["damages found"] == size.damages
    assert seen["reports while backing up"] > 0


def damaged(archive: Path, times: int, chance: random.Random) -> int:
    """How many of so many damages are found: a changed byte, a cut, a piece that is twice there."""
    whole, found = archive.read_bytes(), 0
    for number in range(times):
        place = chance.randrange(len(whole))
        changed = (
            whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :],
            whole[:place],
            whole[:place] + whole[max(0, place - 512) :],
        )[number % 3]
        archive.write_bytes(changed)
        try:
            with proved(archive):
                pass
        except DamagedArchiveError as problem:
            found += problem.damage is Damage.NOT_WHOLE
    archive.write_bytes(whole)
    return found
