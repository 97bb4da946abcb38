"""Counting the reports of an action's pattern: those like the cases it was taken for, before and after it.

A report belongs to the pattern when its case is linked to the action or to one of its faults, or concerns the same
organisation with the same theme as one that is. Cases of an event that another case already stands for do not count.
Those that were disposed of do; once nothing is left to judge, what was counted at the last judgement stands.
Small numbers can identify people: whoever does not see the cases is told `sums_for_others` alone (P30).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, or_, select

from lexheller.actions.models import Action, ActionCase, ActionFault, FollowUp, FollowUpStatus
from lexheller.actions.rules import FOLLOW_UP_MONTHS, Measure, measure_of, measured, months_between, window
from lexheller.cases.fact_models import CaseFact
from lexheller.core.db import db
from lexheller.core.months import add_months
from lexheller.faults.models import FaultCase
from lexheller.organisations.report_settings import least_of

MOST_PAIRS = 50


@dataclass(frozen=True, slots=True)
class Sums:
    """How many came in so many months before and after; None stands for fewer than `least`, the federation's own."""

    months: int
    before: int | None
    after: int | None
    least: int


def measure_now(action: Action, today: date) -> Measure | None:
    """None before a month has passed, and for an action without cases or faults: there is nothing to count."""
    wanted = window(action.action_on, today) if action.action_on is not None else None
    if wanted is None or action.action_on is None:
        return None
    linked = _linked(action)
    pairs = _pairs(action.federation_id, linked)
    if pairs is None:
        return None
    like = [
        and_(CaseFact.concerned_organisation_id == organisation_id, CaseFact.theme_id == theme_id)
        for organisation_id, theme_id in pairs
    ]
    query = select(CaseFact.received_on).where(
        CaseFact.federation_id == action.federation_id,
        CaseFact.received_on.between(wanted.before_from, wanted.after_to),
        CaseFact.merged_into_id.is_(None),
        or_(CaseFact.case_id.in_(linked), *like),
    )
    return measured(db.session.scalars(query), action.action_on, today)


def measure_to_show(action: Action, today: date) -> Measure | None:
    """What was counted at the last judgement, when no other is to come: the cases that it was taken for may go then.
    Else what is counted today.
    """
    return _judged_for_good(action) or measure_now(action, today)


def _judged_for_good(action: Action) -> Measure | None:
    query = select(FollowUp).where(FollowUp.action_id == action.id, FollowUp.status != FollowUpStatus.CALLED_OFF)
    rows = list(db.session.scalars(query))
    judged = [row for row in rows if row.status == FollowUpStatus.JUDGED and row.judged_at is not None]
    if not judged or len(judged) < len(rows):
        return None
    values = max(judged, key=lambda row: (row.judged_at, row.id)).measure
    return measure_of(values) if values is not None else None


def sums_for_others(action: Action, today: date) -> Sums | None:
    """For whoever does not see the cases: of a half year, and when it has passed of a year, never of months between.

    A year is only told when it cannot be subtracted from the half year that was. None before the first has passed.
    """
    if action.action_on is None:
        return None
    half, whole = FOLLOW_UP_MONTHS
    passed = months_between(action.action_on, today)
    if passed < half:
        return None
    stage = whole if passed >= whole else half
    final = _judged_for_good(action)
    measure = (
        final.within(stage)
        if final is not None and final.months >= stage
        else measure_now(action, add_months(action.action_on, stage))
    )
    if measure is None:
        return None
    least, shorter = least_of(action.federation_id), (measure.before[-half:], measure.after[:half])
    if stage == whole and (_tells(measure.before, shorter[0], least) or _tells(measure.after, shorter[1], least)):
        return Sums(half, _told(shorter[0], least), _told(shorter[1], least), least)
    return Sums(measure.months, _told(measure.before, least), _told(measure.after, least), least)


def _told(months: tuple[int, ...], least: int) -> int | None:
    return sum(months) if sum(months) >= least else None


def _tells(longer: tuple[int, ...], shorter: tuple[int, ...], least: int) -> bool:
    """Whether the sum of the longer, after that of the shorter, tells a small number."""
    return _told(shorter, least) is not None and 0 < sum(longer) - sum(shorter) < least


def _linked(action: Action) -> Select[int]:
    """Ids of the cases of the action and of its faults."""
    own = select(ActionCase.case_id).where(ActionCase.action_id == action.id)
    of_faults = (
        select(FaultCase.case_id)
        .join(ActionFault, ActionFault.fault_id == FaultCase.fault_id)
        .where(ActionFault.action_id == action.id, FaultCase.unlinked_at.is_(None))
    )
    return select(own.union(of_faults).subquery().c.case_id)


def _pairs(federation_id: int, linked: Select[int]) -> list[tuple[int, int]] | None:
    """Organisation and theme of the linked cases that have both; None when no case is linked at all."""
    query = (
        select(CaseFact.concerned_organisation_id, CaseFact.theme_id)
        .where(CaseFact.federation_id == federation_id, CaseFact.case_id.in_(linked))
        .distinct()
        .order_by(CaseFact.concerned_organisation_id, CaseFact.theme_id)
    )
    rows = db.session.execute(query.limit(MOST_PAIRS)).all()
    if not rows:
        return None
    return [(row[0], row[1]) for row in rows if row[0] is not None and row[1] is not None]
