"""What an archive says of itself: which version made it from what, and what must be equal after a restore (P34)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lexheller.backup.problems import Damage, DamagedArchiveError

NAME, FORMAT, PRODUCT = "manifest.json", 1, "lexheller"
LARGEST = 16_000_000
"""Bytes. A line for each table, federation, edition and day is far less."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table's rows. `last_id`: the last number that PostgreSQL has given out, so that none is given twice."""

    rows: int
    sha256: str
    columns: list[str]
    last_id: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a federation's chain of events ended."""

    federation: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """A frozen yearly report."""

    federation: str
    year: int
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made_at` is UTC, ISO 8601; `revision` the newest migration; `files`: name in the data folder -> SHA-256."""

    version: str
    revision: str
    database: str
    made_at: str
    tables: dict[str, TableEntry]
    heads: list[Head]
    editions: list[KeptEdition]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(entry.rows for entry in self.tables.values())


def member_of(table: str) -> str:
    """Where a table's rows stand in the archive."""
    return f"tables/{table}.jsonl"


def file_member(name: str) -> str:
    """Where a file of the data folder stands in the archive."""
    return f"files/{name}"


def written(manifest: Manifest) -> bytes:
    said = {"format": FORMAT, "product": PRODUCT, **asdict(manifest)}
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def read(content: bytes) -> Manifest:
    """Raises DamagedArchiveError for what is not a manifest of this format, or larger than any."""
    try:
        if len(content) > LARGEST:
            raise ValueError("too large")
        said = json.loads(content)
        if (said.pop("format"), said.pop("product")) != (FORMAT, PRODUCT):
            raise ValueError("another format")
        return _manifest(said)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DamagedArchiveError(Damage.MANIFEST, NAME) from None


def _manifest(said: Mapping[str, Any]) -> Manifest:
    parts = {
        "tables": {name: TableEntry(**entry) for name, entry in said["tables"].items()},
        "heads": [Head(**head) for head in said["heads"]],
        "editions": [KeptEdition(**edition) for edition in said["editions"]],
    }
    return Manifest(**{**said, **parts})
