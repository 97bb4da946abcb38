"""PostgreSQL stopped under the running program (P32): a clear 503, the text kept, and back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from lexheller.app.factory import create_app
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.setup import make_federations
from tests.cast.databases import settings_for
from tests.cast.people import HOME, Visitor
from tests.services.postgres import PostgresServer
from tests.worker.installation import Installation, wait_until
from tests.worker.looking import cases, findings, sent_messages, waiting_jobs

TEXT = "Kontoret hänvisade till webben. <b>Webben</b> hänvisade till kontoret."
SHOWN = "Kontoret hänvisade till webben. &lt;b&gt;Webben&lt;/b&gt; hänvisade till kontoret."


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture
def own_url(own_postgres: PostgresServer) -> str:
    return own_postgres.create("lexheller")


@pytest.fixture
def own_app(own_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings_for(own_url, tmp_path))
    with app.app_context():
        upgrade()
        with transaction():
            make_federations(production=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def signed_in(own_app: Flask) -> Visitor:
    visitor = Visitor(own_app.test_client())
    visitor.sign_in("samordnare")
    assert visitor.get(f"/arenden/{HOME}").status_code == 200
    return visitor


def test_p32_database_down_keeps_the_text_and_comes_back(own_postgres, own_app, signed_in):
    reporter = Visitor(own_app.test_client())
    page = reporter.get(f"/anmal/{HOME}")
    assert page.status_code == 200
    own_postgres.halt()
    answer = reporter.client.post(f"/anmal/{HOME}", data=_form_of(page.get_data(as_text=True)))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert SHOWN in answer.get_data(as_text=True)
    assert "Content-Security-Policy" in answer.headers
    for visitor, path in [(reporter, f"/anmal/{HOME}"), (signed_in, f"/arenden/{HOME}"), (signed_in, "/")]:
        shown = visitor.client.get(path)
        assert (shown.status_code, path) == (503, path)
        assert "Retry-After" in shown.headers
        assert "felnumret" in shown.get_data(as_text=True)
    health = reporter.client.get("/healthz")
    readiness = reporter.client.get("/readyz")
    assert health.status_code == 200
    assert readiness.status_code == 503
    assert readiness.json["checks"]["database"] == "unreachable"
    own_postgres.resume()
    answer = reporter.client.post(f"/anmal/{HOME}", data=_form_of(page.get_data(as_text=True)))
    assert answer.status_code == 302
    assert signed_in.get(f"/arenden/{HOME}").status_code == 200
    assert cases(own_app) == 1


def _form_of(page: str) -> dict[str, str]:
    """What a browser sends from that page, again and again."""
    fields = {}
    for name in ("csrf_token", "submission_id"):
        fields[name] = page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
    return {**fields, "what_happened": TEXT}


def test_p32_p33_worker_and_web_survive_a_restart_of_the_database(
    own_postgres, own_url, own_app, own_redis, smtp_server, tmp_path
):
    installation = Installation(tmp_path, own_url, own_redis, smtp_server.url)
    try:
        browser = installation.web().open_form()
        worker, beat = installation.worker(), installation.beat()
        assert browser.report().status == 302
        wait_until(lambda: sent_messages(own_app) == 1, "the worker works")
        own_postgres.halt()
        assert browser.report().status == 503
        wait_until(lambda: "OperationalError" in (tmp_path / "worker.log").read_text(), "the worker has noticed")
        own_postgres.resume()
        assert browser.report().status == 302
        wait_until(lambda: sent_messages(own_app) == 2 and waiting_jobs(own_app) == 0, "the work goes on")
        assert worker.ended() is None and beat.ended() is None
        assert findings(own_app) == []
    finally:
        installation.close()
