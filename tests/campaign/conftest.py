"""How large the campaigns are."""

from __future__ import annotations

import os

import pytest

from tests.worker.conftest import installation

__all__ = ["full", "installation"]


@pytest.fixture
def full() -> bool:
    """Whether this is `make campaign`; anything but `full` or nothing is a mistake."""
    size = os.environ.get("LEXHELLER_CAMPAIGN", "")
    assert size in {"", "full"}, "LEXHELLER_CAMPAIGN is `full` or not set"
    return size == "full"
