"""/healthz and /readyz: what each check says when it fails. The database that is down stands in test_database_down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lexheller.app import health
from lexheller.app.factory import create_app
from lexheller.core import clock, heartbeat
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from tests.cast.databases import settings_for
from tests.cast.grants import become_owner
from worker.schedule import SWEEP, SWEEP_SECONDS


@pytest.fixture
def app(database_url, tmp_path, redis_url) -> Iterator[Flask]:
    application = create_app(settings_for(database_url, tmp_path, redis_url))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def state(client: FlaskClient) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json["checks"]


def test_ready_before_the_first_sweep_is_due(client):
    assert state(client) == (
        200,
        {"database": "ok", "migrations": "ok", "broker": "ok", "last_sweep": "not_yet_due"},
    )


def test_ready_after_a_sweep_and_late_when_the_next_one_does_not_come(app, client):
    with app.app_context(), transaction():
        heartbeat.beat(SWEEP)
    assert state(client)[1]["last_sweep"] == "ok"
    with clock.at(clock.now() + health.SWEEP_LATE_AFTER + timedelta(seconds=1)):
        assert state(client) == (503, {"database": "ok", "migrations": "ok", "broker": "ok", "last_sweep": "late"})
        with app.app_context(), transaction():
            heartbeat.beat(SWEEP)
        assert state(client)[0] == 200


def test_a_sweep_is_late_only_after_many_were_missed():
    assert timedelta(seconds=5 * SWEEP_SECONDS) < health.SWEEP_LATE_AFTER
    assert health.SWEEP == SWEEP


def test_not_ready_without_the_broker_but_alive(app, client, tmp_path):
    app.config["LEXHELLER_REDIS_URL"] = f"unix://{tmp_path}/nobody.sock"
    status, checks = state(client)
    assert (status, checks["broker"]) == (503, "unreachable")
    assert client.get("/healthz").json == {"status": "ok"}


@pytest.mark.parametrize(
    ("statement", "answer"),
    [("UPDATE alembic_version SET version_num = '0000'", "behind"), ("DROP TABLE alembic_version", "missing")],
)
def test_not_ready_when_the_database_is_not_of_this_release(app, client, statement, answer):
    with app.app_context(), transaction():
        become_owner(db.session)
        db.session.execute(text(statement))
    status, checks = state(client)
    assert (status, checks["migrations"], checks["last_sweep"]) == (503, answer, "unknown")


def test_not_ready_without_a_database_that_can_be_opened(tmp_path):
    settings = replace(settings_for("", tmp_path), database_url=f"sqlite:///{tmp_path}/none/lexheller.sqlite")
    client = create_app(settings).test_client()
    status, checks = state(client)
    assert (status, checks["database"]) == (503, "unreachable")
    assert client.get("/healthz").status_code == 200
