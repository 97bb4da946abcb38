"""What stands on a federation's open page: its published editions, and the cases that its office has published.

For anybody, so there is no viewer; only what is published and not withdrawn is ever read. Stops at rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from lexheller.action_reports.models import Edition, EditionPublication
from lexheller.cases.published import PublishedCase
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.organisations.models import Theme
from lexheller.web.pagination import Page, decode, page_of

PAGE_SIZE = 20
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class EditionLine:
    """Days are Swedish calendar days."""

    year: int
    number: int
    diary_number: str
    approved_on: date
    frozen_on: date


@dataclass(frozen=True, slots=True)
class Narrowing:
    theme_id: int | None = None
    year: int | None = None

    @property
    def count(self) -> int:
        return sum(value is not None for value in (self.theme_id, self.year))


def editions_by_year(federation_id: int) -> list[EditionLine]:
    """One of each year (`publishing_editions`), the latest first; in one query that leaves the editions' data alone."""
    query = (
        select(Edition.year, Edition.number, Edition.diary_number, Edition.approved_at, Edition.frozen_at)
        .join(EditionPublication, EditionPublication.edition_id == Edition.id)
        .where(*_published(federation_id))
        .order_by(Edition.year.desc(), Edition.number.desc())
    )
    return [
        EditionLine(row.year, row.number, row.diary_number, clock.day_of(row.approved_at), clock.day_of(row.frozen_at))
        for row in db.session.execute(query)
    ]


def published_edition(federation_id: int, year: int, number: int) -> Edition | None:
    query = select(Edition).join(EditionPublication, EditionPublication.edition_id == Edition.id)
    return db.session.scalar(query.where(*_published(federation_id), Edition.year == year, Edition.number == number))


def cases_page(federation_id: int, narrowing: Narrowing, after: str | None) -> Page[PublishedCase]:
    """The newest first. A cursor that no page gave begins from the beginning (P22)."""
    query = select(PublishedCase).where(*_standing(federation_id)).options(joinedload(PublishedCase.theme))
    if narrowing.theme_id is not None:
        query = query.where(PublishedCase.theme_id == narrowing.theme_id)
    if narrowing.year is not None:
        query = query.where(PublishedCase.year == narrowing.year)
    last = decode(after, int)
    if last is not None and 0 < int(last[0]) <= LARGEST_ID:
        query = query.where(PublishedCase.id < last[0])
    rows = list(db.session.scalars(query.order_by(PublishedCase.id.desc()).limit(PAGE_SIZE + 1)))
    return page_of(rows, PAGE_SIZE, lambda row: [row.id])


def published_case(federation_id: int, published_id: int) -> PublishedCase | None:
    query = select(PublishedCase).where(*_standing(federation_id), PublishedCase.id == published_id)
    return db.session.scalar(query.options(joinedload(PublishedCase.theme)))


def themes_and_years(federation_id: int) -> tuple[list[tuple[int, str]], list[int]]:
    """What the published cases can be narrowed by: themes by label, years with the latest first."""
    of_themes = select(PublishedCase.theme_id).where(*_standing(federation_id))
    themes = db.session.execute(select(Theme.id, Theme.label).where(Theme.id.in_(of_themes)).order_by(Theme.label))
    years = db.session.scalars(select(PublishedCase.year).where(*_standing(federation_id)).distinct())
    return [(row.id, row.label) for row in themes], sorted(years, reverse=True)


def _published(federation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Edition.federation_id == federation_id,
        EditionPublication.federation_id == federation_id,
        EditionPublication.withdrawn_at.is_(None),
    )


def _standing(federation_id: int) -> tuple[ColumnElement[bool], ...]:
    return PublishedCase.federation_id == federation_id, PublishedCase.withdrawn_at.is_(None)
