"""A federation's numbers of actions: 1, 2, 3 … without gaps, two at once included. Stops at drawing one."""

from __future__ import annotations

from sqlalchemy import select

from lexheller.actions.models import ActionSeries
from lexheller.audit.service import insert_unless_there
from lexheller.core.db import db


def next_number(federation_id: int) -> int:
    """Drawn in the caller's transaction: one that is rolled back gives its number back."""
    series = _locked(federation_id)
    series.last_number += 1
    db.session.flush()
    return series.last_number


def lock_numbers(federation_id: int) -> None:
    """Take the series' lock before the chain's, for whoever leaves events before an action: none waits in a ring."""
    _locked(federation_id)


def _locked(federation_id: int) -> ActionSeries:
    insert_unless_there(ActionSeries, federation_id=federation_id, last_number=0)
    query = select(ActionSeries).where(ActionSeries.federation_id == federation_id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
