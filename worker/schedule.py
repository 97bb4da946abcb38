"""What beat asks for, and when, in UTC. Every entry may be missed or doubled: the rows decide what is due."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

SWEEP_SECONDS = 5
SWEEP = "jobs.sweep"
COMPILE_LAST_YEAR = "action_reports.ask_for_last_year"

SCHEDULE: dict[str, dict[str, Any]] = {
    SWEEP: {"task": SWEEP, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS * 6}},
    # Every morning in January: asking again for what was asked adds nothing, so a missed day does no harm.
    COMPILE_LAST_YEAR: {
        "task": COMPILE_LAST_YEAR,
        "schedule": crontab(minute="20", hour="4", month_of_year="1"),
    },
}
