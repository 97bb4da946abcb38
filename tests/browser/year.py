"""An installation whose clock can be moved, so that a year can be lived through in a browser; empty at first."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from lexheller.actions.sweep import fire_action_steps
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.deadlines.schedule import local_moment
from tests.browser.site import Site
from tests.services.ports import free_port

MOVED_CLOCK = Path(__file__).parent / "moved_clock"


@dataclass
class YearSite(Site):
    """`go_to` moves the clock of all its processes to the forenoon of a day."""

    @property
    def offset(self) -> Path:
        return self.folder / "clock-offset"

    def go_to(self, day: date) -> None:
        """What has come due since is swept and mailed, as beat and worker would have done meanwhile."""
        moved = local_moment(day, time(10)) - datetime.now(UTC)
        self.offset.write_text(str(moved / timedelta(seconds=1)))
        with self._then() as moment, clock.at(moment):
            fire_action_steps()
            with transaction():
                run_waiting_now()

    def do(self, verb: Callable[[], object]) -> None:
        """A job of the night, done at the site's own time."""
        with self._then() as moment, clock.at(moment):
            verb()

    @contextmanager
    def _then(self) -> Iterator[datetime]:
        with self._app().app_context():
            yield datetime.now(UTC) + timedelta(seconds=float(self.offset.read_text()))
            db.session.remove()
            db.engine.dispose()

    def _environ(self) -> dict[str, str]:
        return {**super()._environ(), "PYTHONPATH": str(MOVED_CLOCK), "CLOCK_OFFSET_FILE": str(self.offset)}


def year_site(folder: Path, template: Path, redis_url: str, begins: date) -> YearSite:
    """On a copy of the template database, its clock on that day, not started yet."""
    shutil.copy(template, folder / "lexheller.sqlite")
    site = YearSite(folder, f"http://127.0.0.1:{free_port()}", redis_url)
    site.offset.write_text(str((local_moment(begins, time(10)) - datetime.now(UTC)) / timedelta(seconds=1)))
    return site
