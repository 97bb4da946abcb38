"""The processes of a run as command lines: web, worker, beat and `lexheller` itself. Stops at the words."""

import os
import sys
from pathlib import Path

from lexheller.embedded.places import Place

GRACE = 3
"""Seconds the web server gives requests that are under way when it ends."""


def program(*words: str) -> list[str]:
    """The command for `lexheller words...` of this very environment."""
    return [str(Path(sys.executable).parent / "lexheller"), *words]


def web(place: Place) -> list[str]:
    """Gunicorn: two workers of eight threads, quiet access log, no control socket."""
    memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes an unlinked file there
    beats = memory if os.access(memory, os.W_OK) else place.data
    return [
        *(sys.executable, "-m", "gunicorn", "wsgi:app"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "8"),
        *("--bind", place.bind, "--worker-tmp-dir", str(beats), "--no-control-socket"),
        *("--graceful-timeout", str(GRACE), "--log-level", "warning"),
    ]


def worker(place: Place) -> list[str]:
    """Celery worker with two pool processes; its name is told apart by port."""
    return [
        *(sys.executable, "-m", "celery", "-A", "worker.celery_app:celery", "worker"),
        *("--concurrency", "2", "--loglevel", "WARNING", "--hostname", f"lexheller-{place.port}@%h"),
        *("--without-gossip", "--without-mingle"),
    ]


def beat(place: Place) -> list[str]:
    """Celery beat; its schedule lies in the data folder, no pid file."""
    return [
        *(sys.executable, "-m", "celery", "-A", "worker.celery_app:celery", "beat"),
        *("--loglevel", "WARNING", "--schedule", str(place.data / "beat-schedule"), "--pidfile="),
    ]
