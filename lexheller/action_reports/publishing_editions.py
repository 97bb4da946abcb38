"""Putting editions on the open page and taking them off it. One of each year stands there: two could be subtracted.

Somebody may have saved what stood there before. Figures that have hardly changed since then tell of single cases, so
whoever publishes must have looked at them (P30); which those are is `near_figures`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor
from lexheller.action_reports.differences import Difference
from lexheller.action_reports.drafting import hold_draft
from lexheller.action_reports.editions import edition_before, record_edition
from lexheller.action_reports.models import Edition, EditionPublication
from lexheller.action_reports.near_figures import near
from lexheller.action_reports.permissions import demand_writing
from lexheller.audit.service import lock_chains
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput

NEAR = "near"


@dataclass(frozen=True, slots=True)
class Near:
    """What hardly differs from an edition that stands, or stood, on the open page."""

    edition: Edition
    figures: tuple[Difference, ...]


def publish(actor: Actor, edition: Edition, *, seen: int | None = None, looked: bool = False) -> EditionPublication:
    """Put the edition on the federation's open page, and take the year's other one off it. One that stands stays.

    `seen`: the `latest` publication when somebody looked, None where nobody did; `looked`: they want to publish though
    `near_to` has something. Two years' editions are published one after the other, so that each is compared with the
    other. Raises NotAllowedToSee, Conflict when something was published since `seen`, InvalidInput
    on `looked` (`near`).
    """
    demand_writing(actor, edition.federation_id)
    hold_draft(edition.federation_id, edition.year)
    lock_chains([edition.federation_id])
    standing = publication_of(edition)
    if standing is not None:
        return standing
    if seen not in {None, latest(edition.federation_id)}:
        raise Conflict(f"edition {edition.id}: publication {seen} seen")
    near_figures = sum(len(one.figures) for one in near_to(edition))
    if near_figures and not looked:
        raise InvalidInput("looked", NEAR)
    replaced = standing_of(edition.federation_id, edition.year)
    for other in replaced:
        _withdraw(actor, other, replaced_by=edition)
    publication = EditionPublication(
        federation_id=edition.federation_id,
        edition_id=edition.id,
        published_at=clock.now(),
        published_by_user_id=actor.user_id,
    )
    db.session.add(publication)
    db.session.flush()
    data = {"replaces": [other.edition.number for other in replaced], "near_figures": near_figures}
    record_edition(actor, "action_report.published", edition, data)
    return publication


def withdraw(actor: Actor, edition: Edition) -> None:
    """Take the edition off the open page; it stays as it is. One that does not stand there is no change."""
    demand_writing(actor, edition.federation_id)
    hold_draft(edition.federation_id, edition.year)
    publication = publication_of(edition)
    if publication is not None:
        _withdraw(actor, publication)


def near_to(edition: Edition) -> list[Near]:
    """What hardly differs from what anybody may have saved: all that ever stood on the federation's open page, of
    other years too, the latest year and number first. Only where there is something; each data once.
    """
    found, compared = [], {edition.hash}
    for former in _once_published(edition.federation_id):
        if former.hash in compared:
            continue
        compared.add(former.hash)
        figures = near(former.data, edition.data)
        if figures:
            found.append(Near(former, tuple(figures)))
    return found


def latest(federation_id: int) -> int:
    """The id of the federation's latest publication, 0 when there is none: it changes with each."""
    query = select(EditionPublication.id).where(EditionPublication.federation_id == federation_id)
    return db.session.scalar(query.order_by(EditionPublication.id.desc()).limit(1)) or 0


def publication_of(edition: Edition) -> EditionPublication | None:
    """While it stands on the open page."""
    return next((one for one in published(edition.federation_id) if one.edition_id == edition.id), None)


def standing_of(federation_id: int, year: int) -> list[EditionPublication]:
    """What stands of the year: one, or none."""
    return [one for one in published(federation_id) if one.edition.year == year]


def newest_published(federation_id: int, year: int) -> Edition | None:
    return next((one.edition for one in standing_of(federation_id, year)), None)


def compared_with(edition: Edition) -> Edition | None:
    """The edition of its year that stood on the open page when it was frozen, else the one before it: what has changed
    is told against what others have read.
    """
    stood = (
        select(Edition)
        .join(EditionPublication, EditionPublication.edition_id == Edition.id)
        .where(
            Edition.federation_id == edition.federation_id,
            Edition.year == edition.year,
            Edition.number < edition.number,
            EditionPublication.published_at <= edition.frozen_at,
            or_(EditionPublication.withdrawn_at.is_(None), EditionPublication.withdrawn_at > edition.frozen_at),
        )
    )
    return db.session.scalar(stood.order_by(Edition.number.desc()).limit(1)) or edition_before(edition)


def published(federation_id: int) -> list[EditionPublication]:
    """What stands on the federation's open page for anybody to read, the latest year and number first."""
    query = (
        select(EditionPublication)
        .join(Edition, Edition.id == EditionPublication.edition_id)
        .where(EditionPublication.federation_id == federation_id, EditionPublication.withdrawn_at.is_(None))
        .options(joinedload(EditionPublication.edition))
    )
    return list(db.session.scalars(query.order_by(Edition.year.desc(), Edition.number.desc())))


def _once_published(federation_id: int) -> list[Edition]:
    published_ones = select(EditionPublication.edition_id).where(EditionPublication.federation_id == federation_id)
    query = select(Edition).where(Edition.federation_id == federation_id, Edition.id.in_(published_ones))
    return list(db.session.scalars(query.order_by(Edition.year.desc(), Edition.number.desc())))


def _withdraw(actor: Actor, publication: EditionPublication, *, replaced_by: Edition | None = None) -> None:
    publication.withdrawn_at, publication.withdrawn_by_user_id = clock.now(), actor.user_id
    db.session.flush()
    data = {"replaced_by": replaced_by.number} if replaced_by is not None else {}
    record_edition(actor, "action_report.publication_withdrawn", publication.edition, data)
