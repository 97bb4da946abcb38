"""Reading actions: for the yearly report and a case's page by federation or case, for people the viewer first (P15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor, Right
from lexheller.actions.models import (
    Action,
    ActionCase,
    ActionFault,
    ActionStatus,
    ActionType,
    FollowUp,
    FollowUpStatus,
)
from lexheller.actions.permissions import sees_all
from lexheller.actions.states import LIVE
from lexheller.cases.models import Case
from lexheller.cases.queries import visible as visible_cases
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.faults.models import Fault
from lexheller.faults.queries import visible as visible_faults
from lexheller.organisations.models import Theme

MOST_OF_FAULT = 100


def types(federation_id: int) -> list[ActionType]:
    query = select(ActionType).where(ActionType.federation_id == federation_id, ActionType.active.is_(True))
    return list(db.session.scalars(query.order_by(ActionType.position, ActionType.id)))


def of_case(case_id: int) -> list[Action]:
    query = (
        select(Action)
        .join(ActionCase, ActionCase.action_id == Action.id)
        .where(ActionCase.case_id == case_id)
        .options(joinedload(Action.type), joinedload(Action.owner_unit))
    )
    return list(db.session.scalars(query.order_by(func.coalesce(Action.action_on, Action.due_on), Action.id)))


def case_ids_of(action_ids: list[int]) -> dict[int, list[int]]:
    """Case ids per action id, in one query."""
    query = select(ActionCase.action_id, ActionCase.case_id).where(ActionCase.action_id.in_(action_ids))
    found: dict[int, list[int]] = {}
    for action_id, case_id in db.session.execute(query.order_by(ActionCase.case_id)):
        found.setdefault(action_id, []).append(case_id)
    return found


def visible(actor: Actor, federation_id: int) -> Select[Action]:
    """The federation's actions that the actor may see: all, or those that the own units own."""
    query = select(Action).where(Action.federation_id == federation_id)
    if sees_all(actor, federation_id) and actor.duty_id is None:
        return query
    if actor.may(Right.ANSWER_DUTIES, federation_id) and actor.unit_ids and actor.duty_id is None:
        return query.where(Action.owner_unit_id.in_(actor.unit_ids))
    return query.where(false())


def action_for(actor: Actor, federation_id: int, action_id: int) -> Action:
    """The action, whole. Raises NotAllowedToSee: missing, another federation's and forbidden look alike."""
    query = visible(actor, federation_id).where(Action.id == action_id)
    found = db.session.scalar(query.options(joinedload(Action.type), joinedload(Action.owner_unit)))
    if found is None:
        raise NotAllowedToSee(f"action {action_id}")
    return found


def follow_up_of(action: Action, follow_up_id: int) -> FollowUp:
    """Raises NotAllowedToSee for one of another action."""
    query = select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.action_id == action.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotAllowedToSee(f"follow-up {follow_up_id}")
    return found


def follow_ups(action_ids: Iterable[int]) -> dict[int, list[FollowUp]]:
    """By action id, the earliest day first, in one query."""
    query = select(FollowUp).where(FollowUp.action_id.in_(set(action_ids)))
    found: dict[int, list[FollowUp]] = {}
    for row in db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id)):
        found.setdefault(row.action_id, []).append(row)
    return found


def cases_of(actor: Actor, action: Action) -> list[Case]:
    """The action's cases that the actor may see, in the order of their ids."""
    linked = select(ActionCase.case_id).where(ActionCase.action_id == action.id)
    query = visible_cases(actor, action.federation_id).where(Case.id.in_(linked))
    return list(db.session.scalars(query.options(joinedload(Case.theme)).order_by(Case.id)))


def faults_seen(actor: Actor, federation_id: int, action_ids: Iterable[int]) -> dict[int, list[Fault]]:
    """Faults that the actions are taken for and that the actor may see, by action id, in one query."""
    seen = visible_faults(actor, federation_id).with_only_columns(Fault.id)
    query = (
        select(ActionFault.action_id, Fault)
        .join(Fault, Fault.id == ActionFault.fault_id)
        .where(ActionFault.action_id.in_(set(action_ids)), Fault.id.in_(seen))
        .options(joinedload(Fault.theme))
        .order_by(ActionFault.action_id, Fault.id)
    )
    found: dict[int, list[Fault]] = {}
    for action_id, fault in db.session.execute(query):
        found.setdefault(action_id, []).append(fault)
    return found


def themes_seen(actor: Actor, federation_id: int, action_ids: Iterable[int]) -> dict[int, list[str]]:
    """Labels of the themes of those cases of each action that the actor may see, each once, in one query."""
    seen = visible_cases(actor, federation_id).with_only_columns(Case.id)
    query = (
        select(ActionCase.action_id, Theme.label)
        .join(Case, Case.id == ActionCase.case_id)
        .join(Theme, Theme.id == Case.theme_id)
        .where(ActionCase.action_id.in_(set(action_ids)), Case.id.in_(seen))
        .distinct()
        .order_by(ActionCase.action_id, Theme.label)
    )
    found: dict[int, list[str]] = {}
    for action_id, label in db.session.execute(query):
        found.setdefault(action_id, []).append(label)
    return found


def has_others(actor: Actor, action: Action) -> bool:
    """Whether the action is taken for some case or fault that the actor may not see: that it is so, never how many."""
    cases = visible_cases(actor, action.federation_id).with_only_columns(Case.id)
    faults = visible_faults(actor, action.federation_id).with_only_columns(Fault.id)
    other_case = exists().where(ActionCase.action_id == action.id, ActionCase.case_id.not_in(cases))
    other_fault = exists().where(ActionFault.action_id == action.id, ActionFault.fault_id.not_in(faults))
    return bool(db.session.scalar(select(or_(other_case, other_fault))))


def of_fault(actor: Actor, fault: Fault) -> list[Action]:
    """What has been, or is to be, done about the fault, as far as the actor may see it; the newest first."""
    linked = select(ActionFault.action_id).where(ActionFault.fault_id == fault.id)
    query = visible(actor, fault.federation_id).where(Action.id.in_(linked)).options(joinedload(Action.type))
    return list(db.session.scalars(query.order_by(Action.id.desc()).limit(MOST_OF_FAULT)))


def faults_to_link(federation_id: int, most: int = 200) -> list[Fault]:
    """The federation's faults, the newest first, for a choice."""
    query = select(Fault).where(Fault.federation_id == federation_id).order_by(Fault.id.desc())
    return list(db.session.scalars(query.limit(most)))


def fault_in(federation_id: int, fault_id: int) -> Fault | None:
    return db.session.scalar(select(Fault).where(Fault.id == fault_id, Fault.federation_id == federation_id))


def late_ones(actor: Actor, federation_id: int) -> Select[Action]:
    """What was to be done by a day that has passed."""
    query = visible(actor, federation_id)
    return query.where(Action.status.in_(LIVE), Action.due_on < clock.today())


def to_judge(actor: Actor, federation_id: int) -> Select[Action]:
    """Whose effect is to be judged by now."""
    waits = exists().where(
        FollowUp.action_id == Action.id,
        FollowUp.status == FollowUpStatus.WAITING,
        FollowUp.due_on <= clock.today(),
    )
    return visible(actor, federation_id).where(waits)


def not_followed(actor: Actor, federation_id: int) -> Select[Action]:
    """Carried out, and neither judged nor to be: what was imported, or is older than follow-ups."""
    followed = exists().where(FollowUp.action_id == Action.id, FollowUp.status != FollowUpStatus.CALLED_OFF)
    return visible(actor, federation_id).where(Action.status == ActionStatus.DONE, ~followed)


def counted(*queries: Select[Action], most: int = 100) -> list[int]:
    """How many each finds, up to `most`, all in one query."""
    counts = [
        select(func.count()).select_from(query.with_only_columns(Action.id).limit(most).subquery()).scalar_subquery()
        for query in queries
    ]
    return list(db.session.execute(select(*counts)).one())


def own_to_do(actor: Actor, federation_id: int, most: int) -> Sequence[Action]:
    """What the actor's units are to carry out, the earliest day first; those without a day last."""
    query = select(Action).where(
        Action.federation_id == federation_id, Action.status.in_(LIVE), Action.owner_unit_id.in_(actor.unit_ids)
    )
    query = query.options(joinedload(Action.owner_unit))
    return db.session.scalars(query.order_by(Action.due_on.is_(None), Action.due_on, Action.id).limit(most)).all()


def own_to_judge(actor: Actor, federation_id: int, most: int) -> Sequence[Action]:
    """What the actor's units have carried out, and whose effect is to be judged by now."""
    query = to_judge(actor, federation_id).where(Action.owner_unit_id.in_(actor.unit_ids))
    return db.session.scalars(query.order_by(Action.action_on, Action.id).limit(most)).all()
