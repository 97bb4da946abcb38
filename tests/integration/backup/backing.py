"""An installation with something of everything in it, its backup, and what is equal in two installations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from lexheller.action_reports import drafting, editions
from lexheller.action_reports.drafting import report_data
from lexheller.app.health import newest_migration
from lexheller.backup import manifest as manifests
from lexheller.backup.archive import new_archive, whole_archive
from lexheller.backup.manifest import Manifest, file_member, member_of
from lexheller.backup.restoring import proved, restore
from lexheller.backup.saving import Saved, save
from lexheller.cases.states import CaseStatus
from lexheller.casework.handing_over import offer
from lexheller.core import clock
from lexheller.core.db import db, reading
from lexheller.core.transaction import nothing_kept, transaction
from tests.cast.people import ELSEWHERE, Cast

NEWEST = newest_migration() or ""
YEAR = 2024
SPRING = datetime(YEAR, 3, 4, 9, tzinfo=UTC)
SECRET_TEXT = 'Hemligheten som bara står i anmälan: å, ä, ö, 😀, \\ \t"citat"\noch en rad till.'


def lived_in(cast: Cast) -> None:
    """Three cases, one of them offered to another federation, and a frozen yearly report."""
    with clock.at(SPRING):
        first, *_others = [
            cast.reach(status, what_happened=SECRET_TEXT)
            for status in (CaseStatus.UNROUTED, CaseStatus.ANSWERED, CaseStatus.CLOSED)
        ]
        with transaction():
            offer(
                cast.coordinator,
                first,
                cast.federation(ELSEWHERE),
                "Hör dit.",
                text_to_reporter="Vi tror att ett annat förbund kan hjälpa dig.",
                seen=first.version,
            )
    with transaction():
        drafting.write_texts(cast.coordinator, cast.federation(), YEAR, {"summary": SECRET_TEXT}, seen=0)
    with transaction():
        data = report_data(cast.federation(), YEAR)
        editions.approve(cast.director, cast.federation(), YEAR, seen_hash=str(data["hash"]))
        editions.freeze(cast.coordinator, cast.federation(), YEAR)


def silent(_table: str, _rows: int) -> None:
    """Nobody listens."""


def saved(path: Path, *, heads: Path | None = None, tell: Callable[[str, int], None] = silent) -> Saved:
    return save(path, heads or path.parent / "heads", version="test", newest=NEWEST, tell=tell)


def restored(app: Flask, path: Path) -> Manifest:
    """Into the migrated, empty installation of `app`."""
    with app.app_context(), proved(path) as found:
        restore(found, path.parent / "restored-heads", tell=silent)
        return found.manifest


def rewritten(path: Path, out: Path, change: Callable[[str, bytes], bytes]) -> None:
    """The same archive with other contents and right sums: what somebody makes who knows how."""
    with whole_archive(path) as archive, new_archive(out) as forged:
        manifest = manifests.read(archive.read(manifests.NAME).read())
        names = [*map(member_of, manifest.tables), *map(file_member, manifest.files), manifests.NAME]
        for name in names:
            forged.add(name, _changed(change, name, archive.read(name).read()))


def _changed(change: Callable[[str, bytes], bytes], name: str, content: bytes) -> Iterable[bytes]:
    yield change(name, content)


def rows(app: Flask, query: str) -> list[tuple[object, ...]]:
    with app.app_context(), reading(), nothing_kept():
        return [tuple(row) for row in db.session.execute(text(query))]
