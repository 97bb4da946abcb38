"""Faults and linked cases for the tests, made by the verbs."""

from __future__ import annotations

from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.faults import service
from lexheller.faults.models import Fault
from lexheller.faults.service import Details
from lexheller.organisations.models import Unit
from lexheller.organisations.service import add_unit
from tests.cast.people import HOME, Cast

TITLE = "Ingen tar över när sjukpenningen tar slut"
WHY = "Samma lucka igen."
DECISION = "Parterna inför ett gemensamt överlämningsmöte."
ENDING = "Mötet finns nu och fungerar."


def fault_in(cast: Cast, slug: str = HOME, **more: object) -> Fault:
    """A suspected fault, without cases."""
    office, federation_id = cast.person("samordnare", slug), cast.federation(slug).id
    with transaction():
        return service.suspect(office, federation_id, Details(**{"title": TITLE, **more}))  # type: ignore[arg-type]


def with_cases(cast: Cast, count: int = 2, slug: str = HOME, **more: object) -> tuple[Fault, list[Case]]:
    """A confirmed fault that many cases show, each with its manager."""
    fault = fault_in(cast, slug, **more)
    cases = [cast.reach(CaseStatus.ASSIGNED, slug) for _number in range(count)]
    office = cast.person("samordnare", slug)
    with transaction():
        for case in cases:
            service.link_case(office, fault, case, WHY)
        service.confirm(office, fault, seen=fault.version)
    return fault, cases


def decided(cast: Cast, fault: Fault, slug: str = HOME) -> Fault:
    with transaction():
        service.decide(cast.person("samordnare", slug), fault, DECISION, seen=fault.version)
    return fault


def closed(cast: Cast, fault: Fault, slug: str = HOME) -> Fault:
    with transaction():
        service.close(cast.person("samordnare", slug), fault, ENDING, seen=fault.version)
    return fault


def without_account(cast: Cast) -> Unit:
    """A unit where nobody who answers for it has an account."""
    found = cast.unit("Försäkringskassan")
    with transaction():
        return add_unit(
            cast.coordinator, cast.federation().id, organisation_id=found.organisation_id, name="Utan konto"
        )


def row_of(fault_id: int) -> Fault:
    return db.session.get_one(Fault, fault_id)
