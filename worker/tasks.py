"""Celery tasks: one per registered job, and the periodic ones. Each looks at the rows again and calls one function."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from celery import Celery
from flask import Flask

from lexheller.action_reports.service import ask_for_last_year
from lexheller.core import heartbeat, jobs
from lexheller.core.transaction import transaction
from worker.schedule import COMPILE_LAST_YEAR, SWEEP


def register_tasks(celery: Celery, app: Flask) -> None:
    """Every job name of the app becomes a task; a guard test holds the names against the registry."""
    for name in jobs.names(app):
        celery.task(name=name, shared=False)(_within(app, jobs.run))
    celery.task(name=SWEEP, shared=False)(_within(app, sweep))
    celery.task(name=COMPILE_LAST_YEAR, shared=False)(_within(app, compile_last_year))


def sweep() -> None:
    jobs.sweep()
    with transaction():
        heartbeat.beat(SWEEP)


def compile_last_year() -> None:
    with transaction():
        ask_for_last_year()
        heartbeat.beat(COMPILE_LAST_YEAR)


def _within(app: Flask, work: Callable[..., object]) -> Callable[..., None]:
    """The work in an application context of its own."""

    def task(*args: int) -> None:
        with app.app_context():
            partial(work, *args)()

    return task
