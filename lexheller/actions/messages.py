"""The mails about an action: that a unit has been given it, that it is to be done, is late or was not done, and that
its effect is to be judged.

They say which number and what waits, and lead to its page; no text of it, ever (P7). Looked at anew when they are
sent: what no longer matters, or somebody who left, is not written to (P6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from flask import Flask
from flask_babel import gettext as _

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for
from lexheller.actions.clocks import ESCALATE, OVERDUE, REMIND
from lexheller.actions.models import Action, ActionDueStep, FollowUpStatus
from lexheller.actions.permissions import may_see
from lexheller.actions.recipients import owners, stands_there
from lexheller.actions.states import LIVE
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.deadlines.ladder import Person, Rung
from lexheller.deadlines.messages import opens_at
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.messaging.service import ask_each
from lexheller.organisations.labels import full_name
from lexheller.web.links import absolute_url

GIVEN = "actions.given"
DUE = "actions.due"
LATE = "actions.overdue"
ESCALATED = "actions.escalated"
EFFECT_DUE = "actions.effect_due"
EFFECT_LATE = "actions.effect_escalated"
TEMPLATE: Mapping[str, str] = {
    DUE: "email/actions/due.txt",
    LATE: "email/actions/overdue.txt",
    ESCALATED: "email/actions/escalated.txt",
    EFFECT_DUE: "email/actions/effect_due.txt",
    EFFECT_LATE: "email/actions/effect_escalated.txt",
}


def install(app: Flask) -> None:
    for kind in TEMPLATE:
        register(app, Kind(kind, _address, _words, subject=ActionDueStep, not_before=opens_at))
    register(app, Kind(GIVEN, _owner_address, _given_words, subject=Action, not_before=opens_at))


def tell_owner(action: Action) -> None:
    """Ask for the mails to those whose unit has been given the action, once for each time it is; none when it is over.

    Without anybody there, nobody is told now: the office is reminded in their place.
    """
    if action.status not in LIVE:
        return
    ask_each(
        GIVEN,
        [person.id for person in owners(action, clock.today())],
        key=f"{GIVEN}:{action.id}:{action.version}",
        federation_id=action.federation_id,
        subject_id=action.id,
    )


def tell(step: ActionDueStep, people: Iterable[Person]) -> None:
    """Ask for the mails of a step that has fired, one for each."""
    ask_each(
        kind_of_step(step),
        [person.id for person in people],
        key=f"{kind_of_step(step)}:{step.id}",
        federation_id=step.federation_id,
        subject_id=step.id,
    )


def kind_of_step(step: ActionDueStep) -> str:
    if step.follow_up_id is not None:
        return EFFECT_LATE if step.kind in ESCALATE else EFFECT_DUE
    if step.kind in ESCALATE:
        return ESCALATED
    return LATE if step.kind == OVERDUE else DUE


def _address(message: Message) -> Address | None:
    """A user who stands where the step went, may open the action, and for whom it still matters (P6)."""
    step = db.session.get(ActionDueStep, message.subject_id)
    user = db.session.get(User, message.recipient_id)
    if step is None or user is None or step.federation_id != message.federation_id or step.rung is None:
        return None
    action, rung = step.action, Rung[step.rung.upper()]
    both = step.follow_up_id is not None and rung is Rung.COORDINATOR
    if not _matters(step, action) or not may_see(actor_for(user), action):
        return None
    if not stands_there(user, action, rung, clock.today(), or_below=both):
        return None
    return Address(user.email, user.name, user.locale)


def _owner_address(message: Message) -> Address | None:
    """A user who answers for the unit that owns the action when the mail leaves, and to whom it is still to do (P6)."""
    action = db.session.get(Action, message.subject_id)
    user = db.session.get(User, message.recipient_id)
    if action is None or user is None or action.federation_id != message.federation_id or action.status not in LIVE:
        return None
    if not may_see(actor_for(user), action) or not stands_there(user, action, Rung.MANAGER, clock.today()):
        return None
    return Address(user.email, user.name, user.locale)


def _matters(step: ActionDueStep, action: Action) -> bool:
    """Whether what the step was about is still so: a reminder that was overtaken by the day itself says nothing."""
    follow_up = step.follow_up
    if follow_up is not None:
        return follow_up.status == FollowUpStatus.WAITING and follow_up.step_round == step.round
    if action.status not in LIVE or action.step_round != step.round or action.due_on is None:
        return False
    return step.kind != REMIND or clock.today() <= action.due_on


def _words(message: Message) -> Words:
    step = db.session.get_one(ActionDueStep, message.subject_id)
    due_on = step.follow_up.due_on if step.follow_up is not None else step.action.due_on
    return Words(_subject(message.kind, step.action.number), TEMPLATE[message.kind], _values(step.action, due_on))


def _given_words(message: Message) -> Words:
    action = db.session.get_one(Action, message.subject_id)
    subject = _("Din enhet har fått åtgärd %(number)d", number=action.number)
    return Words(subject, "email/actions/given.txt", _values(action, action.due_on))


def _values(action: Action, due_on: date | None) -> dict[str, object]:
    return {
        "number": action.number,
        "due_on": due_on,
        "federation_name": full_name(action.federation),
        "link": absolute_url("improvement.action", federation=action.federation.slug, action_id=action.id),
    }


def _subject(kind: str, number: int) -> str:
    said = {
        DUE: _("Åtgärd %(number)d ska snart vara klar", number=number),
        LATE: _("Åtgärd %(number)d är försenad", number=number),
        ESCALATED: _("Åtgärd %(number)d är inte gjord", number=number),
        EFFECT_DUE: _("Hjälpte åtgärd %(number)d?", number=number),
        EFFECT_LATE: _("Effekten av åtgärd %(number)d är inte bedömd", number=number),
    }
    return str(said[kind])
