"""What beat asks for by name, and that every start command names the same two applications."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from celery.schedules import crontab
from sqlalchemy import select

from lexheller.action_reports.models import ReportDraft
from lexheller.core import clock, heartbeat
from lexheller.core.db import db, reading
from lexheller.core.transaction import nothing_kept
from lexheller.embedded import processes
from lexheller.embedded.places import Place
from tests.worker.installation import wait_until
from tests.worker.looking import findings, waiting_jobs
from worker.schedule import COMPILE_LAST_YEAR, FIRE_DEADLINES, SCHEDULE, SWEEP, SWEEP_SECONDS

CHECKOUT = Path(__file__).resolve().parents[2]
WEB, CELERY = "wsgi:app", "worker.celery_app:celery"


def test_last_years_reports_are_compiled_when_beats_task_is_asked_for_by_name(installation, app):
    installation.worker()
    installation.beat()
    client = installation.client()
    for _ in range(2):  # asking every morning adds nothing
        client.send_task(SCHEDULE[COMPILE_LAST_YEAR]["task"])
    client.close()
    wait_until(lambda: len(compiled(app)) == 3 and waiting_jobs(app) == 0, "each federation has its report")
    assert {year for _federation, year in compiled(app)} == {clock.local_year() - 1}
    assert len({federation for federation, _year in compiled(app)}) == 3
    assert findings(app) == []


def compiled(app) -> list[tuple[int, int]]:
    done = select(ReportDraft).where(ReportDraft.compiled_hash.is_not(None))
    with app.app_context(), reading(), nothing_kept():
        return [(row.federation_id, row.year) for row in db.session.scalars(done)]


def test_beat_asks_for_reports_every_night_and_the_rows_decide_what_is_due():
    schedule = SCHEDULE[COMPILE_LAST_YEAR]["schedule"]
    assert isinstance(schedule, crontab)
    assert (schedule.hour, schedule.minute) == ({4}, {20})
    assert schedule.month_of_year == set(range(1, 13))
    assert schedule.day_of_month == set(range(1, 32)) and schedule.day_of_week == set(range(7))


def test_a_sweep_that_waits_in_the_queue_is_dropped_so_that_they_do_not_pile_up():
    sweep = SCHEDULE[SWEEP]
    assert sweep["schedule"] == SWEEP_SECONDS
    assert sweep["options"]["expires"] > SWEEP_SECONDS


def test_p08_the_deadlines_are_looked_at_every_minute_and_a_tick_that_waits_is_dropped():
    tick = SCHEDULE[FIRE_DEADLINES]
    assert tick["schedule"] == 60
    assert tick["options"]["expires"] > 60


def test_p08_the_deadlines_tick_runs_when_it_is_asked_for_by_name(installation, app):
    installation.worker()
    client = installation.client()
    client.send_task(SCHEDULE[FIRE_DEADLINES]["task"])
    client.close()
    wait_until(lambda: ticked(app), "the deadlines have been looked at")


def ticked(app) -> bool:
    with app.app_context(), reading(), nothing_kept():
        return heartbeat.last(FIRE_DEADLINES) is not None


def test_every_start_command_names_the_same_applications():
    place = Place(Path("/data"), "127.0.0.1", 8000, "http://127.0.0.1:8000", None)
    commands = {name: " ".join(make(place)) for name, make in STARTS.items()}
    services = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())["services"]
    image = json.loads(
        re.search(r"^CMD (\[.*?\])", (CHECKOUT / "Dockerfile").read_text().replace("\\\n", ""), re.M | re.S)[1]
    )
    assert WEB in commands["web"] and WEB in image
    assert "command" not in services["web"], "the image's own command"
    for name in ("worker", "beat"):
        assert f"-A {CELERY} {name}" in commands[name]
        assert services[name]["command"][:4] == ["celery", "-A", CELERY, name]
    assert CELERY in services["worker"]["healthcheck"]["test"][1]
    assert services["init"]["command"] == ["lexheller", "init", "--grant-to", "lexheller_app"]


STARTS = {"web": processes.web, "worker": processes.worker, "beat": processes.beat}
