"""The Celery application: `celery -A worker.celery_app:celery worker` and `… beat`. Thin: work is in `lexheller`."""

from __future__ import annotations

from celery import Celery

from config import load_settings
from lexheller.app.bell import broker_options, broker_url, celery_bell
from lexheller.app.factory import create_app
from lexheller.core.jobs import LONGEST_TASK_SECONDS
from worker.schedule import SCHEDULE
from worker.tasks import register_tasks


def make_celery() -> Celery:
    """The configured application; settings come from the environment and fail here by name."""
    settings = load_settings()
    redis_url = settings.redis_url or ""
    app = Celery("lexheller", broker=broker_url(redis_url))
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_time_limit=LONGEST_TASK_SECONDS,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={**broker_options(), "retry_on_timeout": True, "max_retries": None},
        # Ending a task because its receipt cannot be given would be a crash of our own making; the row is the receipt.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        enable_utc=True,
        timezone="UTC",
        beat_schedule=SCHEDULE,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
    )
    register_tasks(app, create_app(settings, ring=celery_bell(settings.redis_url)))
    return app


celery = make_celery()
