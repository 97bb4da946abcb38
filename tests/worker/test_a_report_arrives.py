"""The production wiring, end to end: gunicorn, broker, worker, beat and mail server are the real ones."""

from __future__ import annotations

from lexheller.core import jobs
from lexheller.core.jobs import LONGEST_TASK_SECONDS
from lexheller.demo.data import address
from tests.cast.people import HOME
from tests.worker.installation import wait_until
from tests.worker.looking import case_statuses, findings, waiting_jobs
from worker.schedule import SCHEDULE


def test_p03_a_filed_report_is_routed_by_the_worker_and_the_managers_mail_arrives(installation, app, smtp_server):
    browser = installation.web().open_form()
    installation.worker()
    installation.beat()
    assert browser.report(reporter_email="anmalare@habo.example").status == 302
    wait_until(lambda: waiting_jobs(app) == 0 and len(smtp_server.messages) == 3, "the mails have arrived")
    assert case_statuses(app) == {"assigned": 1}
    assert len(smtp_server.to(address("chef.af", HOME))) == 1
    assert len(smtp_server.to("anmalare@habo.example")) == 2, "it has come in, and it is with who can answer"
    assert findings(app) == []
    wait_until(lambda: browser.get("/readyz").status == 200, "the installation calls itself ready")


def test_the_running_worker_is_configured_as_decided_and_knows_every_job(installation, app, database_url):
    installation.worker()
    client = installation.client()
    answers: dict[str, dict] = {}
    wait_until(lambda: answers.update(client.control.inspect(timeout=2).conf() or {}) or answers, "the worker answers")
    registered = next(iter(client.control.inspect(timeout=10).registered().values()))
    client.close()
    own = {name.split(" ")[0] for name in registered if not name.startswith("celery.")}
    periodic = {entry["task"] for entry in SCHEDULE.values()}
    assert own == set(jobs.names(app)) | periodic
    configuration = next(iter(answers.values()))
    wanted = {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "enable_utc": True,
        "timezone": "UTC",
        "task_time_limit": LONGEST_TASK_SECONDS,
        "broker_connection_max_retries": None,
    }
    assert {name: configuration.get(name) for name in wanted} == wanted
    assert configuration.get("task_serializer", "json") == "json"
    assert configuration.get("accept_content", ["json"]) == ["json"]
    assert configuration["broker_transport_options"]["visibility_timeout"] > LONGEST_TASK_SECONDS
