"""Scenes: a plan for disposal is written in; a proposal waits for somebody else's decision."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from scenes import OFFICE, SECRET, Made, Scene, kept, moment, role_gone

from lexheller.core import clock
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.records import disposal_service as disposing
from lexheller.records.disposal_messages import ADOPTED, WAITS
from lexheller.records.disposal_models import Disposal, DisposalPlan
from lexheller.records.disposal_queries import plan_in_force
from lexheller.statements.queries import details_of
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


def plan_of(cast: Cast, slug: str = HOME) -> DisposalPlan:
    """By the director; its words are people's, and stand in no mail."""
    adopt(cast, replace(a_plan(days=details_of(cast.federation(slug).id).reporter_days), decision=SECRET), slug)
    plan = plan_in_force(cast.federation(slug).id)
    assert plan is not None
    return plan


def adopted(cast: Cast) -> Made:
    return Made(other=plan_of(cast), marks=(cast.federation().name, "version 1"))


def adopted_again(cast: Cast, made: Made) -> None:
    """Sent twice, as when somebody presses twice."""
    with suppress(Conflict):
        write_in(cast, made.other.version - 1)


def another_plan(cast: Cast, made: Made) -> None:
    write_in(cast, made.other.version)


def write_in(cast: Cast, seen: int) -> None:
    disposing.adopt_plan(cast.director, cast.federation().id, a_plan(), seen=seen)


SCENES = (
    Scene(
        ADOPTED,
        to=(OFFICE,),
        waits="se att den stämmer",
        play=adopted,
        again=adopted_again,
        lost={"role": role_gone, "another plan": another_plan},
        anew=lambda cast, made: kept(lambda: another_plan(cast, made)),
        starts=STARTS,
    ),
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
