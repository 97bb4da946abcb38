"""P34: a backup restored on an empty installation gives the same rows, chain heads and editions, on either database."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from backing import NEWEST, SECRET_TEXT, lived_in, restored, rewritten, rows, saved
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lexheller.app.factory import create_app
from lexheller.audit.queries import broken_links
from lexheller.backup import restoring
from lexheller.backup.files import put_back
from lexheller.backup.problems import Damage, DamagedArchiveError, Refusal, RefusedError
from lexheller.backup.restoring import proved, restore
from lexheller.core import heartbeat, tenancy
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.setup import make_federations
from tests.cast.databases import ROLE, settings_for
from tests.cast.grants import become_owner
from tests.cast.people import Cast
from tests.cast.traces import counts, everything
from tests.services.postgres import PostgresClient
from tests.worker.looking import findings

BEAT = "INSERT INTO heartbeat (name, at) VALUES ('other', '2026-01-01 00:00:00')"
KEPT_HEAD = '{"lexheller_head":1}\n'


@pytest.fixture(scope="session")
def archive(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an installation with something of everything. Nobody changes it."""
    folder = tmp_path_factory.mktemp("backup")
    shutil.copy(sqlite_template, folder / "lexheller.sqlite")
    app = create_app(settings_for(f"sqlite:///{folder / 'lexheller.sqlite'}", folder))
    with app.app_context():
        lived_in(Cast(app))
        (folder / "heads").mkdir()
        (folder / "heads" / "sodra-vatterbygden.jsonl").write_text(KEPT_HEAD)
        saved(folder / "backup.tar")
        db.session.remove()
        db.engine.dispose()
    return folder / "backup.tar"


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "empty.sqlite"
    _migrate(f"sqlite:///{file}", file.parent)
    return file


@pytest.fixture(scope="session")
def empty_postgres(
    postgres_server: PostgresClient, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    name = f"empty_{worker_id}"
    _migrate(postgres_server.create(name), tmp_path_factory.mktemp("empty-postgres"))
    yield name
    postgres_server.drop(name)


def _migrate(url: str, folder: Path) -> None:
    """Nothing but the time at which a job ran, as when somebody has started the worker already."""
    app = create_app(settings_for(url, folder))
    with app.app_context():
        upgrade()
        with transaction():
            heartbeat.beat("jobs.sweep")
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """Another installation, migrated and empty."""
    server: PostgresClient | None = None
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_template"), tmp_path / "empty.sqlite")
        url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.create(f"restored_{worker_id}", template=request.getfixturevalue("empty_postgres"))
    app = create_app(settings_for(url, tmp_path))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        server.drop(f"restored_{worker_id}")


def kind(app: Flask) -> str:
    with app.app_context():
        return db.engine.dialect.name


def test_p34_restored_it_is_equal_whole_and_goes_on(app, stage, empty, tmp_path):
    stage.ask(lived_in)
    with app.app_context():
        saved(tmp_path / "backup.tar")
    manifest = restored(empty, tmp_path / "backup.tar")
    assert counts(empty, but=()) == counts(app, but=())
    assert {name: entry.rows for name, entry in manifest.tables.items()} | {"alembic_version": 1} == counts(app, but=())
    assert min(counts(app)[name] for name in ("event", "report", "report_edition", "handover", "job", "message")) > 0
    for query in (
        "SELECT federation_id, sequence, hash FROM chain_head ORDER BY 1",
        "SELECT id, federation_id, sequence, hash FROM event ORDER BY 1",
        "SELECT federation_id, year, number, hash FROM report_edition ORDER BY 1, 2, 3",
    ):
        assert rows(empty, query) == rows(app, query)
    assert SECRET_TEXT in {row[0] for row in rows(empty, "SELECT what_happened FROM report")}
    if kind(app) == kind(empty):
        assert sorted(everything(empty).splitlines()) == sorted(everything(app).splitlines())
    assert findings(empty) == []
    with empty.app_context():
        Cast(empty).report()
        assert broken_links() == []
        with pytest.raises(DBAPIError, match="append-only"), transaction():
            db.session.execute(text("UPDATE event SET kind = 'x'"))


def test_p34_what_is_written_meanwhile_is_all_in_or_all_out(app, stage, empty, tmp_path):
    """A report comes in, from another connection, after the first tables are written and again among the last ones."""
    stage.case()
    before = counts(app, but=())

    def meanwhile(table: str, _rows: int) -> None:
        if table in {"event", "report", "due_step"}:
            other = threading.Thread(target=lambda: stage.case())
            other.start()
            other.join()

    with app.app_context():
        made = saved(tmp_path / "backup.tar", tell=meanwhile)
    assert {name: entry.rows for name, entry in made.manifest.tables.items()} | {"alembic_version": 1} == before
    assert counts(app)["report"] == before["report"] + 3
    restored(empty, tmp_path / "backup.tar")
    assert findings(empty) == []


def test_p34_numbers_that_were_given_out_are_not_given_out_again(database_url, app, stage, empty, tmp_path):
    """An id names a thing in events; a thing that was undone must not lend its id to another (PostgreSQL counts on)."""
    stage.case()
    with app.app_context():
        Cast(app).report()
        db.session.rollback()
        if kind(app) == "postgresql":
            become_owner(db.session)
            db.session.execute(text("SELECT setval('report_id_seq', 4711)"))
            db.session.commit()
        saved(tmp_path / "backup.tar")
    newest = rows(app, "SELECT max(id) FROM report")[0][0]
    restored(empty, tmp_path / "backup.tar")
    with empty.app_context():
        report_id = Cast(empty).report().report_id
    assert report_id > newest
    if kind(app) == kind(empty) == "postgresql":
        assert report_id == 4712


def refused(call: Callable[[], object]) -> Refusal:
    with pytest.raises(RefusedError) as problem:
        call()
    return problem.value.refusal


def test_p34_an_installation_with_rows_is_left_alone(archive, empty):
    with empty.app_context(), transaction():
        make_federations(production=False)
    before = everything(empty)
    assert refused(lambda: restored(empty, archive)) is Refusal.NOT_EMPTY
    assert everything(empty) == before


def forged(change: Callable[[bytes], bytes], member: str) -> Callable[[str, bytes], bytes]:
    return lambda name, content: change(content) if name == member else content


def test_p34_a_restore_that_does_not_end_equal_is_undone(archive, empty, tmp_path, monkeypatch):
    """Whatever is not as it was said to be is found before the end, and nothing of the restore stays."""
    before = everything(empty)
    out = tmp_path / "forged.tar"
    cases = [
        ("tables/report.jsonl", lambda content: content + content.splitlines(keepends=True)[0], Damage.TABLE),
        ("manifest.json", lambda content: content.replace(b'"sequence": ', b'"sequence": 1'), Damage.NOT_EQUAL),
        ("manifest.json", lambda content: content.replace(b'"year": 2024', b'"year": 2025'), Damage.NOT_EQUAL),
        ("manifest.json", lambda content: content.replace(b'"what_happened"', b'"what"'), Damage.DOES_NOT_FIT),
        ("manifest.json", lambda content: content.replace(b'"format": 1', b'"format": 2'), Damage.MANIFEST),
        ("manifest.json", lambda content: b"[]", Damage.MANIFEST),
        ("manifest.json", lambda content: content.replace(b'"heads/', b'"../heads/'), Damage.MANIFEST),
    ]
    for member, change, damage in cases:
        rewritten(archive, out, forged(change, member))
        with pytest.raises(DamagedArchiveError) as problem:
            restored(empty, out)
        assert problem.value.damage is damage, (member, problem.value)
        out.unlink()
        assert everything(empty) == before
        assert not (out.parent / "restored-heads").exists()
    load = restoring.load

    def lose_one(target, names, written):
        load(target, names, list(written)[:-1] if target.name == "case_term" else written)

    monkeypatch.setattr(restoring, "load", lose_one)
    with pytest.raises(DamagedArchiveError, match="not_equal: case_term"):
        restored(empty, archive)
    assert everything(empty) == before


def test_p34_only_the_version_that_made_it_takes_it(archive, empty, tmp_path):
    out = tmp_path / "other.tar"
    rewritten(
        archive,
        out,
        forged(lambda said: said.replace(f'"revision": "{NEWEST}"'.encode(), b'"revision": "0009"'), "manifest.json"),
    )
    with proved(out) as found:
        assert refused(lambda: restoring.demand_revision(found.manifest, NEWEST)) is Refusal.OTHER_REVISION
    with proved(archive) as found:
        restoring.demand_revision(found.manifest, NEWEST)
    with empty.app_context():
        assert restoring.needs_tables(NEWEST) is False
        assert restoring.needs_tables("9999") is True
        assert refused(lambda: restoring.needs_tables("0001")) is Refusal.NEWER_DATABASE


def test_p34_a_database_that_is_behind_is_not_backed_up_by_a_newer_program(old_app, tmp_path):
    with old_app.app_context():
        upgrade(revision="0018")
        assert refused(lambda: saved(tmp_path / "backup.tar")) is Refusal.BEHIND
    assert list(tmp_path.glob("*.tar")) + list(tmp_path.glob(".*part")) == []


def test_p34_rows_that_the_role_is_not_shown_are_not_left_out_in_silence(database_url, app, tmp_path, worker_id):
    """PostgreSQL alone has such roles."""
    if kind(app) != "postgresql":
        with app.app_context():
            saved(tmp_path / "backup.tar")
        return
    role = f"shown_less_{worker_id}"
    with app.app_context(), transaction():
        become_owner(db.session)
        db.session.execute(text(f"CREATE ROLE {role} LOGIN"))
        db.session.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
        db.session.execute(text(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    other = create_app(settings_for(database_url.replace(f"{ROLE}@", f"{role}@"), tmp_path))
    try:
        with other.app_context():
            saved(tmp_path / "all.tar")
            db.session.remove()
        with app.app_context(), transaction():
            become_owner(db.session)
            db.session.execute(text("CREATE POLICY less ON note AS RESTRICTIVE USING (federation_id > 1)"))
        with other.app_context():
            assert refused(lambda: saved(tmp_path / "less.tar")) is Refusal.FILTERED
            db.session.remove()
            db.engine.dispose()
    finally:
        with app.app_context(), transaction():
            become_owner(db.session)
            db.session.execute(text(f"DROP OWNED BY {role}"))
            db.session.execute(text(f"DROP ROLE {role}"))


@pytest.fixture(params=["postgresql"])
def owned_by_plain_role(
    request: pytest.FixtureRequest, postgres_server: PostgresClient, worker_id: str, tmp_path: Path
) -> Iterator[Flask]:
    """A migrated, empty installation of somebody who owns the tables and is no superuser, as in most organisations."""
    role = f"plain_{worker_id}"
    postgres_server.create(role)
    with psycopg.connect(postgres_server.url(role).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER")
        connection.execute(f"ALTER DATABASE {role} OWNER TO {role}")
    app = create_app(settings_for(postgres_server.url(role, role), tmp_path))
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    postgres_server.drop(role)
    with psycopg.connect(postgres_server.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"DROP ROLE {role}")


def test_p34_p16_an_owner_who_is_bound_too_restores_and_backs_up_and_is_bound_afterwards(
    owned_by_plain_role, archive, tmp_path
):
    manifest = restored(owned_by_plain_role, archive)
    events = manifest.tables["event"].rows
    with owned_by_plain_role.app_context():
        again = saved(tmp_path / "again.tar").manifest
        assert {name: entry.sha256 for name, entry in again.tables.items()} == {
            name: entry.sha256 for name, entry in manifest.tables.items()
        }
        with tenancy.nobody():
            assert rows(owned_by_plain_role, "SELECT count(*) FROM event") == [(0,)]
            assert refused(lambda: saved(tmp_path / "nothing.tar")) is Refusal.FILTERED
        with tenancy.within(1):
            assert 0 < rows(owned_by_plain_role, "SELECT count(*) FROM event")[0][0] < events
    assert rows(owned_by_plain_role, "SELECT count(*) FROM event") == [(events,)]


def test_p34_nobody_else_writes_while_rows_go_in(archive, empty, tmp_path):
    """Else somebody's first row could land among them. Tried by another connection that does not wait for long."""
    with empty.app_context():
        url = db.engine.url
    refusals: list[str] = []

    def beat() -> None:
        try:
            if url.drivername == "sqlite":
                with closing(sqlite3.connect(str(url.database), timeout=0.05)) as other:
                    other.execute(BEAT)
            else:
                with psycopg.connect(url.set(drivername="postgresql").render_as_string()) as other:
                    other.execute("SET lock_timeout = 50")
                    other.execute(BEAT)
        except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable) as problem:
            refusals.append(type(problem).__name__)

    def other_tries(table: str, _rows: int) -> None:
        if table in {"event", "due_step"}:
            other = threading.Thread(target=beat)
            other.start()
            other.join()

    with empty.app_context(), proved(archive) as found:
        restore(found, tmp_path / "restored-heads", tell=other_tries)
    assert len(refusals) == 2
    assert rows(empty, "SELECT name FROM heartbeat") == []


def test_the_heads_that_were_kept_come_back_and_those_that_are_there_stay(archive, empty, tmp_path):
    folder = archive.parent / "restored-heads"
    shutil.rmtree(folder, ignore_errors=True)
    restored(empty, archive)
    assert (folder / "sodra-vatterbygden.jsonl").read_text() == KEPT_HEAD
    (folder / "sodra-vatterbygden.jsonl").write_text(KEPT_HEAD * 2)
    with proved(archive) as found:
        put_back(found.archive, folder, found.manifest.files)
    assert (folder / "sodra-vatterbygden.jsonl").read_text() == KEPT_HEAD * 2
