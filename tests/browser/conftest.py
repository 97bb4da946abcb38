"""One filled, running site per test process, and fresh visits to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.site import Site, prepared
from tests.browser.visits import DESK, Visit, visit
from tests.services.redis import RedisServer


@pytest.fixture(scope="session")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Its Redis is its own: what other tests guess and fail there would stop its visitors."""
    redis_server = RedisServer()
    made = prepared(tmp_path_factory.mktemp("site"), sqlite_template, redis_server.url)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        redis_server.close()


@pytest.fixture
def arrive(browser: Browser, site: Site) -> Iterator[Callable[..., Visit]]:
    """`arrive(size, language=…, **context options)`: a person with a fresh browser, gone after the test."""
    visits: list[Visit] = []

    def come(size: tuple[int, int] = DESK, **options: object) -> Visit:
        visits.append(visit(browser, site, size, **options))
        return visits[-1]

    yield come
    for one in visits:
        one.context.close()
    problems = [problem for one in visits for problem in one.problems]
    assert not problems, problems
