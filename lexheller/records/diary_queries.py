"""Reading the diary: pages of entries, one entry, a period, and what the open register shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lexheller.accounts.rights import Actor
from lexheller.audit.models import DiarySeries
from lexheller.cases.queries import kept_number
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.records.diary_models import DiaryEntry
from lexheller.records.diary_permissions import demand
from lexheller.records.diary_rules import EntryKind, Held, missing
from lexheller.web.pagination import Page, decode, page_of

PAGE_SIZE = 50
LARGEST_ID = 2**31 - 1
PORTION = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the diary is asked for; None and empty ask for all. `number` is as somebody wrote it."""

    year: int | None = None
    kind: EntryKind | None = None
    number: str = ""

    @property
    def as_address(self) -> dict[str, str]:
        """What an address says of it."""
        said = {"ar": str(self.year or ""), "sort": str(self.kind or ""), "nummer": self.number}
        return {name: value for name, value in said.items() if value}


def entries_page(actor: Actor, federation_id: int, wanted: Wanted, after: str | None) -> Page[DiaryEntry]:
    """The latest day first. A cursor that no page gave begins from the beginning."""
    demand(actor, federation_id)
    return _page(_narrowed(federation_id, wanted), after)


def open_page(federation_id: int, wanted: Wanted, after: str | None) -> Page[DiaryEntry]:
    """For anybody: which columns are shown is said where they are. Never the theme (P30)."""
    return _page(_narrowed(federation_id, wanted), after)


def entry_for(actor: Actor, federation_id: int, entry_id: int) -> DiaryEntry:
    """Raises NotAllowedToSee."""
    demand(actor, federation_id)
    query = select(DiaryEntry).where(DiaryEntry.federation_id == federation_id, DiaryEntry.id == entry_id)
    entry = db.session.scalar(query.options(*_whole()))
    if entry is None:
        raise NotAllowedToSee(f"diary entry {entry_id}")
    return entry


def entries_by_number(actor: Actor, federation_id: int, written: str) -> list[DiaryEntry]:
    """Those with that number; an older register may have used one twice."""
    demand(actor, federation_id)
    query = select(DiaryEntry).where(
        DiaryEntry.federation_id == federation_id, DiaryEntry.number == kept_number(written)
    )
    return list(db.session.scalars(query.options(*_whole()).order_by(DiaryEntry.id)))


def entries_between(actor: Actor, federation_id: int, first: date, last: date) -> Iterable[DiaryEntry]:
    """Both days included, the oldest first; read in portions."""
    demand(actor, federation_id)
    query = (
        select(DiaryEntry)
        .where(DiaryEntry.federation_id == federation_id)
        .where(DiaryEntry.registered_on >= first, DiaryEntry.registered_on <= last)
        .options(*_whole())
        .order_by(DiaryEntry.registered_on, DiaryEntry.id)
    )
    yield from db.session.scalars(query.execution_options(yield_per=PORTION))


def count_between(actor: Actor, federation_id: int, first: date, last: date) -> int:
    demand(actor, federation_id)
    query = select(func.count(DiaryEntry.id)).where(DiaryEntry.federation_id == federation_id)
    found = db.session.scalar(query.where(DiaryEntry.registered_on >= first, DiaryEntry.registered_on <= last))
    return found or 0


def years_of(federation_id: int) -> list[int]:
    """From the first entry's to the last one's, the latest first."""
    query = select(func.min(DiaryEntry.registered_on), func.max(DiaryEntry.registered_on))
    first, last = db.session.execute(query.where(DiaryEntry.federation_id == federation_id)).one()
    return list(range(last.year, first.year - 1, -1)) if first is not None else []


def holes(federation_id: int) -> list[tuple[int, int, int]]:
    """Year, file and document number of what was drawn and has no entry (`diary_rules.missing`)."""
    query = select(DiarySeries).where(DiarySeries.federation_id == federation_id).order_by(DiarySeries.year)
    return [
        (series.year, series.file_number, number)
        for series in db.session.scalars(query)
        for number in missing(_held(series), series.last_document)
    ]


def _held(series: DiarySeries) -> Sequence[Held]:
    query = select(DiaryEntry.document, DiaryEntry.kind).where(
        DiaryEntry.federation_id == series.federation_id,
        DiaryEntry.series_year == series.year,
        DiaryEntry.file_number == series.file_number,
    )
    return [Held(row.document, row.kind == EntryKind.IMPORTED) for row in db.session.execute(query)]


def _narrowed(federation_id: int, wanted: Wanted) -> Select[DiaryEntry]:
    query = select(DiaryEntry).where(DiaryEntry.federation_id == federation_id).options(*_whole())
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        query = query.where(DiaryEntry.registered_on >= first, DiaryEntry.registered_on <= last)
    if wanted.kind is not None:
        query = query.where(DiaryEntry.kind == wanted.kind)
    if wanted.number.strip():
        query = query.where(DiaryEntry.number == kept_number(wanted.number))
    return query


def _page(query: Select[DiaryEntry], after: str | None) -> Page[DiaryEntry]:
    last = _last_seen(after)
    if last is not None:
        day, entry_id = last
        same_day = and_(DiaryEntry.registered_on == day, DiaryEntry.id < entry_id)
        query = query.where(or_(DiaryEntry.registered_on < day, same_day))
    ordered = query.order_by(DiaryEntry.registered_on.desc(), DiaryEntry.id.desc())
    rows = list(db.session.scalars(ordered.limit(PAGE_SIZE + 1)))
    return page_of(rows, PAGE_SIZE, lambda row: [row.registered_on.isoformat(), row.id])


def _last_seen(after: str | None) -> tuple[date, int] | None:
    found = decode(after, str, int)
    if found is None or not 0 < int(found[1]) <= LARGEST_ID:
        return None
    try:
        return date.fromisoformat(str(found[0])), int(found[1])
    except ValueError:
        return None


def _whole() -> Sequence[ExecutableOption]:
    return joinedload(DiaryEntry.organisation), joinedload(DiaryEntry.theme)
