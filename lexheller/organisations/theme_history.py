"""The history of the list of themes: on which day it became another, and how. The break in a series over the years.

Stops at what was changed: what it does to figures is `statistics`, what is said of it is `action_reports`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lexheller.audit.service import Doer
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.organisations.models import Theme, ThemeChange, ThemeChangeKind


@dataclass(frozen=True, slots=True)
class Name:
    """What a theme was called."""

    key: str
    label: str


def name_of(theme: Theme) -> Name:
    return Name(theme.key, theme.label)


def keep_change(
    actor: Doer,
    federation_id: int,
    kind: ThemeChangeKind,
    *,
    before: Sequence[Theme | Name] = (),
    after: Sequence[Theme | Name] = (),
) -> ThemeChange:
    """Today, Swedish time. The verb that changes the list leaves the event; this is a part of it."""
    change = ThemeChange(
        federation_id=federation_id,
        on_day=clock.today(),
        kind=kind,
        from_keys=[one.key for one in before],
        from_labels=[one.label for one in before],
        to_keys=[one.key for one in after],
        to_labels=[one.label for one in after],
        by_user_id=actor.user_id,
    )
    db.session.add(change)
    db.session.flush()
    return change


def theme_changes(federation_id: int, first: date, last: date) -> list[ThemeChange]:
    """Those from `first` to `last`, both counted, in the order they were made."""
    query = select(ThemeChange).where(
        ThemeChange.federation_id == federation_id, ThemeChange.on_day.between(first, last)
    )
    return list(db.session.scalars(query.order_by(ThemeChange.on_day, ThemeChange.id)))
