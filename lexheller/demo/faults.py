"""The demonstration's system faults: one that is being mended, whose reporters have heard so, and one that is over.

Told through the verbs, with the clock put to when it happened; each shows cases that came in before it was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import case as sql_case

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Case, Report
from lexheller.cases.queries import visible
from lexheller.casework.listeners import listeners
from lexheller.casework.telling import Telling, tell
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.demo.moments import working_moment
from lexheller.demo.stories import STORIES
from lexheller.faults import service
from lexheller.faults.models import Fault
from lexheller.faults.queries import faults_to_choose
from lexheller.faults.service import Details
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Federation, Theme, Unit

AF = "Arbetsförmedlingen"


@dataclass(frozen=True, slots=True)
class FaultTale:
    """`story` is the position of what the cases tell; `days_ago` when it was seen."""

    story: int
    days_ago: int
    cases: int
    title: str
    what_happens: str
    broken: str
    broken_what: str
    who_is_hit: str
    cause: str
    way_round: str
    decision: str
    why: str


MENDED = FaultTale(
    story=0,
    days_ago=70,
    cases=3,
    title="Den som saknar e-legitimation kommer inte in",
    what_happens="Kontoret hänvisar till webben och webben hänvisar till kontoret. Ingen skriver in personen.",
    broken="routine",
    broken_what="Vägen in via servicekontoret är inte känd av dem som hänvisar.",
    who_is_hit="De som saknar e-legitimation, ofta nyanlända och unga vuxna.",
    cause="Vägen ändrades utan att parterna fick veta det.",
    way_round="Följ med till servicekontoret och begär inskrivning på plats.",
    decision="Parterna tar fram en gemensam lathund om vägen in, och visar den för all personal före sommaren.",
    why="Samma väg in var stängd.",
)
OVER = FaultTale(
    story=2,
    days_ago=260,
    cases=2,
    title="Samma läkarutlåtande begärs flera gånger",
    what_happens="Varje part begär ett eget utlåtande, också när det som finns fortfarande gäller.",
    broken="agreement",
    broken_what="Överenskommelsen om gemensamma underlag.",
    who_is_hit="De som väntar på ersättning eller på en insats.",
    cause="Parterna läste överenskommelsen olika.",
    way_round="Skicka med det utlåtande som finns och skriv hur länge det gäller.",
    decision="Ett utlåtande godtas av alla parter så länge det gäller.",
    why="Utlåtandet fanns redan.",
)
ENDING = "Alla parter godtar nu samma utlåtande. Inga nya ärenden på ett halvår."


def tell_demo_faults(federation: Federation, coordinator: Actor) -> list[Fault]:
    """The two faults of the federation, as far as it has cases. Where there are faults already nothing is added."""
    there = faults_to_choose(coordinator, federation.id)
    if there:
        return there
    made = []
    over, mended = (_suspected(federation, coordinator, tale) for tale in (OVER, MENDED))
    if over is not None:
        _see_to(federation, coordinator, over, OVER)
        _on(federation, 110, partial(service.follow_up, coordinator, over), over)
        _on(federation, 105, partial(service.close, coordinator, over, ENDING), over)
        made.append(over)
    if mended is not None:
        _see_to(federation, coordinator, mended, MENDED)
        with clock.at(_moment(federation, 35)):
            _tell(coordinator, mended)
        made.append(mended)
    return made


def _tell(coordinator: Actor, fault: Fault) -> None:
    """What was decided, to everybody who can be reached."""
    told = [one for one in listeners(coordinator, fault) if one.can_be_told]
    if told:
        tell(coordinator, fault, [Telling(one.case.id, one.text) for one in told], seen=fault.version, looked=True)
    run_waiting_now()


def _suspected(federation: Federation, coordinator: Actor, tale: FaultTale) -> Fault | None:
    """None where no case shows it."""
    story = STORIES[tale.story]
    theme = next((row for row in organisations.themes(federation.id) if row.label == story.theme), None)
    seen_on = clock.today() - timedelta(days=tale.days_ago)
    shown_by = _cases(federation, coordinator, story.what_happened, theme, seen_on)[: tale.cases]
    if not shown_by:
        return None
    parties = {row.name: row.id for row in organisations.organisations(federation.id)}
    towns = [row.id for row in organisations.organisations(federation.id) if row.municipality_id is not None]
    details = Details(
        title=tale.title,
        what_happens=tale.what_happens,
        let_go_organisation_id=towns[0] if towns else None,
        should_catch_organisation_id=parties.get(story.about, towns[0] if towns else None),
        broken=tale.broken,
        broken_what=tale.broken_what,
        who_is_hit=tale.who_is_hit,
        cause=tale.cause,
        way_round=tale.way_round,
        theme_id=theme.id if theme is not None else None,
    )
    with clock.at(_moment(federation, tale.days_ago)):
        fault = service.suspect(coordinator, federation.id, details, shown_by[0], tale.why)
        for case in shown_by[1:]:
            service.link_case(coordinator, fault, case, tale.why)
    return fault


def _see_to(federation: Federation, coordinator: Actor, fault: Fault, tale: FaultTale) -> None:
    """Confirmed, owned, lifted, decided, and work begun, some days apart."""
    owner = _owner(federation)
    steps: Sequence[tuple[int, Callable[..., None]]] = (
        (3, partial(service.confirm, coordinator, fault)),
        (4, partial(service.set_owner, coordinator, fault, owner)),
        (10, partial(service.lift, coordinator, fault)),
        (28, partial(service.decide, coordinator, fault, tale.decision)),
        (33, partial(service.start_mending, coordinator, fault)),
    )
    for days, verb in steps:
        _on(federation, tale.days_ago - days, verb, fault)


def _on(federation: Federation, days_ago: int, verb: Callable[..., None], fault: Fault) -> None:
    with clock.at(_moment(federation, days_ago)):
        verb(seen=fault.version)


def _moment(federation: Federation, days_ago: int) -> datetime:
    return working_moment(federation, clock.today() - timedelta(days=days_ago), 0, hour=10)


def _cases(federation: Federation, coordinator: Actor, told: str, theme: Theme | None, before: date) -> list[Case]:
    """Cases that came in before the day: those that tell just this, then others of the theme, the latest first."""
    same = Report.what_happened == told
    query = visible(coordinator, federation.id).join(Report, Report.id == Case.report_id)
    alike = same if theme is None else same | (Case.theme_id == theme.id)
    query = query.where(Case.received_on < before, alike)
    order = (sql_case((same, 0), else_=1), Case.received_on.desc(), Case.id)
    return list(db.session.scalars(query.order_by(*order)))


def _owner(federation: Federation) -> Unit | None:
    """A unit of Arbetsförmedlingen that somebody answers for; without one the federation itself."""
    answered_for = organisations.answerable_unit_ids(federation.id, clock.today())
    found = (
        row for row in organisations.units(federation.id) if row.organisation.name == AF and row.id in answered_for
    )
    return next(found, None)
