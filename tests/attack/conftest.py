"""The installation that is attacked, made once for all the attacks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.sizes import Size, chosen_size
from tests.attack.standing import Standing, standing


@pytest.fixture(scope="session")
def size() -> Size:
    return chosen_size()


@pytest.fixture(scope="session")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, size: Size) -> Iterator[Standing]:
    with standing(sqlite_template, tmp_path_factory.mktemp("attacked"), size.addresses) as found:
        yield found


@pytest.fixture(autouse=True)
def temporary_files(place: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as the attack goes on, and no longer: other tests share the process."""
    monkeypatch.setattr(tempfile, "tempdir", str(place.temporary))
