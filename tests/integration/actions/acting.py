"""Actions for the tests: one planned, one done, and the ticks of the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from lexheller.accounts.rights import Actor
from lexheller.actions import service
from lexheller.actions.models import Action, ActionDueStep, FollowUp
from lexheller.actions.service import Details, Done
from lexheller.actions.sweep import fire_action_steps
from lexheller.audit.queries import history
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.faults.models import Fault
from lexheller.organisations.models import Unit
from tests.cast.people import HOME, Cast

TEXT = "Informera cheferna om kontaktvägarna."


def moment(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SWEDEN)


def planned(
    cast: Cast,
    *,
    due_in: int | None = 30,
    unit: Unit | None = None,
    slug: str = HOME,
    cases: tuple[Case, ...] = (),
    faults: tuple[Fault, ...] = (),
    text: str = TEXT,
    by: Actor | None = None,
) -> Action:
    due_on = clock.today() + timedelta(days=due_in) if due_in is not None else None
    details = Details(text, owner_unit=unit, due_on=due_on)
    with transaction():
        actor = by or cast.person("samordnare", slug)
        return service.record_new(actor, cast.federation(slug), details, cases=cases, faults=faults)


def done(cast: Cast, *, on: date | None = None, unit: Unit | None = None, cases: tuple[Case, ...] = ()) -> Action:
    """Planned without a day, and carried out."""
    action = planned(cast, due_in=None, unit=unit, cases=cases)
    with transaction():
        what = Done(on or clock.today(), "Fyra möten hölls.", 24)
        service.finish(cast.coordinator, action, what, seen=action.version)
    return action


def tick(when: datetime) -> int:
    with clock.at(when):
        return fire_action_steps()


def steps(action: Action) -> list[ActionDueStep]:
    db.session.expire_all()
    query = db.select(ActionDueStep).where(ActionDueStep.action_id == action.id)
    return list(db.session.scalars(query.order_by(ActionDueStep.due_at, ActionDueStep.id)))


def follow_ups(action: Action) -> list[FollowUp]:
    query = db.select(FollowUp).where(FollowUp.action_id == action.id).order_by(FollowUp.due_on, FollowUp.id)
    return list(db.session.scalars(query))


def kinds(action: Action) -> list[str]:
    return [event.kind for event in history(action.federation_id, "action", action.id)]
