"""`lexheller restore`: a backup into an empty installation, all of it or nothing, equal to what the backup says (P34).

First the whole file is proved, then the database is looked at, and one transaction puts the rows in, reads them back,
compares and only then ends. Stops at making the tables: that is the caller's, between `proved` and `restore`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import Error as PsycopgError
from psycopg import OperationalError as PsycopgOperationalError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from lexheller.audit.queries import BrokenLink, broken_links
from lexheller.backup import manifest as manifests
from lexheller.backup.archive import Archive, whole_archive
from lexheller.backup.files import path_of, put_back
from lexheller.backup.manifest import Manifest, TableEntry, file_member, member_of
from lexheller.backup.problems import Damage, DamagedArchiveError, Refusal, RefusedError
from lexheller.backup.saving import Tell, editions, heads
from lexheller.backup.tables import (
    all_tables,
    bind_again,
    exported,
    go_on_counting,
    hold_all,
    lift_row_security,
    load,
    prepare_load,
    revision,
    with_rows,
)
from lexheller.core.db import reading
from lexheller.core.transaction import nothing_kept, transaction

NAMED = 5
DOES_NOT_FIT = (
    *(ValueError, TypeError, LookupError, OverflowError, RecursionError),
    *(DataError, IntegrityError, PsycopgError),
)
"""What rows that are none of this table's make its readers and the database say."""


@dataclass(frozen=True, slots=True)
class Proved:
    """An archive that holds what its manifest says."""

    archive: Archive
    manifest: Manifest


@contextmanager
def proved(path: Path, *, sha256: str | None = None) -> Iterator[Proved]:
    """Open a backup after proving every sum in it. `sha256`: what the file was said to be when it was made.

    Raises DamagedArchiveError, OSError.
    """
    with whole_archive(path) as archive:
        if sha256 is not None and archive.sha256 != sha256.strip().lower():
            raise DamagedArchiveError(Damage.OTHER_SUM)
        manifest = manifests.read(archive.read(manifests.NAME).read(manifests.LARGEST + 1))
        for name, entry in manifest.tables.items():
            member = archive.measured(member_of(name))
            if (member.sha256, member.lines) != (entry.sha256, entry.rows):
                raise DamagedArchiveError(Damage.TABLE, name)
        for name, expected in manifest.files.items():
            if archive.measured(file_member(name)).sha256 != expected:
                raise DamagedArchiveError(Damage.FILE, name)
        yield Proved(archive, manifest)


def demand_revision(manifest: Manifest, newest: str) -> None:
    """Raises RefusedError unless the backup was made by a program with the same tables as this one."""
    if manifest.revision != newest:
        raise RefusedError(Refusal.OTHER_REVISION, version=manifest.version, found=manifest.revision, wanted=newest)
    unknown = set(manifest.tables) ^ {table.name for table in all_tables()}
    if unknown:
        raise DamagedArchiveError(Damage.MANIFEST, ", ".join(sorted(unknown)))


def needs_tables(newest: str) -> bool:
    """Whether the tables must be made, or brought up to date, first. Raises RefusedError for a newer database."""
    with reading(), nothing_kept():
        found = revision()
    if found is not None and found > newest:
        raise RefusedError(Refusal.NEWER_DATABASE, found=found, wanted=newest)
    return found != newest


def demand_empty() -> None:
    """Raises RefusedError naming some of the tables that have rows."""
    if taken := with_rows():
        raise RefusedError(Refusal.NOT_EMPTY, count=str(len(taken)), tables=", ".join(taken[:NAMED]))


def restore(backup: Proved, heads_folder: Path, *, tell: Tell) -> list[BrokenLink]:
    """Put everything in. `tell` hears of each table when it is in and equal.

    Answers where a chain of events was broken already when the backup was made: that is no reason to be without it.
    Raises RefusedError, DamagedArchiveError where the result would not be equal, and what the database says; then
    nothing is changed.
    """
    manifest = backup.manifest
    for name in manifest.files:
        path_of(heads_folder, name)
    try:
        with transaction():
            hold_all()
            demand_empty()
            bound = lift_row_security()
            _load(backup, tell)
            _compare(manifest)
            bind_again(bound)
            for table in all_tables():
                go_on_counting(table, manifest.tables[table.name].last_id)
            put_back(backup.archive, heads_folder, manifest.files)
            return broken_links()
    except (OperationalError, PsycopgOperationalError) as problem:
        raise RefusedError(Refusal.DATABASE) from problem
    except DOES_NOT_FIT as problem:
        raise DamagedArchiveError(Damage.DOES_NOT_FIT, type(problem).__name__) from problem


def _load(backup: Proved, tell: Tell) -> None:
    prepare_load()
    for table in all_tables():
        entry = backup.manifest.tables[table.name]
        load(table, entry.columns, backup.archive.read(member_of(table.name)))
        if _read_back(table.name, entry) != (entry.sha256, entry.rows):
            raise DamagedArchiveError(Damage.NOT_EQUAL, table.name)
        tell(table.name, entry.rows)


def _read_back(name: str, entry: TableEntry) -> tuple[str, int]:
    digest, lines = hashlib.sha256(), 0
    table = next(table for table in all_tables() if table.name == name)
    for portion in exported(table, entry.columns):
        digest.update(portion)
        lines += portion.count(b"\n")
    return digest.hexdigest(), lines


def _compare(manifest: Manifest) -> None:
    if heads() != manifest.heads:
        raise DamagedArchiveError(Damage.NOT_EQUAL, "chain_head")
    if editions() != manifest.editions:
        raise DamagedArchiveError(Damage.NOT_EQUAL, "report_edition")
