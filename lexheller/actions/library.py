"""The federation's library of actions: what was tried on which kind of fault and what it did, searched and narrowed.

A page of it costs the same however many actions there are: as many queries, none of them per row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from lexheller.accounts.rights import Actor
from lexheller.actions import queries, search
from lexheller.actions.models import Action, ActionCase, ActionFault, FollowUp
from lexheller.actions.permissions import sees_all
from lexheller.actions.states import ActionStatus, Judgement
from lexheller.cases.models import Case
from lexheller.cases.queries import visible as visible_cases
from lexheller.core.db import db
from lexheller.faults.models import Fault
from lexheller.faults.queries import visible as visible_faults
from lexheller.web.pagination import Page, decode, page_of

PAGE_SIZE = 20


class OnlyActions(StrEnum):
    LATE = "late"
    TO_JUDGE = "to_judge"
    NOT_FOLLOWED = "not_followed"


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What to look for; empty means all. `judgement` is of any follow-up of an action that is done: of one that was not
    after all it says nothing.
    """

    words: str = ""
    status: ActionStatus | None = None
    type_id: int | None = None
    theme_id: int | None = None
    judgement: Judgement | None = None
    only: OnlyActions | None = None

    @property
    def is_set(self) -> bool:
        return self != LibraryFilter()


@dataclass(frozen=True, slots=True)
class Against:
    """What an action was taken for, as far as the reader may see it: faults, and themes of them and of cases."""

    faults: list[Fault]
    themes: list[str]


@dataclass(frozen=True, slots=True)
class LibraryPage(Page[Action]):
    """`against` is by action id. `whole`: the reader sees every case, and so what was counted of them."""

    against: Mapping[int, Against]
    whole: bool


def page(actor: Actor, federation_id: int, wanted: LibraryFilter, cursor: str | None = None) -> LibraryPage:
    """Those that the actor may see, the newest first."""
    query = _narrowed(actor, federation_id, wanted)
    after = decode(cursor, int)
    if after is not None:
        query = query.where(Action.id < after[0])
    query = query.options(joinedload(Action.type), joinedload(Action.owner_unit))
    rows = list(db.session.scalars(query.order_by(Action.id.desc()).limit(PAGE_SIZE + 1)))
    found = page_of(rows, PAGE_SIZE, lambda action: [action.id])
    against = _against(actor, federation_id, [action.id for action in found.rows])
    return LibraryPage(found.rows, found.next, against, sees_all(actor, federation_id))


def _against(actor: Actor, federation_id: int, action_ids: list[int]) -> dict[int, Against]:
    faults = queries.faults_seen(actor, federation_id, action_ids)
    of_cases = queries.themes_seen(actor, federation_id, action_ids)
    found = {}
    for action_id in action_ids:
        own = faults.get(action_id, [])
        of_faults = [fault.theme.label for fault in own if fault.theme is not None]
        found[action_id] = Against(own, list(dict.fromkeys([*of_faults, *of_cases.get(action_id, [])])))
    return found


def _narrowed(actor: Actor, federation_id: int, wanted: LibraryFilter) -> Select[Action]:
    match wanted.only:
        case OnlyActions.LATE:
            query = queries.late_ones(actor, federation_id)
        case OnlyActions.TO_JUDGE:
            query = queries.to_judge(actor, federation_id)
        case OnlyActions.NOT_FOLLOWED:
            query = queries.not_followed(actor, federation_id)
        case _:
            query = queries.visible(actor, federation_id)
    if wanted.status is not None:
        query = query.where(Action.status == wanted.status)
    if wanted.type_id is not None:
        query = query.where(Action.type_id == wanted.type_id)
    if wanted.theme_id is not None:
        query = query.where(_has_theme(actor, federation_id, wanted.theme_id))
    if wanted.judgement is not None:
        judged = exists().where(FollowUp.action_id == Action.id, FollowUp.judgement == wanted.judgement)
        query = query.where(judged, Action.status == ActionStatus.DONE)
    return search.matching(query, wanted.words) if wanted.words else query


def _has_theme(actor: Actor, federation_id: int, theme_id: int) -> ColumnElement[bool]:
    """Of one of its cases, or of one of its faults: of those that the actor may see."""
    cases = visible_cases(actor, federation_id).where(Case.theme_id == theme_id).with_only_columns(Case.id)
    faults = visible_faults(actor, federation_id).where(Fault.theme_id == theme_id).with_only_columns(Fault.id)
    by_case = select(ActionCase.action_id).where(ActionCase.case_id.in_(cases))
    by_fault = select(ActionFault.action_id).where(ActionFault.fault_id.in_(faults))
    return or_(Action.id.in_(by_case), Action.id.in_(by_fault))
