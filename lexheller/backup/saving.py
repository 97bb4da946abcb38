"""`lexheller backup`: all that must not be lost, as it was at one moment, into one file, while others go on writing.

On both databases one reading transaction sees one moment: SQLite keeps it in its write-ahead log, PostgreSQL in a
snapshot. Nobody is made to wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from lexheller.action_reports.models import Edition
from lexheller.audit.models import ChainHead
from lexheller.backup import manifest as manifests
from lexheller.backup.archive import ArchiveWriter, new_archive
from lexheller.backup.files import content_of, kept_files, path_of
from lexheller.backup.manifest import Head, KeptEdition, Manifest, TableEntry, file_member, member_of
from lexheller.backup.problems import Refusal, RefusedError
from lexheller.backup.tables import all_tables, exported, filtered_tables, last_id, revision
from lexheller.core import clock
from lexheller.core.db import db, one_moment, reading
from lexheller.core.transaction import nothing_kept
from lexheller.organisations.models import Federation

Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """What was made; `sha256` is of the whole file."""

    manifest: Manifest
    sha256: str


def save(path: Path, heads_folder: Path, *, version: str, newest: str, tell: Tell) -> Saved:
    """Write a backup to `path`. `newest` is the program's migration; `tell` hears of each table when it is written.

    Raises RefusedError, OSError, and what the database says; then `path` is not there.
    """
    with reading(), nothing_kept(), new_archive(path) as archive:
        one_moment()
        stands_at = revision()
        if stands_at != newest:
            raise RefusedError(Refusal.BEHIND, found=stands_at or "–", wanted=newest)
        if filtered := filtered_tables():
            raise RefusedError(Refusal.FILTERED, tables=", ".join(filtered))
        made = Manifest(
            version=version,
            revision=newest,
            database=db.engine.dialect.name,
            made_at=clock.now().isoformat(timespec="seconds"),
            tables=_tables(archive, tell),
            heads=heads(),
            editions=editions(),
            files=_files(archive, heads_folder),
        )
        archive.add(manifests.NAME, [manifests.written(made)])
        db.session.rollback()  # nothing more is read, and a large file takes its time to end
    return Saved(made, archive.sha256)


def _tables(archive: ArchiveWriter, tell: Tell) -> dict[str, TableEntry]:
    entries = {}
    for table in all_tables():
        member = archive.add(member_of(table.name), exported(table))
        entries[table.name] = TableEntry(member.lines, member.sha256, table.columns.keys(), last_id(table))
        tell(table.name, member.lines)
    return entries


def _files(archive: ArchiveWriter, folder: Path) -> dict[str, str]:
    return {
        name: archive.add(file_member(name), content_of(path_of(folder, name))).sha256 for name in kept_files(folder)
    }


def heads() -> list[Head]:
    """Where each federation's chain of events ends."""
    query = (
        select(Federation.slug, ChainHead.sequence, ChainHead.hash)
        .join(Federation, Federation.id == ChainHead.federation_id)
        .order_by(ChainHead.federation_id)
    )
    return [Head(*row) for row in db.session.execute(query)]


def editions() -> list[KeptEdition]:
    """Every frozen yearly report."""
    query = (
        select(Federation.slug, Edition.year, Edition.number, Edition.hash)
        .join(Federation, Federation.id == Edition.federation_id)
        .order_by(Edition.federation_id, Edition.year, Edition.number)
    )
    return [KeptEdition(*row) for row in db.session.execute(query)]
