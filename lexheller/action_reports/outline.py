"""The chapters of a yearly report, in their order, and which measures each of them shows: the one list of both."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

HEADING: Mapping[str, LazyString] = {
    "summary": _l("Sammanfattning"),
    "reports": _l("Anmälningarna"),
    "between": _l("Mellan vilka parter"),
    "themes": _l("Vad de handlar om"),
    "times": _l("Hur lång tid det tog"),
    "faults": _l("Systemfel"),
    "actions": _l("Åtgärder"),
    "effect": _l("Vad åtgärderna har gett"),
    "goals": _l("Måluppfyllelse"),
    "method": _l("Så är det räknat"),
}
CHAPTER_KEYS = tuple(HEADING)

SHOWS: Mapping[str, tuple[str, ...]] = {
    "summary": ("received", "answered", "closed", "answer_days"),
    "reports": ("received_per_year", "by_month", "by_municipality", "by_activity"),
    "between": ("by_reporting_organisation", "by_organisation", "pairs"),
    "themes": ("by_theme", "themes_per_year"),
    "times": (
        "days_to_send",
        "days_to_first_answer",
        "answer_days",
        "days_to_close",
        "answers_in_time",
        "fed_back",
        "reopened",
        "not_solved",
        "open_at_year_end",
    ),
    "faults": ("faults", "reports_in_faults", "occurrences"),
    "actions": ("by_action_type", "actions_open"),
    "effect": ("effects",),
    "goals": (),
    "method": (),
}
"""Measures by chapter; what each of them means is said in `statistics.measures`."""
