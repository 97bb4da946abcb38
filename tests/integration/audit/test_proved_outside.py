"""The log taken out of the database and judged by the command line: whole, changed, cut off, written anew (P14)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from lexheller.audit.chain import event_hash
from lexheller.audit.export import log_lines
from lexheller.audit.heads import present_head
from lexheller.audit.models import ChainHead, Event
from lexheller.audit.queries import broken_links
from lexheller.audit.verify import Head, judge
from lexheller.cases.states import CaseStatus
from lexheller.cli.main import group
from lexheller.core.db import db, one_moment, reading
from lexheller.core.transaction import nothing_kept
from tests.cast.databases import SECRET
from tests.cast.grants import become_owner
from tests.cast.people import ELSEWHERE, HOME, Cast

TEXT = "Hemligordet i anmälan."


@pytest.fixture
def lexheller(database_url, tmp_path, monkeypatch):
    """Runs a command on the test's own database: exit code and what it wrote on standard output."""
    monkeypatch.setenv("LEXHELLER_ENV", "embedded")
    monkeypatch.setenv("LEXHELLER_DATA", str(tmp_path))
    monkeypatch.setenv("LEXHELLER_DATABASE_URL", database_url)
    monkeypatch.setenv("LEXHELLER_SECRET_KEY", SECRET)

    def run(*arguments: str | Path) -> tuple[int, str]:
        done = CliRunner().invoke(group, [str(one) for one in arguments], catch_exceptions=False)
        return done.exit_code, done.stdout

    return run


def case_in_both(cast: Cast) -> None:
    cast.reach(CaseStatus.ANSWERED, what_happened=TEXT)
    cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)


def unguarded(*statements: str) -> None:
    """As somebody would who owns the database."""
    if db.engine.dialect.name == "postgresql":
        become_owner(db.session)
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        for change in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER IF EXISTS event_no_{change}"))
    for statement in statements:
        db.session.execute(text(statement))
    db.session.expire_all()


def written_anew(cast: Cast) -> None:
    """One event is another, and the rest of the log and its head follow from that."""
    unguarded()
    home = cast.federation().id
    events = db.session.scalars(select(Event).where(Event.federation_id == home).order_by(Event.sequence)).all()
    events[3].subject_id += 1
    previous = events[2].hash
    for event in events[3:]:
        names = ("federation_id", "sequence", "at", "kind", "subject_type", "subject_id", "actor_kind", "actor_user_id")
        fields = {name: getattr(event, name) for name in names}
        event.previous_hash, event.hash = previous, event_hash(**fields, data=event.data, previous_hash=previous)
        previous = event.hash
    db.session.get(ChainHead, home).hash = previous


def cut_off(cast: Cast) -> None:
    home = cast.federation().id
    last, before = db.session.scalars(
        select(Event).where(Event.federation_id == home).order_by(Event.sequence.desc()).limit(2)
    ).all()
    head = f"SET sequence = {before.sequence}, hash = '{before.hash}' WHERE federation_id = {home}"
    unguarded(f"DELETE FROM event WHERE id = {last.id}", f"UPDATE chain_head {head}")


def test_p14_exported_and_judged_by_the_command_line(lexheller, stage, tmp_path):
    stage.ask(case_in_both)
    log, heads = tmp_path / "logg.jsonl", tmp_path / "huvuden.jsonl"
    code, said = lexheller("heads")
    assert code == 0
    heads.write_text(said, encoding="utf-8")
    kept = {line["federation"]: line for line in map(json.loads, said.splitlines())}
    assert lexheller("export-log", "--out", log) == (0, "")
    assert TEXT.split()[0] not in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0
    code, said = lexheller("verify", log, "--heads", heads)
    assert code == 0
    for slug in (HOME, ELSEWHERE):
        assert f"{slug}: hel, {kept[slug]['sequence']} rader, 1 huvud stämmer" in said
    home = stage.ask(lambda cast: cast.federation().id)
    change = f"UPDATE event SET kind = 'case.closed' WHERE federation_id = {home} AND sequence = 3"
    stage.ask(lambda _cast: unguarded(change))
    lexheller("export-log", "--federation", HOME, "--out", log)
    code, said = lexheller("verify", log)
    assert (code, f"{HOME}: BRUTEN vid rad 3: raden är ändrad" in said) == (1, True)
    assert lexheller("export-log", "--federation", "atlantis", "--out", log)[0] == 2
    assert lexheller("export-log", "--out", tmp_path / "finns" / "inte")[0] == 2
    assert [path.name for path in tmp_path.glob("*.part")] == []


def judged(cast: Cast, heads: list[Head]) -> list[int]:
    """The row at which the home federation's log is broken, or nothing."""
    db.session.rollback()
    with reading(), nothing_kept():
        one_moment()
        lines = [line.encode() for line in log_lines(cast.federation().id, HOME)]
    return [log.wrong[0] for log in judge(lines, heads) if log.wrong]


@pytest.mark.parametrize("tampering", [written_anew, cut_off])
def test_p14_what_the_database_cannot_tell_is_told_by_a_head_that_was_kept_elsewhere(cast, tampering):
    cast.reach(CaseStatus.ANSWERED)
    head = present_head(cast.federation().id, HOME)
    assert judged(cast, [head]) == []
    tampering(cast)
    db.session.commit()
    assert broken_links() == []
    assert (judged(cast, []), judged(cast, [head])) == ([], [head.sequence])


def test_p14_an_end_that_was_taken_away_leaving_the_head_behind_needs_nothing_from_elsewhere(cast):
    cast.reach(CaseStatus.ANSWERED)
    head = present_head(cast.federation().id, HOME)
    unguarded(f"DELETE FROM event WHERE federation_id = {head.federation_id} AND sequence = {head.sequence}")
    db.session.commit()
    assert judged(cast, []) == [head.sequence]
