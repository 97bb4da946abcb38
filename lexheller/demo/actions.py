"""The demonstration's actions: old ones are judged, the latest wait for it; one is to be done, and one is late.

Those that were carried out are told with their cases (`demo.fill`); here is what came of them.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select

from lexheller.accounts.rights import Actor
from lexheller.actions import effect, service
from lexheller.actions.measuring import measure_now
from lexheller.actions.models import Action, ActionStatus, FollowUp, FollowUpStatus
from lexheller.actions.queries import types
from lexheller.actions.rules import Measure
from lexheller.actions.service import Details
from lexheller.actions.states import Judgement
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.moments import working_moment
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import units

LEFT_TO_JUDGE = 2
UNIT_OF = "Arbetsförmedlingen"
WHY = {
    Judgement.WORKED: "Rutinen används, och cheferna tar upp den på sina möten.",
    Judgement.PARTLY: "De som var med gör annorlunda, men nya medarbetare har inte fått veta.",
    Judgement.DID_NOT: "Informationen nådde fram, men det som skapar glappet är kvar.",
}
TO_DO = (
    ("information_to_managers", "Informera cheferna om den gemensamma mötesrutinen", -40, -12),
    ("samverkanskoppen", "Samverkanskoppen om Statens servicecenter och vägen in", -10, 24),
)


def tell_demo_actions(federation: Federation, coordinator: Actor) -> None:
    """Where something is planned already it is left as it is."""
    planned = exists().where(Action.federation_id == federation.id, Action.status == ActionStatus.PLANNED)
    if db.session.scalar(select(planned)):
        return
    _judge_the_old(federation, coordinator)
    unit = next((row for row in units(federation.id) if row.organisation.name == UNIT_OF), None)
    kinds = {row.key: row for row in types(federation.id)}
    for key, text, recorded, due in TO_DO:
        days = [clock.today() + timedelta(days=offset) for offset in (recorded, due)]
        with clock.at(working_moment(federation, days[0], 0, hour=9)):
            details = Details(text, kinds.get(key), owner_unit=unit, due_on=days[1])
            service.record_new(coordinator, federation, details)


def _judge_the_old(federation: Federation, coordinator: Actor) -> None:
    """All but the latest whose day has come, each a couple of days after it."""
    ready = select(FollowUp).where(
        FollowUp.federation_id == federation.id,
        FollowUp.status == FollowUpStatus.WAITING,
        FollowUp.due_on < clock.today() - timedelta(days=7),
    )
    found = db.session.scalars(ready.order_by(FollowUp.due_on, FollowUp.id)).all()
    for follow_up in found[:-LEFT_TO_JUDGE]:
        action = follow_up.action
        with clock.at(working_moment(federation, follow_up.due_on, 2, hour=10)):
            judgement = _judgement(measure_now(action, clock.today()))
            effect.judge(coordinator, action, follow_up, judgement, WHY[judgement], seen=action.version)


def _judgement(measure: Measure | None) -> Judgement:
    """As somebody would who looks at the figures."""
    if measure is None or measure.before_sum == measure.after_sum:
        return Judgement.PARTLY
    return Judgement.WORKED if measure.after_sum < measure.before_sum else Judgement.DID_NOT
