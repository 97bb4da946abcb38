"""The one way a change of the register is written down: an event with codes, and a line that people can read.

Also the guard against two who edit the same thing: the newest line's id is the version that a form has seen (P13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import func, select

from lexheller.audit.service import Doer, record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict
from lexheller.organisations.models import RegisterChange


class What(StrEnum):
    """What was done. Each has words in `administration.labels`."""

    UNIT_ADDED = "unit_added"
    UNIT_CHANGED = "unit_changed"
    UNIT_RETIRED = "unit_retired"
    UNIT_TAKEN_BACK = "unit_taken_back"
    MANAGER_APPOINTED = "manager_appointed"
    MANAGER_CHANGED = "manager_changed"
    MANAGER_ENDED = "manager_ended"
    MANAGER_CONFIRMED = "manager_confirmed"
    MANAGER_DOUBTED = "manager_doubted"
    SUBSTITUTION_ADDED = "substitution_added"
    SUBSTITUTION_ENDED = "substitution_ended"
    THEME_ADDED = "theme_added"
    THEME_RENAMED = "theme_renamed"
    THEME_RETIRED = "theme_retired"
    THEME_TAKEN_BACK = "theme_taken_back"
    THEME_MOVED = "theme_moved"
    THEME_SPLIT = "theme_split"
    THEME_MERGED = "theme_merged"
    CLOSED_DAY_ADDED = "closed_day_added"
    CLOSED_DAY_REMOVED = "closed_day_removed"
    TEXT_ADDED = "text_added"
    TEXT_CHANGED = "text_changed"
    TEXT_RETIRED = "text_retired"
    TEXT_TAKEN_BACK = "text_taken_back"
    STATEMENTS_WRITTEN = "statements_written"
    CONNECTION_ADDED = "connection_added"
    CONNECTION_CHANGED = "connection_changed"
    CONNECTION_TURNED_ON = "connection_turned_on"
    CONNECTION_TURNED_OFF = "connection_turned_off"


class HasId(Protocol):
    id: Any


class Row(HasId, Protocol):
    """Any row of the register."""

    federation_id: Any


SUBJECT = {
    "Unit": "unit",
    "ResponsibleManager": "responsible_manager",
    "Substitution": "substitution",
    "Theme": "theme",
    "ClosedDay": "closed_day",
    "StandardText": "standard_text",
    "StatementSettings": "statement_settings",
    "SignInConnection": "sign_in_connection",
}


def subject_type(row: Row) -> str:
    return SUBJECT[type(row).__name__]


def write_down(
    actor: Doer,
    what: What,
    row: Row,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str | None = None,
    unit_id: int | None = None,
    others: Sequence[HasId] = (),
) -> RegisterChange:
    """One event (ids and codes) and one line of history. Of `before` and `after` only what differs is kept.

    `others`: rows of the same kind that were changed together with `row`.
    """
    old, new = _plain(before or {}), _plain(after or {})
    same = {name for name in old.keys() & new.keys() if old[name] == new[name]}
    change = RegisterChange(
        federation_id=row.federation_id,
        subject_type=subject_type(row),
        subject_id=row.id,
        unit_id=unit_id,
        at=clock.now(),
        actor_kind=str(actor.kind),
        actor_user_id=actor.user_id,
        what=what,
        before={name: value for name, value in old.items() if name not in same},
        after={name: value for name, value in new.items() if name not in same},
        note=(note or "").strip() or None,
    )
    db.session.add(change)
    db.session.flush()
    record(
        actor,
        f"register.{what}",
        federation_id=row.federation_id,
        subject_type=change.subject_type,
        subject_id=row.id,
        data={
            "change_id": change.id,
            **({"unit_id": unit_id} if unit_id is not None else {}),
            **({"others": [other.id for other in others]} if others else {}),
        },
    )
    return change


def version_of(row: Row) -> int:
    """The id of the newest line about the row, 0 if there is none: what a form says that it has seen."""
    query = select(func.max(RegisterChange.id)).where(
        RegisterChange.federation_id == row.federation_id,
        RegisterChange.subject_type == subject_type(row),
        RegisterChange.subject_id == row.id,
    )
    return db.session.scalar(query) or 0


def newest_about(federation_id: int, of_type: str) -> int:
    """The id of the newest line about anything of a type, 0 if there is none: the version of a whole list."""
    query = select(func.max(RegisterChange.id)).where(
        RegisterChange.federation_id == federation_id, RegisterChange.subject_type == of_type
    )
    return db.session.scalar(query) or 0


def hold(row: HasId, seen: int | None = None) -> None:
    """Hold the row until the transaction ends. Raises Conflict if it was changed after the version that was seen, or
    is gone.

    Held so that others may still point at it: a report that comes in meanwhile does not wait.
    """
    model: Any = type(row)
    held = select(model).where(model.id == row.id).with_for_update(key_share=True)
    found = db.session.scalar(held.execution_options(populate_existing=True))
    if found is None or (seen is not None and version_of(found) != seen):
        raise Conflict("the register was changed")


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
