"""Reports are filed over HTTP while the worker is killed and Redis is stopped; then the promises are checked (P3, P5).

What is acknowledged must be there, routed exactly once, and every message sent at least once. The last two of the
faults are Redis ones, so that the work is behind and must be caught up.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from lexheller.embedded.children import Child
from tests.worker.browsing import Browser
from tests.worker.installation import Installation, wait_until
from tests.worker.looking import (
    begun_jobs,
    case_statuses,
    cases,
    figures,
    findings,
    sent_messages,
    waiting_jobs,
)

ROUTE_JOB, SEND_JOB = "casework.route_case", "messaging.send_message"
SEED = 20261122


@dataclass(frozen=True)
class Size:
    reports: int
    kills: int
    redis_stops: int
    patience: float


SMALL = Size(reports=20, kills=3, redis_stops=1, patience=120)
FULL = Size(reports=200, kills=20, redis_stops=2, patience=600)


@dataclass
class Reporting:
    """Somebody who files one report after the other; `acknowledged` are those that were answered with success."""

    browser: Browser
    reports: int
    acknowledged: int = 0
    other_answers: Counter[int] = field(default_factory=Counter)
    pace: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._file)
        self.thread.start()

    def more(self, number: int) -> None:
        """Let that many more be filed."""
        self.pace.release(number)

    def _file(self) -> None:
        for _ in range(self.reports):
            self.pace.acquire()
            status = self.browser.report(reporter_email="anmalare@habo.example").status
            if status == 302:
                self.acknowledged += 1
            else:
                self.other_answers[status] += 1


def test_p03_p05_nothing_is_lost_while_workers_and_redis_fall(installation: Installation, app, smtp_server, full):
    size = FULL if full else SMALL
    chance = random.Random(SEED)
    started = time.monotonic()
    reporting = Reporting(installation.web().open_form(), size.reports)
    worker = installation.worker()
    installation.beat()
    kills_at_work = 0
    batches = _batches(size.reports, size.kills)
    stops = {size.kills * (number + 1) // (size.redis_stops + 1): number for number in range(size.redis_stops)}
    for number, batch in enumerate(batches):
        before = _done(app)
        reporting.more(batch)
        if number in stops:
            _stop_redis(installation, clean=stops[number] % 2 == 1)
        worker_at_work(app, before)
        time.sleep(chance.uniform(0, 0.05))  # the moment of a death is nobody's choice
        kills_at_work += _kill(installation, worker, app)
        worker = installation.worker()
    reporting.thread.join()
    wait_until(lambda: waiting_jobs(app) == 0, "all work is done", size.patience)
    seconds = time.monotonic() - started
    looked_at, statuses, mails = figures(app), case_statuses(app), len(smtp_server.messages)
    report = [
        f"database              {app.config['SQLALCHEMY_DATABASE_URI'].partition(':')[0].partition('+')[0]}",
        f"reports acknowledged  {reporting.acknowledged} of {size.reports}",
        f"worker killed (-9)    {size.kills} times, {kills_at_work} of them with a claimed job",
        f"Redis stopped         {size.redis_stops} times",
        f"routed                {statuses['assigned']} cases, {looked_at['duties']} duties",
        f"messages              {looked_at['messages']} promised, {sent_messages(app)} sent, {mails} mails arrived",
        f"possible doubles      {looked_at['possible_doubles']}",
        f"seconds               {seconds:.0f}",
    ]
    sys.stdout.write("\n" + "\n".join(report) + "\n")
    assert reporting.other_answers == {}
    assert reporting.acknowledged == cases(app) == size.reports
    assert findings(app) == []
    assert statuses == {"assigned": size.reports}
    assert looked_at["duties"] == size.reports
    assert looked_at["parked_jobs"] == 0
    told = len(("the reporter of the receipt", "the reporter of who has it", "the manager of the duty"))
    assert sent_messages(app) == looked_at["messages"] == told * size.reports
    different = Counter(str(mail["Message-ID"]) for mail in smtp_server.messages)
    assert len(different) == looked_at["messages"], "each was sent at least once"
    doubled = sum(1 for times in different.values() if times > 1)
    assert doubled <= looked_at["possible_doubles"], "what arrived twice is recorded"


def _batches(reports: int, kills: int) -> list[int]:
    """The reports spread over the kills, one more in the first ones where it does not come out even."""
    each, left = divmod(reports, kills)
    return [each + (number < left) for number in range(kills)]


def _done(app) -> int:
    return sent_messages(app) + cases(app) - case_statuses(app)["received"]


def worker_at_work(app, before: int) -> None:
    """Return when the worker has begun with what was filed."""
    wait_until(
        lambda: begun_jobs(app, ROUTE_JOB) + begun_jobs(app, SEND_JOB) > 0 or _done(app) > before,
        "the worker has begun",
    )


def _kill(installation: Installation, worker: Child, app) -> int:
    """1 if some job was claimed and unfinished when the worker was gone."""
    installation.kill(worker)
    return int(begun_jobs(app, ROUTE_JOB) + begun_jobs(app, SEND_JOB) > 0)


def _stop_redis(installation: Installation, *, clean: bool) -> None:
    if clean:
        installation.redis.stop()
    else:
        installation.redis.kill()
    installation.redis.start()


@pytest.mark.parametrize(("reports", "kills"), [(200, 20), (20, 3), (7, 7)])
def test_every_report_falls_into_a_batch(reports, kills):
    assert sum(_batches(reports, kills)) == reports
    assert len(_batches(reports, kills)) == kills
