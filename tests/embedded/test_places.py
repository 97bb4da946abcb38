"""The choices of a run, read from an environment: defaults, relative folders, bad ports, locks, socket paths."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lexheller.embedded import places
from lexheller.embedded.places import (
    CHECKOUT,
    RunRefusedError,
    check_port_free,
    folder_lock,
    make_folders,
    place_from,
    socket_folder,
)


def test_defaults() -> None:
    place = place_from({})
    assert (place.data, place.bind, place.base_url) == (
        CHECKOUT / ".data",
        "127.0.0.1:8000",
        "http://127.0.0.1:8000",
    )
    assert place.redis_url is None


def test_empty_variables_count_as_unset() -> None:
    assert place_from({"PORT": "", "HOST": "", "LEXHELLER_DATA": "", "LEXHELLER_REDIS_URL": ""}) == place_from({})


def test_relative_data_folder_counts_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_from({"LEXHELLER_DATA": "my data"}).data == tmp_path / "my data"


def test_six_bytes_addresses_get_brackets() -> None:
    place = place_from({"HOST": "::", "PORT": "9000"})
    assert (place.bind, place.probe_host) == ("[::]:9000", "::1")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8000 ", "٨٠"])
def test_bad_port_is_named(port: str) -> None:
    with pytest.raises(RunRefusedError, match="PORT must be a number"):
        place_from({"PORT": port})


def test_folders_are_private(tmp_path: Path) -> None:
    place = place_from({"LEXHELLER_DATA": str(tmp_path / "a" / "b")})
    make_folders(place)
    assert place.data.stat().st_mode & 0o777 == 0o700
    assert place.logs.is_dir()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(RunRefusedError, match=r"data folder .* cannot be used"):
        make_folders(place_from({"LEXHELLER_DATA": str(tmp_path / "data")}))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_taken_port_is_named(taken_port: int) -> None:
    with pytest.raises(RunRefusedError, match=f"Port {taken_port} .* cannot be used"):
        check_port_free(place_from({"PORT": str(taken_port)}))


def test_one_run_per_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LOCK_PATIENCE", 0.2)
    place = place_from({"LEXHELLER_DATA": str(tmp_path)})
    with folder_lock(place), pytest.raises(RunRefusedError, match="already running"), folder_lock(place):
        pass
    with folder_lock(place):
        pass
    assert os.listdir(tmp_path) == []


def test_plain_short_folder_is_used_itself(tmp_path: Path) -> None:
    short = Path("/tmp/lexheller-short")
    with socket_folder(short) as (folder, temporary):
        assert (folder, temporary) == (short, False)


@pytest.mark.parametrize("name", ["x" * 90, "with space", "å"])
def test_other_folders_get_a_temporary_one_that_is_removed(tmp_path: Path, name: str) -> None:
    with socket_folder(tmp_path / name) as (folder, temporary):
        assert temporary
        assert folder.stat().st_mode & 0o777 == 0o700
        assert len(os.fsencode(folder / "redis.sock")) < 108
    assert not folder.exists()
