"""An installation per test: its own database, Redis and mail server, nothing running in it yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.mail import MailServer
from tests.services.redis import RedisServer
from tests.worker.installation import Installation


@pytest.fixture
def installation(
    database_url: str, own_redis: RedisServer, smtp_server: MailServer, tmp_path: Path
) -> Iterator[Installation]:
    made = Installation(tmp_path, database_url, own_redis, smtp_server.url)
    yield made
    made.close()
