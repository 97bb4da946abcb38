"""Editions as documents that can be given out on request: their Swedish words and tables as text. Stops at texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import undefer

from lexheller.action_reports.document import Block, Chapter, Chart, KeyFigures, Paragraph, Table
from lexheller.action_reports.models import Edition
from lexheller.action_reports.rendering import edition_document
from lexheller.core import clock
from lexheller.core.clock import SWEDEN
from lexheller.core.db import db
from lexheller.records.release_documents import Document, Which
from lexheller.records.release_states import DocumentKind, Piece


def documents_of_editions(federation_id: int, which: Which) -> Iterable[Document]:
    """The federation's editions by id or by the day they were frozen; they lie in no case's file."""
    query = select(Edition).where(Edition.federation_id == federation_id)
    if which.files is not None:
        return
    if which.ids is not None:
        query = query.where(Edition.id.in_(which.ids))
    if which.period is not None:
        first, last = which.period
        query = query.where(Edition.frozen_at >= _midnight(first))
        query = query.where(Edition.frozen_at < _midnight(last + timedelta(days=1)))
    for edition in db.session.scalars(query.options(undefer(Edition.data)).order_by(Edition.id)):
        chapters = edition_document(edition, "sv").chapters
        pieces = tuple(_piece(number, chapter) for number, chapter in enumerate(chapters, start=1))
        day = clock.day_of(edition.frozen_at)
        yield Document(DocumentKind.EDITION, edition.id, edition.diary_number, day, pieces)


def _piece(number: int, chapter: Chapter) -> Piece:
    lines = [line for block in chapter.blocks for line in _lines(block)]
    return Piece(f"chapter-{number}", chapter.heading, "\n".join(lines))


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, KeyFigures):
        yield from (f"{figure.name}: {figure.value}" for figure in block.figures)
    elif isinstance(block, Chart):
        yield block.summary
        yield from _table(block.table)
    else:
        yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    yield f"{table.caption} ({', '.join(table.columns)})"
    yield from ("; ".join(cell.text for cell in row) for row in table.rows)
    yield from table.notes


def _midnight(day: date) -> datetime:
    """In Sweden, as the moment it is."""
    return datetime.combine(day, time(), tzinfo=SWEDEN).astimezone(UTC)
