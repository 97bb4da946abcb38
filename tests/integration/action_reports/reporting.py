"""A year's report brought to where a test needs it: through the verbs, as the director and the coordinator would."""

from __future__ import annotations

from datetime import UTC, datetime

from lexheller.action_reports import drafting, editions, goal_rows
from lexheller.action_reports.drafting import draft_of, report_data
from lexheller.action_reports.goal_rows import Goal
from lexheller.action_reports.models import Edition
from lexheller.action_reports.states import Fulfilment
from lexheller.cases.states import CaseStatus
from lexheller.core import clock
from lexheller.core.transaction import transaction
from tests.cast.people import HOME, Cast

YEAR = 2024
SPRING = datetime(YEAR, 3, 4, 9, tzinfo=UTC)
FEBRUARY = datetime(YEAR + 1, 2, 3, 9, tzinfo=UTC)
PATH = f"/atgardsrapport/{HOME}/{YEAR}"
TEXT = "Vi har arbetat mer med SIP."


def cases_of_the_year(cast: Cast) -> list[int]:
    """Three cases of 2024: one routed, one answered, one closed."""
    with clock.at(SPRING):
        return [cast.reach(status).id for status in (CaseStatus.ASSIGNED, CaseStatus.ANSWERED, CaseStatus.CLOSED)]


def write(cast: Cast, text: str = TEXT, chapter: str = "summary") -> None:
    with transaction():
        drafting.write_texts(cast.coordinator, cast.federation(), YEAR, {chapter: text}, seen=version(cast))


def add_goal(cast: Cast, text: str = "Fler gemensamma rutiner", fulfilment: Fulfilment = Fulfilment.MET) -> int:
    with transaction():
        return goal_rows.add_goal(
            cast.coordinator, cast.federation(), YEAR, Goal(text, fulfilment, "Två nya."), seen=version(cast)
        ).id


def approve(cast: Cast) -> None:
    with transaction():
        editions.approve(cast.director, cast.federation(), YEAR, seen_hash=hash_now(cast))


def freeze(cast: Cast) -> Edition:
    with transaction():
        return editions.freeze(cast.coordinator, cast.federation(), YEAR)


def frozen(cast: Cast) -> Edition:
    """The first edition of a year with three cases, a text and a goal."""
    cases_of_the_year(cast)
    write(cast)
    add_goal(cast)
    approve(cast)
    return freeze(cast)


def version(cast: Cast) -> int:
    draft = draft_of(cast.federation().id, YEAR)
    return draft.version if draft else 0


def hash_now(cast: Cast) -> str:
    return str(report_data(cast.federation(), YEAR)["hash"])
