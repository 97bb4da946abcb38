"""From draft to edition: approving and freezing. One event each; what is frozen is never replaced.

An approval is of one hash: when a figure or a word changes afterwards nothing can be frozen until somebody approves
anew. A later freeze is the next number, beside the earlier ones. Publishing is `publishing_editions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select

from lexheller.accounts.rights import Actor
from lexheller.action_reports.compiling import hash_of
from lexheller.action_reports.doubtful import doubts_of
from lexheller.action_reports.drafting import cut_off_of, draft_of, hold_draft, record_of, report_data
from lexheller.action_reports.models import Edition, ReportDraft
from lexheller.action_reports.permissions import demand_approving, demand_compiling, demand_reading
from lexheller.audit.service import next_diary_number, record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.organisations.models import Federation
from lexheller.web.doubts import refuse_unlooked

NOT_APPROVED, CHANGED, NOT_ENDED = "not_approved", "changed", "not_ended"
SUBJECT, FROZEN = "report_edition", "action_report.frozen"


def approve(
    actor: Actor, federation: Federation, year: int, *, seen_hash: str, looked: bool = False, by_command: bool = False
) -> ReportDraft:
    """The director has read the report whose hash is `seen_hash` and stands for it. The same again is no change.

    `looked`: at what in the words that came with the figures looks like a person (P24). `by_command`: the operator did
    it in the director's name, which the event says. Raises NotAllowedToSee for everyone but a director, InvalidInput on
    `hash` (`changed`) when the report has another hash by now, and on `looked` (`doubtful`).
    """
    demand_approving(actor, federation.id)
    draft = hold_draft(federation.id, year)
    data = report_data(federation, year)
    if data["hash"] != seen_hash:
        raise InvalidInput("hash", CHANGED)
    if draft.approved_hash == seen_hash:
        return draft
    refuse_unlooked(doubts_of(data), looked=looked)
    draft.approved_hash, draft.approved_at = seen_hash, clock.now()
    draft.approved_by_user_id, draft.approved_by = actor.user_id, actor.name
    db.session.flush()
    record_of(actor, "action_report.approved", draft, {"hash": seen_hash, "by_command": by_command})
    return draft


def withdraw_approval(actor: Actor, federation: Federation, year: int) -> None:
    """What has been frozen stays. Without an approval nothing changes. Raises NotAllowedToSee."""
    demand_approving(actor, federation.id)
    draft = hold_draft(federation.id, year)
    if draft.approved_hash is None:
        return
    taken_back = draft.approved_hash
    draft.approved_hash = draft.approved_at = draft.approved_by_user_id = draft.approved_by = None
    db.session.flush()
    record_of(actor, "action_report.approval_withdrawn", draft, {"hash": taken_back})


def freeze(actor: Actor, federation: Federation, year: int) -> Edition:
    """A new edition of exactly what is approved, with a diary number of its own.

    Frozen again unchanged it is one edition more with the same hash. Raises InvalidInput on `cut_off` (`not_ended`)
    until the cut-off day is over, and on `hash`: `not_approved`, or `changed` since it was approved.
    """
    demand_compiling(actor, federation.id)
    draft = hold_draft(federation.id, year)
    if not _has_ended(cut_off_of(draft, year)):
        raise InvalidInput("cut_off", NOT_ENDED)
    data = report_data(federation, year)
    newest = newest_edition(federation.id, year)
    approved = _approval(draft, data["hash"])
    number = next_diary_number(federation.id, clock.local_year(), file_number=federation.diary_file_number)
    edition = Edition(
        federation_id=federation.id,
        year=year,
        number=newest.number + 1 if newest else 1,
        data={key: value for key, value in data.items() if key != "hash"},
        hash=data["hash"],
        cut_off=cut_off_of(draft, year),
        frozen_at=clock.now(),
        diary_number=number,
        **approved,
    )
    db.session.add(edition)
    draft.is_open = False
    db.session.flush()
    record_edition(actor, FROZEN, edition, {"hash": edition.hash, "diary_number": number})
    return edition


def verify(edition: Edition) -> bool:
    """Whether the frozen data still has the hash that was written beside it."""
    return hash_of(edition.data) == edition.hash


def editions_of(actor: Actor, federation_id: int, year: int) -> list[Edition]:
    """The year's editions, the newest first. Raises NotAllowedToSee."""
    demand_reading(actor, federation_id)
    return list(db.session.scalars(_editions(federation_id, year)))


def edition_for(actor: Actor, federation_id: int, year: int, number: int) -> Edition:
    """Raises NotAllowedToSee: missing, another federation's and forbidden look alike."""
    demand_reading(actor, federation_id)
    edition = numbered(federation_id, year, number)
    if edition is None:
        raise NotAllowedToSee(f"edition {number} of {year}")
    return edition


def numbered(federation_id: int, year: int, number: int) -> Edition | None:
    query = select(Edition).where(Edition.federation_id == federation_id, Edition.year == year)
    return db.session.scalar(query.where(Edition.number == number))


def newest_edition(federation_id: int, year: int) -> Edition | None:
    return db.session.scalar(_editions(federation_id, year).limit(1))


def edition_before(edition: Edition) -> Edition | None:
    earlier = _editions(edition.federation_id, edition.year).where(Edition.number < edition.number)
    return db.session.scalar(earlier.limit(1))


def years_with_editions(federation_id: int) -> set[int]:
    return set(db.session.scalars(select(Edition.year).where(Edition.federation_id == federation_id).distinct()))


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a year's report has come. `approval_holds`: the approval is of what the report says now.

    `ended`: the cut-off day is past, so that the figures stand still; `first_day` on which that is so.
    """

    draft: ReportDraft | None
    cut_off: date
    hash: str
    newest: Edition | None
    ended: bool

    @property
    def approval_holds(self) -> bool:
        return self.draft is not None and self.draft.approved_hash == self.hash

    @property
    def approval_is_stale(self) -> bool:
        return self.draft is not None and self.draft.approved_hash not in {None, self.hash}

    @property
    def first_day(self) -> date:
        return _day_after(self.cut_off)

    @property
    def is_frozen(self) -> bool:
        return self.newest is not None and self.newest.hash == self.hash


def stage_of(federation: Federation, year: int, data: dict[str, Any]) -> Stage:
    """`data` is the draft's `report_data`."""
    draft = draft_of(federation.id, year)
    cut_off = cut_off_of(draft, year)
    return Stage(draft, cut_off, data["hash"], newest_edition(federation.id, year), _has_ended(cut_off))


def first_day_to_freeze(federation: Federation, year: int) -> date:
    return _day_after(cut_off_of(draft_of(federation.id, year), year))


def _day_after(cut_off: date) -> date:
    return cut_off + timedelta(days=1)


def _has_ended(cut_off: date) -> bool:
    return clock.today() > cut_off


def _approval(draft: ReportDraft, now: str) -> dict[str, Any]:
    if draft.approved_hash is None:
        raise InvalidInput("hash", NOT_APPROVED)
    if draft.approved_hash != now:
        raise InvalidInput("hash", CHANGED)
    return {
        "approved_by": draft.approved_by,
        "approved_by_user_id": draft.approved_by_user_id,
        "approved_at": draft.approved_at,
    }


def _editions(federation_id: int, year: int) -> Select[Edition]:
    query = select(Edition).where(Edition.federation_id == federation_id, Edition.year == year)
    return query.order_by(Edition.number.desc())


def record_edition(actor: Actor, kind: str, edition: Edition, data: dict[str, Any]) -> None:
    record(
        actor,
        kind,
        federation_id=edition.federation_id,
        subject_type=SUBJECT,
        subject_id=edition.id,
        data={"year": edition.year, "number": edition.number, **data},
    )
