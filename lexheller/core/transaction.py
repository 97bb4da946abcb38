"""The one edge that commits: web requests, Celery tasks and commands wrap their work in `transaction`.

Services flush and never commit. Doorbells asked for on the way are rung after the commit, never before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import SessionTransaction

from lexheller.core.db import db
from lexheller.core.doorbell import PENDING, forget_doorbells, ring_pending


@contextmanager
def transaction() -> Iterator[None]:
    """Commit at the end of the block, or roll all of it back; then ring for the jobs it asked for."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        forget_doorbells()
        raise
    ring_pending()


@contextmanager
def nothing_kept() -> Iterator[None]:
    """A block whose changes are always rolled back: reading requests and dry runs."""
    try:
        yield
    finally:
        db.session.rollback()
        forget_doorbells()


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """A part of the transaction that leaves no trace if it raises, while the rest goes on; doorbells likewise."""
    bells = list(db.session.info.get(PENDING, []))
    savepoint = db.session.begin_nested()
    try:
        yield
        db.session.flush()
    except BaseException:
        _undo(savepoint, bells)
        raise
    savepoint.commit()


@contextmanager
def tried_out() -> Iterator[None]:
    """A part of the transaction that is always undone, however it ends: to see what a verb would do."""
    bells = list(db.session.info.get(PENDING, []))
    savepoint = db.session.begin_nested()
    try:
        yield
    finally:
        _undo(savepoint, bells)


def _undo(savepoint: SessionTransaction, bells: list[tuple[str, int]]) -> None:
    """Everything read so far is read anew: rows that were changed by statement look unchanged to the session."""
    if savepoint.is_active:
        savepoint.rollback()
    else:
        savepoint.close()
    db.session.expire_all()
    db.session.info[PENDING] = bells
