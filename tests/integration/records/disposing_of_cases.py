"""Years with cases, their editions, a plan, and the two persons who dispose of what falls under it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.action_reports import editions
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.models import Edition
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.db import Base, db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.records import disposal_service as service
from lexheller.records.disposal_models import Disposal, DisposalItem
from lexheller.records.disposal_queries import plan_in_force
from lexheller.records.disposal_rules import After, DisposalStatus, DocumentKind, Plan, Rule
from tests.cast.people import HOME, Cast

NOW = datetime(2030, 3, 4, 9, tzinfo=UTC)  # a Monday
WAIT = 7
MARKER = "Rabarberkrämen"


def on(year: int, month: int = 3, day: int = 5) -> AbstractContextManager[None]:
    return clock.at(datetime(year, month, day, 9, tzinfo=UTC))


def a_plan(
    years: int = 2, after: After = After.CLOSED, days: int | None = None, kinds: Iterable[DocumentKind] = ()
) -> Plan:
    """Of cases, and likewise of `kinds`; `days` for reporters' addresses."""
    rules = {kind: Rule(years, after, "Punkt 1") for kind in (DocumentKind.CASE, *kinds)}
    if days is not None:
        rules[DocumentKind.REPORTER] = Rule(days, After.CLOSED, "Punkt 2")
    return Plan("§ 14, Dnr 2026:3", date(2026, 1, 15), "Styrelsen", WAIT, rules)


def adopt(cast: Cast, plan: Plan | None = None, slug: str = HOME) -> None:
    federation_id = cast.federation(slug).id
    newest = plan_in_force(federation_id)
    with transaction():
        service.adopt_plan(
            cast.person("forbundschef", slug), federation_id, plan or a_plan(), seen=newest.version if newest else 0
        )


def closed(cast: Cast, year: int, month: int = 3, slug: str = HOME, **changes: object) -> Case:
    with on(year, month):
        return cast.reach(CaseStatus.CLOSED, slug, **changes)


def freeze(cast: Cast, *years: int, slug: str = HOME) -> list[Edition]:
    """Approved and frozen in the January that follows."""
    found, federation = [], cast.federation(slug)
    for year in years:
        with on(year + 1, 1, 20), transaction():
            seen = str(report_data(federation, year)["hash"])
            editions.approve(cast.person("forbundschef", slug), federation, year, seen_hash=seen, looked=True)
            found.append(editions.freeze(cast.person("samordnare", slug), federation, year))
    return found


def propose(cast: Cast, as_of: date | None = None, by: Actor | None = None) -> Disposal:
    with transaction():
        return service.propose(by or cast.director, cast.federation().id, as_of or clock.today())


def decide(cast: Cast, disposal: Disposal, by: Actor | None = None) -> None:
    with transaction():
        service.decide(by or cast.coordinator, disposal, seen=disposal.version)


def dispose(cast: Cast) -> Disposal:
    """Proposed and decided now, and carried out when the waiting time is over."""
    disposal = propose(cast)
    decide(cast, disposal)
    with clock.at(clock.now() + timedelta(days=WAIT)):
        work()
    return disposal


def work() -> None:
    with transaction():
        run_waiting_now()
    db.session.expire_all()


def words_left(words: Iterable[str]) -> list[tuple[str, str]]:
    """Tables of the whole database in which any of the words stands, in any column."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            found += [(table.name, word) for word in words if any(word in str(value) for value in row)]
    return sorted(set(found))


def proposal_by_hand(cast: Cast, case: Case, slug: str = HOME, adopted_by: str = "Styrelsen") -> Disposal:
    """One that waits for a decision, as if the case were old enough: to look at its pages alone."""
    director = cast.person("forbundschef", slug)
    newest = plan_in_force(case.federation_id)
    rules = {DocumentKind.CASE: Rule(5, After.YEAR_END, "Punkt 1")}
    plan = newest or service.adopt_plan(
        director, case.federation_id, Plan("§ 14", clock.today(), adopted_by, WAIT, rules), seen=0
    )
    row = Disposal(
        federation_id=case.federation_id,
        plan_id=plan.id,
        as_of=clock.today(),
        status=DisposalStatus.PROPOSED,
        proposed_by_user_id=director.user_id,
        proposed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(
        DisposalItem(
            federation_id=case.federation_id,
            disposal_id=row.id,
            kind=DocumentKind.CASE,
            subject_id=case.id,
            number=case.number,
            year=case.received_on.year,
            ended_on=clock.today(),
        )
    )
    db.session.flush()
    return row
