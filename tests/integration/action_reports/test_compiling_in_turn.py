"""Compiling happens outside the request, and the draft's page tells how far it has come; one federation that fails
stops nobody else (P33).
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from reporting import FEBRUARY, PATH, YEAR, write
from sqlalchemy import func, select

from lexheller.action_reports import drafting, service
from lexheller.action_reports.drafting import draft_of
from lexheller.cli import database
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.core.jobs import Job
from lexheller.core.transaction import transaction
from tests.cast.people import HOME, Cast

DRAFT = f"{PATH}/utkast"
WAITS, STANDS_STILL = "väntar på sin tur i kön", "kön står still"


def fails(*_given: object) -> None:
    raise ArithmeticError


def compiled_at(cast: Cast) -> object:
    return draft_of(cast.federation().id, YEAR).compiled_at


def newest(cast: Cast) -> Job:
    draft = draft_of(cast.federation().id, YEAR)
    return db.session.scalars(select(Job).where(Job.subject_id == draft.id).order_by(Job.id.desc())).first()


def run_newest(cast: Cast) -> bool:
    return jobs.run(newest(cast).id)


def how_many_jobs(_cast: Cast) -> int:
    return db.session.scalar(select(func.count(Job.id)).where(Job.name == service.REFRESH_JOB))


def test_asked_for_on_the_page_it_is_a_job_and_the_page_tells_until_it_is_done(stage, visitor):
    visitor.sign_in("forbundschef")
    visitor.get(PATH)
    for _ in range(2):
        visitor.post(f"{PATH}/sammanstall")
        assert visitor.last.status_code == 200
    assert WAITS in visitor.text
    assert f'href="{DRAFT}">Uppdatera sidan' in visitor.text
    assert stage.ask(compiled_at) is None
    assert stage.ask(how_many_jobs) == 1, "what waits is not asked for twice"
    with clock.at(clock.now() + timedelta(minutes=3)):
        visitor.get(DRAFT)
    assert (WAITS in visitor.text, STANDS_STILL in visitor.text) == (False, True)
    assert stage.ask(run_newest)
    visitor.get(DRAFT)
    assert STANDS_STILL not in visitor.text
    assert WAITS not in visitor.text
    assert stage.ask(compiled_at) is not None
    visitor.post(f"{PATH}/sammanstall")
    assert stage.ask(how_many_jobs) == 2


def test_the_page_says_that_the_queue_stands_still_or_that_it_is_being_counted(cast, app):
    home = cast.federation()
    with transaction():
        asked = service.ask_now(cast.director, home, YEAR)
    moment = asked.due_at
    with clock.at(moment + timedelta(minutes=1)):
        assert not service.counting(home, YEAR).queue_stands_still
    with clock.at(moment + timedelta(minutes=3)):
        assert service.counting(home, YEAR).queue_stands_still
    seen = []

    def looks(*_given: object) -> None:
        one = service.counting(home, YEAR)
        seen.append((one.is_under_way, one.queue_stands_still))

    app.extensions[jobs.REGISTRY][service.REFRESH_JOB] = looks
    assert jobs.run(asked.id)
    assert seen == [(True, False)]
    assert service.counting(home, YEAR) is None
    for actor in (cast.outsider, cast.person("chef.af")):
        with pytest.raises(NotAllowedToSee):
            service.ask_now(actor, home, YEAR)


def test_a_failure_is_told_only_until_the_next_compiling_is_done(stage, visitor, monkeypatch):
    def asked_at_night(_cast: Cast, days: int) -> None:
        with clock.at(FEBRUARY + timedelta(days=days)):
            service.ask_for_last_year()

    def run_at_night(cast: Cast, days: int) -> bool:
        with clock.at(FEBRUARY + timedelta(days=days, hours=1)):
            return run_newest(cast)

    stage.ask(write)
    stage.ask(lambda cast: asked_at_night(cast, 0))
    with monkeypatch.context() as patched:
        patched.setattr(drafting, "compiled", fails)
        assert not stage.ask(lambda cast: run_at_night(cast, 0))
    visitor.sign_in("forbundschef")
    visitor.get(DRAFT)
    assert "ArithmeticError" in visitor.text
    stage.ask(lambda cast: asked_at_night(cast, 1))
    assert stage.ask(lambda cast: run_at_night(cast, 1))
    visitor.get(DRAFT)
    assert "ArithmeticError" not in visitor.text


def test_asked_for_again_after_a_failure_it_is_tried_at_once(cast, monkeypatch):
    home = cast.federation()
    with transaction():
        job = service.ask_now(cast.director, home, YEAR)
    with monkeypatch.context() as patched:
        patched.setattr(drafting, "compiled", fails)
        assert not jobs.run(job.id)
    assert service.counting(home, YEAR).problem == "ArithmeticError"
    with transaction():
        assert service.ask_now(cast.director, home, YEAR).id == job.id
    assert service.counting(home, YEAR).problem is None
    assert run_newest(cast)


def test_p33_one_federation_that_cannot_be_asked_for_does_not_stop_the_others(cast, monkeypatch):
    first, *others = sorted(cast.federation(slug).id for slug in (HOME, "hoglandet", "finnveden"))
    honest = service.hold_draft

    def fails_for_one(federation_id: int, year: int) -> object:
        return fails() if federation_id == first else honest(federation_id, year)

    monkeypatch.setattr(service, "hold_draft", fails_for_one)
    with clock.at(FEBRUARY):
        assert service.ask_for_last_year() == 2
    db.session.rollback()
    assert [job.federation_id for job in db.session.scalars(select(Job).order_by(Job.federation_id))] == others


def test_p33_init_goes_on_with_the_next_federation_and_names_the_one_that_failed(cast, monkeypatch):
    noted = []
    broken = cast.federation().id

    def fails_for_one(federation_id: int) -> None:
        if federation_id == broken:
            fails()
        noted.append(federation_id)

    monkeypatch.setattr(database, "note_missing", fails_for_one)
    assert database._note_missing() == [HOME]
    assert len(noted) == 2
