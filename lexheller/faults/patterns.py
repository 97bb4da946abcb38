"""The nightly look for patterns, and what the office does with what it finds: take it, put it aside, merge it.

Only structured fields are read, and only of cases that no open fault gathers already. Each federation is a transaction
of its own: one that fails does not stop the others (P33). Looking twice changes nothing; what has been settled is never
proposed again. A pattern that no longer holds keeps its row with no cases and is not shown until it holds anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.audit.service import record
from lexheller.cases.models import Case
from lexheller.cases.states import CloseReason
from lexheller.core import clock, tenancy
from lexheller.core.db import db, reading
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import nothing_kept, transaction
from lexheller.faults.linking import LONGEST_WHY, link_case
from lexheller.faults.models import Fault, FaultCase, Pattern
from lexheller.faults.patterns_rules import Combination, Found, PatternStatus, Sighting, begins, find
from lexheller.faults.permissions import may_handle, sees_all
from lexheller.faults.service import Details, suspect
from lexheller.faults.states import OVER
from lexheller.organisations import queries as organisations
from lexheller.privacy.refusal import refuse_identity_numbers

log = structlog.get_logger(__name__)

MOST_SHOWN = 100
MOST_CASES = 200
SETTLED = {
    PatternStatus.TAKEN: "pattern.taken",
    PatternStatus.PUT_ASIDE: "pattern.put_aside",
    PatternStatus.MERGED: "pattern.merged",
}


def find_all() -> int:
    """Look in every federation; how many patterns are new. One that fails is logged, and looked at the next night."""
    with reading(), nothing_kept():
        federation_ids = [federation.id for federation in organisations.federations()]
    new = 0
    for federation_id in federation_ids:
        try:
            with tenancy.within(federation_id), transaction():
                new += find_patterns(federation_id)
        except Exception:
            log.exception("patterns_not_looked_for", federation_id=federation_id)
    return new


def find_patterns(federation_id: int) -> int:
    """Bring the federation's proposals up to today; how many are new."""
    found = {one.combination.key: one for one in find(_sightings(federation_id), clock.today())}
    known = {row.pattern_key: row for row in db.session.scalars(_of(federation_id).order_by(Pattern.id))}
    for key, row in known.items():
        if row.status == PatternStatus.OPEN:
            _bring_up_to_date(row, found.get(key))
    new = [one for key, one in found.items() if key not in known]
    for one in new:
        row = _propose(federation_id, one)
        _record(SYSTEM, "pattern.found", row, {"trend": row.trend, "cases": row.case_count})
    db.session.flush()
    return len(new)


def open_patterns(actor: Actor, federation_id: int) -> list[Pattern]:
    """Proposals that wait and hold, most cases first; none for others than those who see every case."""
    if not sees_all(actor, federation_id):
        return []
    query = _of(federation_id).where(Pattern.status == PatternStatus.OPEN, Pattern.case_count > 0).options(*_whole())
    ordered = query.order_by(Pattern.case_count.desc(), Pattern.last_on.desc(), Pattern.id)
    return list(db.session.scalars(ordered.limit(MOST_SHOWN)))


def settled_patterns(actor: Actor, federation_id: int) -> list[Pattern]:
    """What was taken, put aside or merged, the latest first."""
    if not sees_all(actor, federation_id):
        return []
    query = _of(federation_id).where(Pattern.status != PatternStatus.OPEN).options(*_whole())
    return list(db.session.scalars(query.order_by(Pattern.settled_at.desc(), Pattern.id.desc()).limit(MOST_SHOWN)))


def pattern_for(actor: Actor, federation_id: int, pattern_id: int) -> Pattern:
    """Raises NotAllowedToSee: missing, another federation's and forbidden look alike."""
    if not sees_all(actor, federation_id):
        raise NotAllowedToSee(f"pattern {pattern_id}")
    row = db.session.scalar(_of(federation_id).where(Pattern.id == pattern_id).options(*_whole()))
    if row is None:
        raise NotAllowedToSee(f"pattern {pattern_id}")
    return row


def cases_of(actor: Actor, pattern: Pattern) -> list[Case]:
    """The cases behind a proposal, the newest first, at most MOST_CASES; none for who does not see them all.

    While it waits they are those that no open fault gathers; once it is settled, all of the combination.
    """
    if not sees_all(actor, pattern.federation_id):
        return []
    query = select(Case).where(*_counted(pattern.federation_id), *_within(pattern))
    if pattern.status == PatternStatus.OPEN:
        query = query.where(~_gathered())
    query = query.options(joinedload(Case.theme), joinedload(Case.municipality))
    return list(db.session.scalars(query.order_by(Case.received_on.desc(), Case.id.desc()).limit(MOST_CASES)))


def take_pattern(actor: Actor, pattern: Pattern, title: str, why: str) -> Fault:
    """It may be a fault of the system: a suspected one begins, with the cases linked to it for the reason.

    Raises NotAllowedToSee, Conflict when somebody has settled it already, InvalidInput on `title` or `why`.
    """
    words = _demand(actor, pattern, why)
    home = pattern.federation_id
    details = Details(
        title,
        let_go_organisation_id=_in_use(pattern.concerned_organisation_id, organisations.organisations(home)),
        theme_id=_in_use(pattern.theme_id, organisations.themes(home)),
        municipality_id=_in_use(pattern.municipality_id, organisations.municipalities(home)),
    )
    fault = suspect(actor, home, details)
    _link(actor, pattern, fault, words)
    _settle(actor, pattern, PatternStatus.TAKEN, why=words, fault=fault)
    return fault


def merge_pattern(actor: Actor, pattern: Pattern, fault: Fault, why: str) -> None:
    """It is a fault that is known: the cases are linked to it. Raises as `take_pattern`."""
    words = _demand(actor, pattern, why)
    if fault.federation_id != pattern.federation_id:
        raise NotAllowedToSee(f"fault {fault.id}")
    _link(actor, pattern, fault, words)
    _settle(actor, pattern, PatternStatus.MERGED, why=words, fault=fault)


def put_aside(actor: Actor, pattern: Pattern, why: str) -> None:
    """No fault, for the reason. Raises NotAllowedToSee, Conflict, InvalidInput on `why`."""
    words = _demand(actor, pattern, why)
    _settle(actor, pattern, PatternStatus.PUT_ASIDE, why=words)


def _sightings(federation_id: int) -> list[Sighting]:
    """What is merged counts as what it was merged into; what was handed over counts where it went, and what an open
    fault gathers counts there.
    """
    columns = (
        Case.reporting_organisation_id,
        Case.concerned_organisation_id,
        Case.theme_id,
        Case.municipality_id,
        Case.received_on,
    )
    query = select(*columns).where(*_counted(federation_id), ~_gathered()).order_by(Case.received_on, Case.id)
    return [
        Sighting(Combination(reporting_id, concerned_id, theme_id, municipality_id), on)
        for reporting_id, concerned_id, theme_id, municipality_id, on in db.session.execute(query)
        if concerned_id is not None
    ]


def _counted(federation_id: int) -> Sequence[ColumnElement[bool]]:
    return (
        Case.federation_id == federation_id,
        Case.received_on.between(begins(clock.today()), clock.today()),
        Case.merged_into_id.is_(None),
        or_(Case.close_reason.is_(None), Case.close_reason != CloseReason.HANDED_OVER),
    )


def _gathered() -> ColumnElement[bool]:
    """Whether a fault that is not over has the case linked to it."""
    linked = exists().where(FaultCase.case_id == Case.id, FaultCase.unlinked_at.is_(None))
    return linked.where(Fault.id == FaultCase.fault_id, Fault.status.not_in(OVER))


def _within(pattern: Pattern) -> list[ColumnElement[bool]]:
    reporting, concerned = pattern.reporting_organisation_id, pattern.concerned_organisation_id
    found = [
        Case.reporting_organisation_id.is_(None) if reporting is None else Case.reporting_organisation_id == reporting,
        Case.concerned_organisation_id == concerned,
    ]
    if pattern.theme_id is not None:
        found.append(Case.theme_id == pattern.theme_id)
    if pattern.municipality_id is not None:
        found.append(Case.municipality_id == pattern.municipality_id)
    return found


def _propose(federation_id: int, found: Found) -> Pattern:
    row = Pattern(
        federation_id=federation_id,
        pattern_key=found.combination.key,
        reporting_organisation_id=found.combination.reporting_id,
        concerned_organisation_id=found.combination.concerned_id,
        theme_id=found.combination.theme_id,
        municipality_id=found.combination.municipality_id,
        trend=found.trend,
        case_count=found.count,
        first_on=found.first_on,
        last_on=found.last_on,
        found_on=clock.today(),
        status=PatternStatus.OPEN,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _bring_up_to_date(row: Pattern, found: Found | None) -> None:
    if found is None:
        row.case_count = 0
        return
    row.trend, row.case_count = found.trend, found.count
    row.first_on, row.last_on = found.first_on, found.last_on


def _demand(actor: Actor, pattern: Pattern, why: str) -> str:
    """Hold the proposal, and see that it waits; the reason as it is kept."""
    if not may_handle(actor, pattern.federation_id):
        raise NotAllowedToSee(f"pattern {pattern.id}")
    words = " ".join(why.split())
    refuse_identity_numbers(why=words)
    if not words or len(words) > LONGEST_WHY:
        raise InvalidInput("why", "too_long" if words else "required")
    held = select(Pattern).where(Pattern.id == pattern.id).with_for_update()
    db.session.scalars(held.execution_options(populate_existing=True)).one()
    if pattern.status != PatternStatus.OPEN:
        raise Conflict(f"pattern {pattern.id} is {pattern.status}")
    return words


def _link(actor: Actor, pattern: Pattern, fault: Fault, why: str) -> None:
    for case in reversed(cases_of(actor, pattern)):
        link_case(actor, fault, case, why)


def _settle(actor: Actor, pattern: Pattern, status: PatternStatus, *, why: str, fault: Fault | None = None) -> None:
    pattern.status, pattern.settle_why = status, why
    pattern.settled_at, pattern.settled_by_user_id = clock.now(), actor.user_id
    pattern.fault_id = fault.id if fault is not None else None
    db.session.flush()
    data: dict[str, Any] = {} if fault is None else {"fault_id": fault.id}
    _record(actor, SETTLED[status], pattern, data)


def _in_use(value: int | None, rows: Sequence[Any]) -> int | None:
    """The id while the federation's list has it."""
    return value if value in {row.id for row in rows} else None


def _of(federation_id: int) -> Select[Pattern]:
    return select(Pattern).where(Pattern.federation_id == federation_id)


def _whole() -> Sequence[ExecutableOption]:
    return (
        joinedload(Pattern.reporting_organisation),
        joinedload(Pattern.concerned_organisation),
        joinedload(Pattern.theme),
        joinedload(Pattern.municipality),
        joinedload(Pattern.fault),
    )


def _record(actor: Actor, kind: str, pattern: Pattern, data: dict[str, Any]) -> None:
    record(actor, kind, federation_id=pattern.federation_id, subject_type="pattern", subject_id=pattern.id, data=data)
