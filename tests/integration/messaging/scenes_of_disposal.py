"""Scene: a proposal for disposal waits for somebody else's decision."""

from __future__ import annotations

from contextlib import suppress

from scenes import OFFICE, SECRET, Made, Scene, kept, moment, role_gone

from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.records import disposal_service as disposing
from lexheller.records.disposal_messages import WAITS
from lexheller.records.disposal_models import Disposal
from tests.cast.people import HOME, Cast
from tests.integration.records.disposing_of_cases import a_plan, adopt, closed, freeze

STARTS = moment("2030-03-04 10:00")


def proposal(cast: Cast, slug: str = HOME) -> Disposal:
    """By the director, of one old case."""
    closed(cast, 2024, slug=slug, what_happened=f"{SECRET} i texten.")
    freeze(cast, 2024, slug=slug)
    closed(cast, 2029, slug=slug)
    with clock.at(STARTS):
        adopt(cast, a_plan(), slug)
        return propose(cast, slug)


def propose(cast: Cast, slug: str = HOME) -> Disposal:
    director = cast.person("forbundschef", slug)
    return kept(lambda: disposing.propose(director, cast.federation(slug).id, clock.today()))


def proposed(cast: Cast) -> Made:
    return Made(other=proposal(cast), marks=(cast.federation().name,))


def again(cast: Cast, _made: Made) -> None:
    with suppress(InvalidInput):
        disposing.propose(cast.director, cast.federation().id, clock.today())


def call_off(cast: Cast, made: Made) -> None:
    disposing.call_off(cast.director, made.other, seen=made.other.version)


def decide(cast: Cast, made: Made) -> None:
    disposing.decide(cast.coordinator, made.other, seen=made.other.version)


def anew(cast: Cast, made: Made) -> None:
    kept(lambda: call_off(cast, made))
    propose(cast)


SCENES = (
    Scene(
        WAITS,
        to=(OFFICE,),
        waits="behöver besluta",
        play=proposed,
        again=again,
        lost={"role": role_gone, "called off": call_off, "decided": decide},
        anew=anew,
        starts=STARTS,
    ),
)
