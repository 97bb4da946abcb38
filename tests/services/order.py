"""What a parallel run takes first, and what it keeps together.

First comes what takes longest and waits most, so that no process is left alone with it in the end; the browser's tests
share one filled site, which is made once when one process has them all. Stops at the order: every test stands alone.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = "tests/browser/"
FIRST = (TOGETHER, "tests/campaign/", "tests/embedded/", "tests/worker/")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Which of the first it belongs to; the rest keep their order after them."""
    return next((turn for turn, folder in enumerate(FIRST) if item.nodeid.startswith(folder)), len(FIRST))


class Together(LoadFileScheduling):
    """A file is done by one process, and the browser's files are as one."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    return Together(config, log) if config.getvalue("dist") == "loadfile" else None
