"""Saved filters: kept, renamed and taken away by whoever made them. A personal setting: it leaves no event."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lexheller.accounts.rights import Actor
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.desk.filters import kept_from, query_of
from lexheller.desk.models import SavedFilter
from lexheller.privacy.refusal import refuse_identity_numbers

MOST_SAVED = 20
LONGEST_NAME = 60


def saved_by(actor: Actor, federation_id: int) -> list[SavedFilter]:
    """The actor's own in this federation, in the order they were saved."""
    query = select(SavedFilter).where(
        SavedFilter.federation_id == federation_id, SavedFilter.user_id == (actor.user_id or 0)
    )
    return list(db.session.scalars(query.order_by(SavedFilter.position, SavedFilter.id)))


def saved_filter_for(actor: Actor, federation_id: int, filter_id: int) -> SavedFilter:
    """Raises NotAllowedToSee for somebody else's."""
    found = next((saved for saved in saved_by(actor, federation_id) if saved.id == filter_id), None)
    if found is None:
        raise NotAllowedToSee(f"saved filter {filter_id}")
    return found


def save(actor: Actor, federation_id: int, name: str, values: Mapping[str, str]) -> SavedFilter:
    """Keep what the queue is narrowed to under a name; a name that is there already means the new values from now on.

    Raises InvalidInput: `name` (`required`, `too_long`, P23), `filter` (`empty`, `too_many`).
    """
    if actor.user_id is None:
        raise NotAllowedToSee("saved filters")
    name, kept = _checked(name), kept_from(values)
    if not kept:
        raise InvalidInput("filter", "empty")
    mine = saved_by(actor, federation_id)
    found = next((saved for saved in mine if saved.name == name), None)
    if found is None:
        if len(mine) >= MOST_SAVED:
            raise InvalidInput("filter", "too_many")
        position = max((saved.position for saved in mine), default=0) + 1
        found = SavedFilter(federation_id=federation_id, user_id=actor.user_id, name=name, position=position)
    found.query = query_of(kept)
    _store(found)
    return found


def rename(actor: Actor, saved: SavedFilter, name: str) -> None:
    """Raises InvalidInput as `save`, and on `name` (`taken`) for one of the actor's others."""
    name = _checked(name)
    others = (other for other in saved_by(actor, saved.federation_id) if other.id != saved.id)
    if any(other.name == name for other in others):
        raise InvalidInput("name", "taken")
    saved.name = name
    _store(saved)


def forget(saved: SavedFilter) -> None:
    db.session.delete(saved)
    db.session.flush()


def _store(saved: SavedFilter) -> None:
    """Of two that are given the same name at once, the second is told as if it had come later."""
    try:
        with db.session.begin_nested():
            db.session.add(saved)
            db.session.flush()
    except IntegrityError:
        raise InvalidInput("name", "taken") from None


def _checked(name: str) -> str:
    name = name.strip()
    if not name:
        raise InvalidInput("name", "required")
    if len(name) > LONGEST_NAME:
        raise InvalidInput("name", "too_long")
    refuse_identity_numbers(name=name)
    return name
