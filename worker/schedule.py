"""What beat asks for, and when, in UTC. Every entry may be missed or doubled: the rows decide what is due."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

SWEEP_SECONDS = 5
SWEEP = "jobs.sweep"
COMPILE_LAST_YEAR = "action_reports.ask_for_last_year"
ASK_FOR_CONFIRMATIONS = "organisations.ask_for_confirmations"
FIRE_DEADLINES_SECONDS = 60
FIRE_DEADLINES = "deadlines.fire_due"
FIRE_ACTION_STEPS = "actions.fire_due"
FIND_PATTERNS = "faults.find_patterns"
KEEP_HEADS = "check.keep_heads"
DISPOSE_OF_ADDRESSES = "records.dispose_of_addresses"

SCHEDULE: dict[str, dict[str, Any]] = {
    SWEEP: {"task": SWEEP, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS * 6}},
    FIRE_DEADLINES: {
        "task": FIRE_DEADLINES,
        "schedule": FIRE_DEADLINES_SECONDS,
        "options": {"expires": FIRE_DEADLINES_SECONDS * 2},
    },
    FIRE_ACTION_STEPS: {
        "task": FIRE_ACTION_STEPS,
        "schedule": FIRE_DEADLINES_SECONDS,
        "options": {"expires": FIRE_DEADLINES_SECONDS * 2},
    },
    # Early every morning; the mails themselves wait for the working day.
    ASK_FOR_CONFIRMATIONS: {"task": ASK_FOR_CONFIRMATIONS, "schedule": crontab(minute="40", hour="3")},
    # At night, when what came in during the day is in place; a missed night is made up for by the next.
    FIND_PATTERNS: {"task": FIND_PATTERNS, "schedule": crontab(minute="10", hour="2")},
    # At night; what is due stays due, so a missed night is made up for by the next.
    DISPOSE_OF_ADDRESSES: {"task": DISPOSE_OF_ADDRESSES, "schedule": crontab(minute="50", hour="2")},
    # Every hour, one line a day for each federation: the first after midnight in Sweden writes it.
    KEEP_HEADS: {"task": KEEP_HEADS, "schedule": crontab(minute="25")},
    # Every night: last year's reports from January's first working day on, and the drafts being written. Asking
    # again for what was asked adds nothing, so a missed night does no harm.
    COMPILE_LAST_YEAR: {"task": COMPILE_LAST_YEAR, "schedule": crontab(minute="20", hour="4")},
}
