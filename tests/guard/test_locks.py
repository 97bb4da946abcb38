"""The lock files: every package pinned with hashes, one version everywhere, no addresses to fetch it from."""

import json
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def _pins(lock: str) -> set[tuple[str, str]]:
    return set(PIN.findall((CHECKOUT / lock).read_text()))


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_package_is_pinned_with_a_hash(lock: str) -> None:
    text = (CHECKOUT / lock).read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 40
    assert [entry.split()[0] for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry] == []


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    assert _pins("requirements.txt") <= _pins("requirements-dev.txt")


@pytest.mark.parametrize("lock", [*PYTHON_LOCKS, "package-lock.json"])
def test_no_lock_names_an_address(lock: str) -> None:
    text = (CHECKOUT / lock).read_text()
    assert re.findall(r"\w+://|resolved|(?<!no-emit-)index-url|find-links", text) == []


def test_npm_packages_carry_their_hash() -> None:
    packages = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


@pytest.mark.parametrize(
    ("wishes", "lock"),
    [("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")],
)
def test_every_wish_is_in_its_lock(wishes: str, lock: str) -> None:
    lines = (CHECKOUT / wishes).read_text().splitlines()
    names = {re.split(r"[\[<>=; ]", line)[0].lower() for line in lines if line and line[0] not in "#-"}
    assert names - {name for name, _ in _pins(lock)} == set()
