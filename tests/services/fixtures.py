"""The services as pytest fixtures; load with `pytest_plugins = ["tests.services.fixtures"]`.

One PostgreSQL server serves all processes of a parallel run: the process that hands out the tests starts it
before them and stops it after them. Redis, mail and browser are one per test process. Stops at the fixtures:
what a service is and how it starts stands beside.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.services.chromium import Chromium, axe_source, find_chromium
from tests.services.mail import MailServer
from tests.services.postgres import NoPostgresError, PostgresClient, PostgresServer
from tests.services.redis import RedisServer

SHARED = pytest.StashKey[PostgresServer]()
PORT = "postgres_port"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """In a parallel run: start the shared server with the first test process and tell every one its port."""
    config = node.config
    if SHARED not in config.stash:
        try:
            config.stash[SHARED] = PostgresServer()
        except NoPostgresError as error:
            pytest.exit(str(error), returncode=1)
    node.workerinput[PORT] = config.stash[SHARED].port


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the shared server."""
    server = config.stash.get(SHARED, None)
    if server is not None:
        del config.stash[SHARED]
        server.stop()


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[PostgresClient]:
    """A real PostgreSQL: `.create(name, template=None)`, `.drop(name)`, `.url(name)`.

    In a parallel run all processes share it: put `worker_id` into names of databases.
    """
    workerinput = getattr(request.config, "workerinput", None)
    if workerinput is not None:
        yield PostgresClient(workerinput[PORT])
        return
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A real Redis that a test may stop, kill and start; it must leave it running."""
    server = RedisServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def redis_url(redis_server: RedisServer) -> str:
    """Its address as LEXHELLER_REDIS_URL takes it."""
    return redis_server.url


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that nobody else uses; the test may stop, kill and freeze it."""
    server = RedisServer()
    yield server
    server.close()


@pytest.fixture
def smtp_server() -> Iterator[MailServer]:
    """A real mail server on a free port, with `.url` and `.messages`."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """The browser program with its arguments and environment."""
    return find_chromium()


@pytest.fixture(scope="session")
def chromium_path(chromium: Chromium) -> Path:
    """The browser program."""
    return chromium.program


@pytest.fixture(scope="session")
def browser(chromium: Chromium) -> Iterator[Browser]:
    """A running headless Chromium; make a context per test: `browser.new_context(viewport=...)`."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(chromium.program),
            args=chromium.arguments,
            env={**chromium.environ},
        )
        yield running
        running.close()


@pytest.fixture(scope="session", name="axe_source")
def axe_source_path() -> Path:
    """The axe-core script, from npm."""
    return axe_source()
