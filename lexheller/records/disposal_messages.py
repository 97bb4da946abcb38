"""The mails to the others who plan disposal: a proposal that they can decide, a plan that somebody wrote in (P7)."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, users_with
from lexheller.accounts.rights import Right
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.messaging.service import ask_each
from lexheller.organisations.labels import full_name
from lexheller.organisations.queries import federation_of
from lexheller.records.disposal_models import Disposal, DisposalPlan
from lexheller.records.disposal_queries import contents_of, items_of, plan_in_force
from lexheller.records.disposal_rules import NIGHTLY, DisposalStatus, nightly_from
from lexheller.web.links import absolute_url

WAITS = "records.disposal_waits"
ADOPTED = "records.plan_adopted"


def install(app: Flask) -> None:
    register(app, Kind(WAITS, _who_decides, _words_of_proposal, subject=Disposal))
    register(app, Kind(ADOPTED, _who_reads, _words_of_plan, subject=DisposalPlan))


def tell_the_others(disposal: Disposal) -> None:
    """That a proposal waits for one of them to decide."""
    _tell(WAITS, disposal, disposal.proposed_by_user_id)


def tell_of_plan(plan: DisposalPlan) -> None:
    """That somebody wrote in a plan: all that is deleted rests on it."""
    _tell(ADOPTED, plan, plan.written_by_user_id)


def _tell(kind: str, subject: Disposal | DisposalPlan, by: int) -> None:
    ask_each(
        kind,
        [user.id for user in users_with(Right.PLAN_DISPOSAL, subject.federation_id) if user.id != by],
        key=f"{kind}:{subject.id}",
        federation_id=subject.federation_id,
        subject_id=subject.id,
    )


def _who_decides(message: Message) -> Address | None:
    """Somebody who may decide it still, as long as it waits for that (P6)."""
    disposal = db.session.get(Disposal, message.subject_id)
    if disposal is None or disposal.federation_id != message.federation_id:
        return None
    if disposal.status != DisposalStatus.PROPOSED:
        return None
    return _planner_but(disposal.proposed_by_user_id, message)


def _who_reads(message: Message) -> Address | None:
    """Somebody who may write in another still, as long as none has been written since (P6)."""
    plan = plan_in_force(message.federation_id)
    if plan is None or plan.id != message.subject_id:
        return None
    return _planner_but(plan.written_by_user_id, message)


def _planner_but(by: int, message: Message) -> Address | None:
    user = db.session.get(User, message.recipient_id)
    if user is None or user.id == by or not actor_for(user).may(Right.PLAN_DISPOSAL, message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _words_of_proposal(message: Message) -> Words:
    disposal = db.session.get_one(Disposal, message.subject_id)
    federation = federation_of(disposal.federation_id)
    return Words(
        str(_("Ett förslag till gallring väntar på beslut")),
        "email/records/disposal_waits.txt",
        {
            "count": len(items_of(disposal)),
            "federation_name": full_name(federation),
            "link": absolute_url("disposals.show", federation=federation.slug, disposal_id=disposal.id),
        },
    )


def _words_of_plan(message: Message) -> Words:
    plan = db.session.get_one(DisposalPlan, message.subject_id)
    federation = federation_of(plan.federation_id)
    at_night = any(kind in NIGHTLY for kind in contents_of(plan).rules)
    return Words(
        str(_("En ny gallringsplan gäller")),
        "email/records/plan_adopted.txt",
        {
            "version": plan.version,
            "federation_name": full_name(federation),
            "nightly_from": clock.day_of(nightly_from(plan.written_at, plan.wait_days)) if at_night else None,
            "link": absolute_url("disposals.plan", federation=federation.slug),
        },
    )
