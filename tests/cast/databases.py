"""A fresh database for each test, as the template that was made once per process: SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask, appcontext_pushed
from flask_migrate import upgrade

from config import Settings, load_settings
from lexheller.app.factory import create_app
from lexheller.cli.granting import grant
from lexheller.core import tenancy
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.setup import make_federations
from tests.cast.kept_database import KeptDatabase
from tests.services.postgres import APPLICATION

SECRET = "a-secret-of-the-tests-and-of-nothing-else"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is said to people, which is the same whatever lies beneath: every page is fetched from both elsewhere."""

ROLE = os.environ.get("LEXHELLER_TEST_ROLE", APPLICATION)
"""Who the application signs in to PostgreSQL as in tests: one who owns nothing and is bound by every policy."""


def _as_operator(_sender: Flask, **_more: object) -> None:
    """A test that looks behind the scenes sees every federation, in every thread that has not said for whom it works.

    Requests and jobs have: they say so themselves, as they do in production.
    """
    if tenancy.SCOPE not in copy_context():
        tenancy.SCOPE.set(None)


appcontext_pushed.connect(_as_operator)


def settings_for(url: str, folder: Path, redis_url: str | None = None) -> Settings:
    """Embedded settings on the given database."""
    environ = {"LEXHELLER_ENV": "embedded", "LEXHELLER_DATA": str(folder), "LEXHELLER_SECRET_KEY": SECRET}
    if redis_url is not None:
        environ["LEXHELLER_REDIS_URL"] = redis_url
    return replace(load_settings(environ), database_url=url)


def _make(url: str, folder: Path) -> None:
    app = create_app(settings_for(url, folder))
    with app.app_context():
        upgrade()
        with transaction():
            make_federations(production=False)
            if db.engine.dialect.name == "postgresql":
                grant(APPLICATION)
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite-template")
    file = folder / "template.sqlite"
    _make(f"sqlite:///{file}", folder)
    return file


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: object, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[str]:
    name = f"template_{worker_id}"
    postgres_server.create(name)
    _make(sqlalchemy_url(postgres_server, name), tmp_path_factory.mktemp("postgres-template"))
    yield name
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def kept_database(postgres_server: object, postgres_template: str, worker_id: str) -> Iterator[KeptDatabase]:
    kept = KeptDatabase(postgres_server, f"test_{worker_id}", postgres_template, ROLE)
    yield kept
    kept.drop()


def sqlalchemy_url(postgres_server: object, name: str) -> str:
    return postgres_server.url(name).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the three federations, empty of reports; each test runs on both kinds."""
    if request.param == "sqlite":
        file = tmp_path / "lexheller.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    yield request.getfixturevalue("kept_database").fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def old_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database that is not migrated yet: for what an upgrade does to what is there."""
    if request.param == "sqlite":
        url, drop = f"sqlite:///{tmp_path / 'old.sqlite'}", None
    else:
        server, name = request.getfixturevalue("postgres_server"), f"old_{request.getfixturevalue('worker_id')}"
        server.create(name)
        url, drop = sqlalchemy_url(server, name), partial(server.drop, name)
    application = create_app(settings_for(url, tmp_path))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
    if drop is not None:
        drop()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on that database. No broker: a test runs waiting jobs itself."""
    application = create_app(settings_for(database_url, tmp_path))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """Within the application's context, for tests that call services and queries."""
    with app.app_context():
        yield app
        db.session.rollback()
