"""Guards the copied third-party files: each is byte for byte what the manifest says, licensed, and self-contained.

Stops at files: whether a page asks for other hosts is the header test's and the browser test's business.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).parents[2] / "lexheller" / "static"
VENDOR = STATIC / "vendor"
OPEN_LICENCES = {"MIT", "OFL-1.1"}
ASSET_REFERENCE = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""")


def _packages() -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = json.loads((VENDOR / "MANIFEST.json").read_text("utf-8"))["packages"]
    return packages


def _listed_files() -> list[tuple[str, str]]:
    return [(entry["path"], entry["sha256"]) for package in _packages() for entry in package["files"]]


def _style_sheets() -> list[Path]:
    return sorted(STATIC.rglob("*.css"))


@pytest.mark.parametrize(("path", "sha256"), _listed_files())
def test_a_vendored_file_is_unaltered(path: str, sha256: str) -> None:
    assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == sha256


def test_the_manifest_lists_every_vendored_file_once() -> None:
    on_disk = sorted(
        found.relative_to(VENDOR).as_posix()
        for found in VENDOR.rglob("*")
        if found.is_file() and found.name != "MANIFEST.json"
    )
    assert sorted(path for path, _ in _listed_files()) == on_disk


@pytest.mark.parametrize("package", _packages(), ids=lambda package: str(package["package"]))
def test_a_vendored_package_carries_an_open_licence(package: dict[str, Any]) -> None:
    assert package["licence"] in OPEN_LICENCES
    assert package["licence_file"] in {entry["path"] for entry in package["files"]}
    assert "Copyright" in (VENDOR / package["licence_file"]).read_text("utf-8")


@pytest.mark.parametrize("sheet", _style_sheets(), ids=lambda sheet: sheet.relative_to(STATIC).as_posix())
def test_a_style_sheet_refers_only_to_files_we_serve(sheet: Path) -> None:
    for reference in ASSET_REFERENCE.findall(sheet.read_text("utf-8")):
        if reference in {"url("} or reference.startswith("data:"):
            continue
        assert not re.match(r"(?:[a-z]+:)?//", reference), f"{sheet.name} asks another host: {reference}"
        assert (sheet.parent / reference).resolve().is_file(), f"{sheet.name} misses {reference}"


def test_there_are_style_sheets_to_guard() -> None:
    assert len(_style_sheets()) >= 3
