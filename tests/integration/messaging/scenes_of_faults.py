"""Scenes: a fault that comes back, and news of one to the reporters whose cases show it."""

from __future__ import annotations

from datetime import timedelta

from scenes import (
    FK,
    MONDAY,
    OFFICE,
    REPORTER,
    SECRET,
    Made,
    Scene,
    address_taken_back,
    assigned,
    kept,
    role_gone,
    settle,
)

from lexheller.cases.models import Case
from lexheller.casework import notices, telling
from lexheller.casework.telling import Telling
from lexheller.core import clock
from lexheller.faults import service
from lexheller.faults.models import Fault
from lexheller.faults.notices import RECURRED
from lexheller.faults.service import TEXTS, Details
from tests.cast.people import Cast

TEXT = f"{SECRET} i systemfelet."


def fault_with(cast: Cast, case: Case, owner: str | None = None) -> Fault:
    """Confirmed, with SECRET in every text; owned by the organisation's first unit if one is named."""
    office = cast.coordinator
    fault = service.suspect(office, case.federation_id, Details(TEXT, **dict.fromkeys(TEXTS, TEXT)), case, TEXT)
    service.confirm(office, fault, seen=fault.version)
    service.decide(office, fault, TEXT, seen=fault.version)
    if owner is not None:
        service.set_owner(office, fault, cast.unit(owner), seen=fault.version)
    return fault


def over(cast: Cast, fault: Fault) -> None:
    service.close(cast.coordinator, fault, TEXT, seen=fault.version)


def came_back(owner: str | None = None):
    def play(cast: Cast) -> Made:
        case = assigned(cast)
        fault = kept(lambda: fault_with(cast, case, owner))
        kept(lambda: over(cast, fault))
        made = Made(other=fault, at=MONDAY, marks=(fault.number,))
        comes_back(cast, made)
        return made

    return play


def comes_back(cast: Cast, made: Made) -> None:
    """A week later, in a case that came in after the end."""
    made.at = (made.at or MONDAY) + timedelta(weeks=1)
    with clock.at(made.at):
        made.case = assigned(cast)
        kept(lambda: linked(cast, made))


def linked(cast: Cast, made: Made) -> object:
    return service.link_case(cast.coordinator, made.other, made.case, TEXT)


def comes_back_anew(cast: Cast, made: Made) -> None:
    kept(lambda: over(cast, made.other))
    comes_back(cast, made)


def telling_news(cast: Cast) -> Made:
    made = Made(assigned(cast))
    settle()
    made.other = kept(lambda: fault_with(cast, made.case)), 0
    tell_anew(cast, made)
    return made


def tell(cast: Cast, made: Made) -> object:
    fault, seen = made.other
    return telling.tell(cast.coordinator, fault, [Telling(made.case.id, TEXT)], seen=seen)


def tell_anew(cast: Cast, made: Made) -> None:
    fault, _seen = made.other
    made.other = fault, fault.version
    kept(lambda: tell(cast, made))


SCENES = (
    Scene(
        RECURRED,
        (OFFICE,),
        "nu har ett nytt ärende visat att det hänt igen",
        came_back(),
        linked,
        {"role gone": role_gone, "over again": lambda cast, made: over(cast, made.other)},
        comes_back_anew,
    ),
    Scene(
        RECURRED,
        (OFFICE, FK),
        "nu har ett nytt ärende visat att det hänt igen",
        came_back("Försäkringskassan"),
        linked,
        {"over again": lambda cast, made: over(cast, made.other)},
        comes_back_anew,
        variant="owned",
    ),
    Scene(
        notices.REPORTER_NEWS["fault_news"],
        (REPORTER,),
        "något nytt att berätta",
        telling_news,
        tell,
        {"address taken back": address_taken_back},
        tell_anew,
    ),
)
