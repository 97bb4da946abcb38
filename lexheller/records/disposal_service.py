"""The verbs of disposal: adopting a plan, proposing, deciding, calling off. Nothing is deleted here.

One proposes and another decides, both with the right to plan disposal; the table refuses the same person too.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from lexheller.accounts.rights import Actor, Right
from lexheller.accounts.second_person import why_no_second_person
from lexheller.audit.queries import history
from lexheller.audit.service import lock_chains, record
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.records import disposal_messages
from lexheller.records.disposal_models import Disposal, DisposalItem, DisposalPlan, DisposalRule
from lexheller.records.disposal_queries import demand_planning, dry_run, has_begun, items_of, plan_in_force, under_way
from lexheller.records.disposal_rules import DisposalStatus, DocumentKind, Plan, checked
from lexheller.statements.queries import details_of

CARRY_OUT_JOB = "records.carry_out_disposal"
PLAN, DISPOSAL = "disposal_plan", "disposal"


def adopt_plan(actor: Actor, federation_id: int, plan: Plan, *, seen: int) -> DisposalPlan:
    """The plan that was adopted is in force from now on, as a new version; earlier ones stay to be read. The others who
    plan disposal are told; what goes at night follows it when its waiting time is over.

    `seen`: the version that the writer saw, 0 for none. Raises NotAllowedToSee; InvalidInput by field (codes:
    `disposal_rules.checked`, P23, and `differs` where the open statement promises another number of days for the
    reporter's address); Conflict when there is a newer version.
    """
    user_id = _planner(actor, federation_id)
    refuse_identity_numbers(**plan.texts)
    checked(plan, clock.today())
    rule = plan.rules.get(DocumentKind.REPORTER)
    if rule is not None and rule.kept != details_of(federation_id).reporter_days:
        raise InvalidInput("reporter_kept", "differs")
    lock_chains([federation_id])
    newest = plan_in_force(federation_id)
    version = newest.version if newest is not None else 0
    if version != seen:
        raise Conflict(f"disposal plan of federation {federation_id}: {seen} seen, {version} now")
    row = DisposalPlan(
        federation_id=federation_id,
        version=version + 1,
        decision=plan.decision,
        adopted_on=plan.adopted_on,
        adopted_by=plan.adopted_by,
        wait_days=plan.wait_days,
        written_by_user_id=user_id,
        written_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        DisposalRule(
            plan_id=row.id,
            federation_id=federation_id,
            kind=kind,
            kept=rule.kept,
            after=rule.after,
            ground=rule.ground,
        )
        for kind, rule in plan.rules.items()
    )
    db.session.flush()
    rules = {str(kind): {"kept": rule.kept, "after": str(rule.after)} for kind, rule in plan.rules.items()}
    data = {"version": row.version, "wait_days": row.wait_days, "rules": rules}
    _record(actor, "disposal.plan_adopted", PLAN, federation_id, row.id, data)
    disposal_messages.tell_of_plan(row)
    return row


def propose(actor: Actor, federation_id: int, as_of: date) -> Disposal:
    """Name all that falls under the plan as of a day and that nothing hinders, for somebody else to decide.

    Those who can are told. Raises NotAllowedToSee, and InvalidInput: `as_of` (`in_future`), `disposal` (`under_way`:
    another proposal waits; `no_plan`; `nothing`).
    """
    user_id = _planner(actor, federation_id)
    if as_of > clock.today():
        raise InvalidInput("as_of", "in_future")
    lock_chains([federation_id])
    plan = plan_in_force(federation_id)
    if plan is None:
        raise InvalidInput("disposal", "no_plan")
    if under_way(federation_id) is not None:
        raise InvalidInput("disposal", "under_way")
    found = dry_run(actor, federation_id, as_of)
    if not found.going:
        raise InvalidInput("disposal", "nothing")
    row = Disposal(
        federation_id=federation_id,
        plan_id=plan.id,
        as_of=as_of,
        status=DisposalStatus.PROPOSED,
        proposed_by_user_id=user_id,
        proposed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        DisposalItem(
            federation_id=federation_id,
            disposal_id=row.id,
            kind=line.kind,
            subject_id=line.subject_id,
            number=line.number,
            year=line.year,
            ended_on=line.ended_on,
        )
        for line in found.going
    )
    db.session.flush()
    named: dict[str, list[int]] = {}
    for line in found.going:
        named.setdefault(str(line.kind), []).append(line.subject_id)
    data = {"plan_version": plan.version, "as_of": as_of.isoformat(), "named": named}
    _record(actor, "disposal.proposed", DISPOSAL, federation_id, row.id, data)
    disposal_messages.tell_the_others(row)
    return row


def decide(actor: Actor, disposal: Disposal, *, seen: int) -> None:
    """What was proposed is to be deleted, after the plan's waiting time; until then it can be called off.

    Raises NotAllowedToSee; InvalidInput on `disposal`: `same_person` (whoever proposed never decides), the codes of
    `why_no_second_person` (nor does whoever may be the same person with another address), `not_proposed`,
    `plan_changed` (there is a newer plan than the one that it was proposed under); Conflict.
    """
    user_id = _planner(actor, disposal.federation_id)
    if disposal.proposed_by_user_id == user_id:
        raise InvalidInput("disposal", "same_person")
    _refuse_second_address(disposal, user_id)
    if disposal.status != DisposalStatus.PROPOSED:
        raise InvalidInput("disposal", "not_proposed")
    plan = plan_in_force(disposal.federation_id)
    if plan is None or plan.id != disposal.plan_id:
        raise InvalidInput("disposal", "plan_changed")
    now = clock.now()
    not_before = now + timedelta(days=plan.wait_days)
    values = {
        "status": DisposalStatus.DECIDED,
        "decided_by_user_id": user_id,
        "decided_at": now,
        "not_before": not_before,
    }
    _move(disposal, seen, values)
    data = {"not_before": not_before.isoformat(), "count": len(items_of(disposal))}
    _record(actor, "disposal.decided", DISPOSAL, disposal.federation_id, disposal.id, data)
    jobs.ask_for(
        CARRY_OUT_JOB,
        federation_id=disposal.federation_id,
        subject_id=disposal.id,
        key=f"{CARRY_OUT_JOB}:{disposal.id}",
        due_at=not_before,
    )


def call_off(actor: Actor, disposal: Disposal, *, seen: int) -> None:
    """Nothing of it is deleted. Anybody who plans disposal may, whoever proposed it too.

    Raises NotAllowedToSee; InvalidInput on `disposal`: `over`, `begun` (a part of it is gone already); Conflict.
    """
    user_id = _planner(actor, disposal.federation_id)
    db.session.scalar(select(Disposal.id).where(Disposal.id == disposal.id).with_for_update())
    if disposal.status not in (DisposalStatus.PROPOSED, DisposalStatus.DECIDED):
        raise InvalidInput("disposal", "over")
    if has_begun(disposal):
        raise InvalidInput("disposal", "begun")
    before = disposal.status
    values = {"status": DisposalStatus.CALLED_OFF, "called_off_by_user_id": user_id, "ended_at": clock.now()}
    _move(disposal, seen, values)
    _record(actor, "disposal.called_off", DISPOSAL, disposal.federation_id, disposal.id, {"from": before})


def _planner(actor: Actor, federation_id: int) -> int:
    demand_planning(actor, federation_id)
    if actor.user_id is None:
        raise NotAllowedToSee("disposal is planned by people")
    return actor.user_id


def _refuse_second_address(disposal: Disposal, user_id: int) -> None:
    told = history(disposal.federation_id, DISPOSAL, disposal.id)
    why = why_no_second_person(
        Right.PLAN_DISPOSAL,
        disposal.federation_id,
        proposer=disposal.proposed_by_user_id,
        decider=user_id,
        proposed_at=disposal.proposed_at,
        since=told[0].sequence if told else None,
    )
    if why is not None:
        raise InvalidInput("disposal", why)


def _move(disposal: Disposal, seen: int, values: dict[str, Any]) -> None:
    """Compare-and-set (P13)."""
    result = db.session.execute(
        update(Disposal)
        .where(Disposal.id == disposal.id, Disposal.federation_id == disposal.federation_id)
        .where(Disposal.version == seen, Disposal.status == disposal.status)
        .values(version=seen + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(f"disposal {disposal.id} was changed by somebody else")
    db.session.refresh(disposal)


def _record(
    actor: Actor, kind: str, subject_type: str, federation_id: int, subject_id: int, data: dict[str, Any]
) -> None:
    record(actor, kind, federation_id=federation_id, subject_type=subject_type, subject_id=subject_id, data=data)
