"""The operator's command for an account that somebody has taken: shut in every federation at once, and opened again."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lexheller.accounts import service
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.app.factory import create_app
from lexheller.audit.models import Event
from lexheller.cli import accounts as command
from lexheller.cli.main import group
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.data import PASSWORD, address
from lexheller.organisations.queries import managers_with
from tests.cast.databases import settings_for
from tests.cast.people import ELSEWHERE, HOME

BOTH, MANAGER = address("forbundschef", HOME), address("chef.fk", HOME)
QUEUES = (f"/arenden/{HOME}", f"/arenden/{ELSEWHERE}")


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    """The command in a process of its own, as far as the database can tell: its exit code."""
    other = create_app(settings_for(database_url, tmp_path))
    monkeypatch.setattr(command, "command_app", lambda: other)
    yield lambda *words: CliRunner().invoke(group, ["account", *words]).exit_code
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def works_in_both(cast) -> None:
    service.grant_role(OPERATOR, user_by_email(BOTH), Role.DIRECTOR, federation_id=cast.federation(ELSEWHERE).id)


def status_of(visitor, queue: str) -> int:
    return visitor.client.get(queue).status_code


def events(stage) -> list[str]:
    return stage.ask(lambda _cast: list(db.session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(2))))[
        ::-1
    ]


def test_p19_shut_the_old_sign_in_is_dead_on_the_next_request_in_every_federation(stage, visitor, run):
    """Shutting out in one federation leaves the sign-in of somebody who works in two."""
    stage.ask(works_in_both)
    visitor.sign_in("forbundschef")
    assert [status_of(visitor, queue) for queue in QUEUES] == [200, 200]
    stage.ask(lambda cast: service.suspend(cast.coordinator, user_by_email(BOTH), federation_id=cast.federation().id))
    assert [status_of(visitor, queue) for queue in QUEUES] == [404, 200]
    stage.ask(lambda cast: service.resume(cast.coordinator, user_by_email(BOTH), federation_id=cast.federation().id))
    assert run("shut", BOTH) == 0
    assert [status_of(visitor, queue) for queue in QUEUES] == [302, 302]
    assert visitor.sign_in("forbundschef", password=PASSWORD).status_code == 422
    assert events(stage)[-1] == "account.disabled"


def test_p19_opened_again_no_old_sign_in_comes_alive_and_the_roles_count(stage, visitor, new_visitor, run):
    stage.ask(works_in_both)
    visitor.sign_in("forbundschef")
    assert run("shut", BOTH) == 0
    assert run("open", BOTH) == 0
    assert [status_of(visitor, queue) for queue in QUEUES] == [302, 302]
    fresh = new_visitor()
    fresh.sign_in("forbundschef")
    assert [status_of(fresh, queue) for queue in QUEUES] == [200, 200]
    assert events(stage) == ["account.disabled", "account.enabled"]
    fresh.get(f"/installningar/{HOME}/personer")
    assert "fick sitt konto öppnat igen" in fresh.text


def test_p04_who_is_shut_is_responsible_for_nothing_and_opening_gives_none_of_it_back(stage, run):
    def units(cast) -> int:
        return len(managers_with(MANAGER, cast.federation().id, clock.today()))

    assert stage.ask(units)
    assert run("shut", MANAGER) == 0
    assert stage.ask(units) == 0
    assert run("open", MANAGER) == 0
    assert stage.ask(units) == 0


@pytest.mark.parametrize(("step", "then"), [("shut", 0), ("open", 2)])
def test_what_there_is_nothing_to_do_about_is_said(stage, run, step, then):
    assert run(step, "ingen@habo.example") == 2
    assert [run(step, MANAGER), run(step, MANAGER)] == [then, 2]
