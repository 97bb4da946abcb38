"""How far each log has come, kept outside the database: a line a day in a file, and a mail (P14, P33)."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from config import ConfigurationError, load_settings
from lexheller.audit.heads import keep, present_head
from lexheller.audit.verify import Head, read_head
from lexheller.cases.states import CaseStatus
from lexheller.check.heads import FOLDER, MAIL_JOB, TO, keep_all, kept_heads_fit
from lexheller.check.promises import CHECKS
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.messaging.service import TRANSPORT
from tests.cast.grants import become_owner
from tests.cast.people import ELSEWHERE, HOME
from worker.schedule import KEEP_HEADS, SCHEDULE

WITNESS = "revisor@kommunen.example"
NIGHT = datetime(2026, 11, 22, 0, 25, tzinfo=clock.SWEDEN).astimezone(UTC)
QUIET = "hoglandet"


class Post:
    """Keeps what it is given; refuses as long as it is `down`."""

    sender = "Lex Heller <lex@heller.example>"

    def __init__(self) -> None:
        self.mails, self.down = [], False

    def deliver(self, mail) -> None:
        if self.down:
            raise ConnectionRefusedError
        self.mails.append(mail)


@pytest.fixture
def post(context) -> Post:
    context.config[TO] = WITNESS
    context.extensions[TRANSPORT] = post = Post()
    return post


@pytest.fixture
def folder(context) -> Path:
    return Path(context.config[FOLDER])


def kept(folder: Path, slug: str = HOME) -> list[Head]:
    lines = (folder / f"{slug}.jsonl").read_bytes().splitlines()
    return [read_head(line) for line in lines]


def at_night(days: int = 0) -> None:
    with clock.at(NIGHT + timedelta(days=days)):
        keep_all()


def mail_jobs() -> list[Job]:
    db.session.rollback()
    return list(db.session.scalars(select(Job).where(Job.name == MAIL_JOB).order_by(Job.id)))


def run_mail_jobs() -> None:
    for job in mail_jobs():
        jobs.run(job.id)


def said(printed) -> list[dict]:
    """The lines of the log since the last look that are about heads."""
    return [json.loads(line) for line in printed().splitlines() if line.startswith("{") and "head" in line]


def test_p14_each_federation_gets_one_line_a_day_that_is_how_far_its_log_had_come(cast, folder):
    cast.reach(CaseStatus.ASSIGNED)
    heads = [present_head(cast.federation().id, HOME)]
    for _time in range(3):
        at_night()
    cast.reach(CaseStatus.ASSIGNED)
    at_night()
    heads.append(present_head(cast.federation().id, HOME))
    at_night(1)
    at_night(2)
    heads.append(heads[-1])
    lines = kept(folder)
    assert [(head.sequence, head.hash) for head in lines] == [(head.sequence, head.hash) for head in heads]
    assert [head.day for head in lines] == ["2026-11-22", "2026-11-23", "2026-11-24"]
    assert {head.federation_id for head in lines} == {cast.federation().id}
    assert {head.federation_id for head in kept(folder, ELSEWHERE)} == {cast.federation(ELSEWHERE).id}
    assert folder.stat().st_mode & 0o077 == 0


def test_the_first_tick_after_midnight_in_sweden_writes_the_line():
    """Summer and winter: the clock asks every hour, and the day is the Swedish one."""
    assert SCHEDULE[KEEP_HEADS]["schedule"].hour == set(range(24))
    assert clock.day_of(NIGHT) == date(2026, 11, 22)


def test_p33_one_federation_that_fails_does_not_stop_the_others(cast, folder, printed):
    folder.mkdir(parents=True)
    (folder / f"{HOME}.jsonl").mkdir()
    cast.reach(CaseStatus.ASSIGNED)
    printed()
    at_night()
    assert [(line["event"], line["federation_id"]) for line in said(printed)] == [
        ("head_not_kept", cast.federation().id)
    ]
    assert [head.day for head in kept(folder, ELSEWHERE)] == ["2026-11-22"]
    (folder / f"{HOME}.jsonl").rmdir()
    at_night()
    assert [head.day for head in kept(folder)] == ["2026-11-22"], "an hour later"


def test_p33_a_line_that_was_cut_off_is_left_and_the_next_one_is_whole(cast, folder):
    at_night()
    path = folder / f"{HOME}.jsonl"
    path.write_bytes(path.read_bytes() * 30 + b'{"lexheller_head": 1, "fede')
    at_night(1)
    lines = kept(folder)
    assert lines[-2] is None
    assert lines[-1].day == "2026-11-23"


def test_p33_two_workers_at_once_write_one_line(tmp_path):
    heads = [Head(HOME, 1, "2026-11-22", number, f"{number:064x}") for number in range(1, 9)]
    gate, stood = threading.Barrier(len(heads)), []

    def write(head: Head) -> None:
        gate.wait(30)
        stood.append(keep(tmp_path / "heads", head))

    threads = [threading.Thread(target=write, args=(head,)) for head in heads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert stood == kept(tmp_path / "heads") * len(heads)


def write_anew(home: int) -> None:
    """As the owner of the database: the newest event of the federation, and the head that stands in the database."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        become_owner(db.session)
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        db.session.execute(text("DROP TRIGGER event_no_update"))
    newest = f"(SELECT max(sequence) FROM event WHERE federation_id = {home})"
    change = f"SET hash = '{'f' * 64}' WHERE federation_id = {home}"
    db.session.execute(text(f"UPDATE event {change} AND sequence = {newest}"))
    db.session.execute(text(f"UPDATE chain_head {change}"))
    db.session.commit()


def test_p14_a_log_that_was_written_anew_is_noticed_every_hour_from_then_on(cast, folder, printed):
    cast.reach(CaseStatus.ASSIGNED)
    at_night()
    home = cast.federation().id
    printed()
    at_night()
    assert said(printed) == []
    write_anew(home)
    for days in (0, 1, 1, 2):
        at_night(days)
        assert [(line["event"], line["federation_id"], line["day"], line["heads"]) for line in said(printed)] == [
            ("kept_head_not_in_log", home, "2026-11-22", 1)
        ], "the new head, which fits, is kept too and hides nothing"
    assert len({head.hash for head in kept(folder)}) == 2, "what was kept stays"


def test_p14_the_checker_holds_every_kept_head_against_the_log(cast, folder):
    cast.reach(CaseStatus.ASSIGNED)
    at_night()
    assert list(kept_heads_fit()) == []
    home, head = cast.federation().id, kept(folder)[0]
    write_anew(home)
    at_night(1)
    at_night(2)
    assert [(one.promise, one.federation_id, one.subject) for one in kept_heads_fit()] == [
        ("P14", home, f"event {head.sequence}")
    ]
    assert kept_heads_fit in CHECKS


def test_p14_the_checker_says_nothing_of_what_was_kept_after_it_began_to_look(cast, folder):
    at_night()
    head = kept(folder)[0]
    newer = replace(head, day=clock.today().isoformat(), sequence=head.sequence + 1, hash="f" * 64)
    keep(folder, newer)
    assert kept(folder)[-1] == newer
    assert list(kept_heads_fit()) == []
    with clock.at(clock.now() + timedelta(days=1)):
        assert [one.subject for one in kept_heads_fit()] == [f"event {newer.sequence}"]


def test_p14_the_checker_says_where_it_cannot_look_and_goes_on(cast, folder):
    (folder / f"{HOME}.jsonl").mkdir(parents=True)
    assert [(one.federation_id, one.subject, one.why) for one in kept_heads_fit()] == [
        (cast.federation().id, "kept heads", "cannot be read")
    ]


def test_p14_the_next_mail_says_that_an_earlier_head_does_not_fit(cast, folder, post):
    cast.reach(CaseStatus.ASSIGNED)
    at_night()
    run_mail_jobs()
    head = kept(folder)[0]
    assert post.mails
    assert not any("VARNING" in mail.get_content() for mail in post.mails)
    post.mails.clear()
    write_anew(cast.federation().id)
    at_night(1)
    run_mail_jobs()
    (mail,) = [mail for mail in post.mails if HOME in mail["Subject"]]
    assert "VARNING: Ett tidigare huvud stämmer inte med loggen." in mail.get_content()
    assert f"från 2026-11-22, rad {head.sequence}." in " ".join(mail.get_content().split())


def test_p05_p07_the_head_is_mailed_once_and_says_nothing_else(cast, folder, post):
    cast.reach(CaseStatus.ASSIGNED, what_happened="Hemligordet i anmälan.")
    post.mails.clear()
    for _time in range(2):
        at_night()
        run_mail_jobs()
    at_night(1)
    run_mail_jobs()
    mails = {mail["Subject"]: mail for mail in post.mails}
    assert len(mails) == len(post.mails) == len({mail["Message-ID"] for mail in post.mails}) == len(mail_jobs())
    head = kept(folder)[0]
    mail = mails[f"Händelseloggens huvud för {HOME}, rad {head.sequence}"]
    assert (mail["To"], mail["Auto-Submitted"]) == (WITNESS, "auto-generated")
    line = next(line for line in mail.get_content().splitlines() if line.startswith("{"))
    told = read_head(line.encode())
    assert (told.federation, told.federation_id, told.sequence, told.hash) == (
        HOME,
        cast.federation().id,
        head.sequence,
        head.hash,
    )
    for each in post.mails:
        assert "Hemligordet" not in each.get_content()


def test_p05_a_mail_that_was_refused_goes_later_with_the_same_number(cast, post):
    post.down = True
    at_night()
    run_mail_jobs()
    assert post.mails == []
    post.down = False
    with clock.at(clock.now() + timedelta(minutes=5)):
        run_mail_jobs()
        assert len(post.mails) == len(mail_jobs()) > 0
        assert {job.status for job in mail_jobs()} == {JobStatus.DONE}


@pytest.mark.parametrize("wrong", ["revisor", "@kommunen.example", "a@b.example,c@d.example", "a@b.example\nBcc: c@d"])
def test_an_address_that_is_none_is_told_at_start(wrong, tmp_path):
    environ = {"LEXHELLER_DATA": str(tmp_path)}
    assert load_settings({**environ, "LEXHELLER_HEADS_TO": WITNESS}).heads_to == WITNESS
    assert load_settings(environ).heads_to is None
    with pytest.raises(ConfigurationError, match="LEXHELLER_HEADS_TO"):
        load_settings({**environ, "LEXHELLER_HEADS_TO": wrong})


def test_without_an_address_the_file_alone_is_written_and_an_address_taken_away_gets_nothing(cast, folder, post):
    cast.app.config[TO] = None
    at_night()
    assert (len(kept(folder)), mail_jobs()) == (1, [])
    cast.app.config[TO] = WITNESS
    at_night()
    cast.app.config[TO] = None
    run_mail_jobs()
    assert (len(mail_jobs()) > 0, post.mails) == (True, [])
    assert {job.status for job in mail_jobs()} == {JobStatus.DONE}
    stored = json.dumps([job.key for job in mail_jobs()])
    assert WITNESS not in stored
