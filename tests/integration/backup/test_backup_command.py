"""`lexheller backup` and `lexheller restore` as an operator meets them: their words and exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from backing import SECRET_TEXT, lived_in
from click.testing import CliRunner, Result

from config import PROJECT
from lexheller.app.factory import create_app
from lexheller.cli.main import group
from lexheller.core.db import db
from tests.cast.databases import SECRET, settings_for
from tests.cast.people import Cast

OPERATOR = PROJECT / "docs" / "operator.md"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def source(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `make run` leaves it, with something of everything."""
    folder = tmp_path_factory.mktemp("source")
    shutil.copy(sqlite_template, folder / "lexheller.sqlite")
    app = create_app(settings_for(f"sqlite:///{folder / 'lexheller.sqlite'}", folder))
    with app.app_context():
        lived_in(Cast(app))
        db.session.remove()
        db.engine.dispose()
    for name in ("secret", "mail/one.eml", "log/web.log"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SECRET)
    return folder


@pytest.fixture
def lexheller(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on the data folder that is given first; as a process of its own it runs in the campaign."""
    for name in [name for name in os.environ if name.startswith("LEXHELLER")]:
        monkeypatch.delenv(name)

    def run(folder: Path, *arguments: str | Path) -> Result:
        monkeypatch.setenv("LEXHELLER_DATA", str(folder))
        done = CliRunner().invoke(group, [*map(str, arguments)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert "Hemligheten" not in done.output
        return done

    return run


def test_p34_the_whole_routine(lexheller, source, tmp_path):
    """Back up, verify, restore to a folder that is not there yet, check; a second time it is refused."""
    archive, elsewhere = tmp_path / "kopia.tar", tmp_path / "ny"
    made = lexheller(source, "backup", "--out", archive, "--json")
    said = json.loads(made.stdout)
    assert made.exit_code == 0, made.stderr
    assert said["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert (said["database"], said["files"], len(said["heads"]), len(said["editions"])) == ("sqlite", {}, 3, 1)
    assert f"event: {said['tables']['event']['rows']} rader" in made.stderr
    content = archive.read_bytes()
    assert SECRET.encode() not in content
    assert SECRET_TEXT.splitlines()[-1].encode() in content
    verified = lexheller(elsewhere, "restore", archive, "--verify", "--sha256", said["sha256"].upper())
    assert (verified.exit_code, elsewhere.exists()) == (0, False)
    done = lexheller(elsewhere, "restore", archive)
    assert (done.exit_code, "Återställt och lika" in done.stdout) == (0, True), done.stderr
    assert lexheller(elsewhere, "check").exit_code == 0
    again = lexheller(elsewhere, "restore", archive)
    assert (again.exit_code, again.stdout) == (2, "")
    assert "inte tom" in again.stderr and "Inget är ändrat." in again.stderr
    backed_up_again = lexheller(elsewhere, "backup", "--out", tmp_path / "igen.tar", "--json")
    assert json.loads(backed_up_again.stdout)["tables"] == said["tables"]


def test_p34_the_commands_of_the_operators_page_work_as_they_stand_there(lexheller, source, tmp_path, monkeypatch):
    """In their order: those before the heading of restoring on the installation, those after it on an empty one."""
    section = OPERATOR.read_text(encoding="utf-8").partition("## Backup and restore")[2].partition("\n## ")[0]
    before, _heading, after = section.partition("### Restore\n")
    monkeypatch.chdir(tmp_path)
    ran = []
    for folder, part in ((source, before), (tmp_path / "ny", after)):
        for line in "".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL)).splitlines():
            program, *words = shlex.split(line)
            assert program == "lexheller"
            if words[0] == "backup":
                (tmp_path / words[2]).unlink(missing_ok=True)
            done = lexheller(folder, *words)
            assert done.exit_code == 0, (line, done.output)
            ran.append(words[0])
    assert ran == ["backup", "backup", "restore", "restore", "check"]


def test_p34_what_is_wrong_is_told_and_nothing_is_touched(lexheller, source, tmp_path):
    archive, elsewhere = tmp_path / "kopia.tar", tmp_path / "ny"
    assert lexheller(source, "backup", "--out", archive).exit_code == 0
    assert "finns redan" in _told(lexheller(source, "backup", "--out", archive), 2)
    assert "går inte att läsa eller skriva" in _told(lexheller(source, "backup", "--out", tmp_path / "x" / "y"), 2)
    assert "lexheller init" in _told(lexheller(tmp_path / "inget", "backup", "--out", tmp_path / "z"), 2)
    assert "går inte att läsa" in _told(lexheller(elsewhere, "restore", tmp_path / "finns-inte"), 2)
    assert "går inte att läsa" in _told(lexheller(elsewhere, "restore", tmp_path), 2)
    assert "summan" in _told(lexheller(elsewhere, "restore", archive, "--sha256", "0" * 64), 1)
    archive.write_bytes(archive.read_bytes()[:-700])
    assert "skadad, avklippt" in _told(lexheller(elsewhere, "restore", archive), 1)
    assert not elsewhere.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inget", "kopia.tar"]


def _told(done: Result, code: int) -> str:
    assert (done.exit_code, done.stdout) == (code, ""), done.stderr
    assert "Inget är ändrat." in done.stderr
    return done.stderr
