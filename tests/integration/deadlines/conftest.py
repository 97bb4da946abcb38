"""The fixture that lets a test turn the clock."""

from __future__ import annotations

import pytest
from clockwork import Clockwork

from tests.cast.people import Cast


@pytest.fixture
def works(cast: Cast) -> Clockwork:
    return Clockwork(cast)
