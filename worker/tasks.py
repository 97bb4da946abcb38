"""Celery tasks: one per registered job, and the periodic ones. Each looks at the rows again and calls one function."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from celery import Celery
from flask import Flask

from lexheller.action_reports.service import ask_for_last_year
from lexheller.actions.sweep import fire_action_steps
from lexheller.administration import confirming
from lexheller.check.heads import keep_all
from lexheller.core import heartbeat, jobs
from lexheller.core.transaction import transaction
from lexheller.deadlines.sweep import fire_all
from lexheller.faults.patterns import find_all
from lexheller.records.disposal_addresses import dispose_of_addresses
from lexheller.records.disposal_logs import dispose_of_logs
from worker.schedule import (
    ASK_FOR_CONFIRMATIONS,
    COMPILE_LAST_YEAR,
    DISPOSE_OF_ADDRESSES,
    FIND_PATTERNS,
    FIRE_ACTION_STEPS,
    FIRE_DEADLINES,
    KEEP_HEADS,
    SWEEP,
)


def register_tasks(celery: Celery, app: Flask) -> None:
    """Every job name of the app becomes a task; a guard test holds the names against the registry."""
    for name in jobs.names(app):
        celery.task(name=name, shared=False)(_within(app, jobs.run))
    celery.task(name=SWEEP, shared=False)(_within(app, sweep))
    celery.task(name=FIRE_DEADLINES, shared=False)(_within(app, fire_deadlines))
    celery.task(name=FIRE_ACTION_STEPS, shared=False)(_within(app, fire_actions))
    celery.task(name=ASK_FOR_CONFIRMATIONS, shared=False)(_within(app, ask_for_confirmations))
    celery.task(name=FIND_PATTERNS, shared=False)(_within(app, find_patterns))
    celery.task(name=DISPOSE_OF_ADDRESSES, shared=False)(_within(app, dispose_addresses))
    celery.task(name=KEEP_HEADS, shared=False)(_within(app, keep_heads))
    celery.task(name=COMPILE_LAST_YEAR, shared=False)(_within(app, compile_last_year))


def sweep() -> None:
    jobs.sweep()
    with transaction():
        heartbeat.beat(SWEEP)


def fire_deadlines() -> None:
    fire_all()
    with transaction():
        heartbeat.beat(FIRE_DEADLINES)


def fire_actions() -> None:
    fire_action_steps()
    with transaction():
        heartbeat.beat(FIRE_ACTION_STEPS)


def ask_for_confirmations() -> None:
    confirming.ask_for_confirmations()
    with transaction():
        heartbeat.beat(ASK_FOR_CONFIRMATIONS)


def find_patterns() -> None:
    find_all()
    with transaction():
        heartbeat.beat(FIND_PATTERNS)


def dispose_addresses() -> None:
    dispose_of_addresses()
    dispose_of_logs()
    with transaction():
        heartbeat.beat(DISPOSE_OF_ADDRESSES)


def keep_heads() -> None:
    keep_all()
    with transaction():
        heartbeat.beat(KEEP_HEADS)


def compile_last_year() -> None:
    ask_for_last_year()
    with transaction():
        heartbeat.beat(COMPILE_LAST_YEAR)


def _within(app: Flask, work: Callable[..., object]) -> Callable[..., None]:
    """The work in an application context of its own."""

    def task(*args: int) -> None:
        with app.app_context():
            partial(work, *args)()

    return task
