"""The one edge that commits: web requests, Celery tasks and commands wrap their work in `transaction`.

Services flush and never commit. Doorbells asked for on the way are rung after the commit, never before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lexheller.core.db import db
from lexheller.core.doorbell import forget_doorbells, ring_pending


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
