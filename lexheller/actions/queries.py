"""Reading actions and their types."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lexheller.actions.models import Action, ActionCase, ActionStatus, ActionType
from lexheller.core.db import db


def types(federation_id: int) -> list[ActionType]:
    query = select(ActionType).where(ActionType.federation_id == federation_id, ActionType.active.is_(True))
    return list(db.session.scalars(query.order_by(ActionType.position, ActionType.id)))


def of_case(case_id: int) -> list[Action]:
    query = (
        select(Action)
        .join(ActionCase, ActionCase.action_id == Action.id)
        .where(ActionCase.case_id == case_id)
        .options(joinedload(Action.type))
    )
    return list(db.session.scalars(query.order_by(Action.action_on, Action.id)))


def done_in(federation_id: int, first: date, last: date) -> list[Action]:
    """Actions carried out from `first` to `last`, both counted, by day."""
    query = (
        select(Action)
        .where(
            Action.federation_id == federation_id,
            Action.status == ActionStatus.DONE,
            Action.action_on.between(first, last),
        )
        .options(joinedload(Action.type))
    )
    return list(db.session.scalars(query.order_by(Action.action_on, Action.id)))


def case_ids_of(action_ids: list[int]) -> dict[int, list[int]]:
    """Case ids per action id, in one query."""
    query = select(ActionCase.action_id, ActionCase.case_id).where(ActionCase.action_id.in_(action_ids))
    found: dict[int, list[int]] = {}
    for action_id, case_id in db.session.execute(query.order_by(ActionCase.case_id)):
        found.setdefault(action_id, []).append(case_id)
    return found
