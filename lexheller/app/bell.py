"""The doorbell's clapper: a Celery message by name, bounded in time. The web process knows no task code."""

from __future__ import annotations

from celery import Celery

from lexheller.core.doorbell import Send

SEND_WAIT_SECONDS = 2


def broker_options() -> dict[str, object]:
    """Redis transport options, the same for those who send and those who work."""
    return {
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": SEND_WAIT_SECONDS,
        "socket_connect_timeout": SEND_WAIT_SECONDS,
        "socket_keepalive": True,
        "retry_on_timeout": False,
        "max_retries": 0,
    }


def broker_url(redis_url: str) -> str:
    """Celery's name for a Redis on a Unix socket."""
    return f"redis+socket://{redis_url.removeprefix('unix://')}" if redis_url.startswith("unix://") else redis_url


def celery_bell(redis_url: str | None) -> Send | None:
    """A function that sends (task name, job id); None without a broker."""
    if not redis_url:
        return None
    client = Celery("bell", broker=broker_url(redis_url))
    client.conf.update(broker_transport_options=broker_options(), task_ignore_result=True)

    def ring(name: str, job_id: int) -> None:
        client.send_task(name, [job_id], retry=False, ignore_result=True)

    return ring
