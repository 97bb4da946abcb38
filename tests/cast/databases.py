"""A fresh database for each test, copied from a template that was made once per process: SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from config import Settings, load_settings
from lexheller.app.factory import create_app
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.setup import make_federations

SECRET = "a-secret-of-the-tests-and-of-nothing-else"


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
    server = request.getfixturevalue("postgres_server")
    name = f"test_{request.getfixturevalue('worker_id')}"
    server.create(name, template=request.getfixturevalue("postgres_template"))
    yield sqlalchemy_url(server, name)
    server.drop(name)


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
