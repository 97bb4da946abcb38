"""A federation with as many cases as wanted, written in bulk: rows as the verbs would leave them, without the verbs.

Only for measuring. A quarter of the cases is under way and a third of those is late, far more than any office has: what
grows with the number of running cases shows. No events are written, since no page of the desk reads them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table

from lexheller.cases.dialogue import Proposal, Question
from lexheller.cases.models import Answer, Case, CaseTerm, Duty, Report
from lexheller.cases.search import terms_of
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job
from lexheller.core.transaction import transaction
from lexheller.deadlines.models import DueStep
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Federation
from lexheller.organisations.queries import federation_by_slug

BATCH = 2000
SPAN_DAYS = 720
STATUSES = ["closed"] * 13 + ["answered", "unrouted", "collected", "assigned", "assigned", "accepted", "accepted"]
COMMON = (
    "Kontoret hänvisade till webben och webben hänvisade till kontoret.",
    "Handläggaren svarade inte på flera veckor och planeringen stannade helt.",
    "Läkarutlåtandet begärdes en gång till trots att inget hade ändrats.",
    "Vårdcentralen tackade nej till mötet och ingen ersättare utsågs.",
)
FREQUENT, RARE = "kontoret", "glapp{}"


def fill(slug: str, count: int) -> None:
    """`count` cases in the federation, the oldest first; to be called once on an empty one."""
    federation = federation_by_slug(slug)
    if federation is None:
        raise LookupError(slug)
    rows = _rows(federation, count)
    while batch := list(islice(rows, BATCH)):
        by_table: dict[Table, list[dict[str, Any]]] = {}
        for table, row in (pair for case in batch for pair in case):
            by_table.setdefault(table, []).append(row)
        with transaction():
            for table in sorted(by_table, key=_order().index):
                db.session.execute(table.insert(), by_table[table])


def _order() -> list[Table]:
    models = (Report, Case, CaseTerm, Duty, Answer, Proposal, Question, DueStep, Job)
    return [model.__table__ for model in models]  # type: ignore[misc]


def _rows(federation: Federation, count: int) -> Iterator[list[tuple[Table, dict[str, Any]]]]:
    places = [row.id for row in organisations.municipalities(federation.id)]
    parties = [row.id for row in organisations.organisations(federation.id)]
    themes = [row.id for row in organisations.themes(federation.id)]
    units = [row.id for row in organisations.units(federation.id)]
    today, now = clock.today(), clock.now()
    for number in range(1, count + 1):
        day = today - timedelta(days=SPAN_DAYS - SPAN_DAYS * number // count)
        status = STATUSES[(number * 7) % len(STATUSES)]
        text = f"{COMMON[number % 4]} {COMMON[(number // 4) % 4]} {RARE.format(number % max(count // 3, 1))}"
        rows = [
            _report(federation.id, number, text),
            _case(
                federation.id,
                number,
                status,
                day,
                places=places[number % len(places)],
                party=parties[number % len(parties)],
                theme=themes[number % len(themes)] if number % 9 else None,
                in_doubt=number % 50 == 0,
            ),
            *(
                (CaseTerm.__table__, {"case_id": number, "term": term, "federation_id": federation.id})
                for term in terms_of(f"{day.year}:11 / {number} {text}")
            ),
            _job(federation.id, number, now),
        ]
        parties_asked = 2 if status == "collected" or number % 6 == 0 else 1
        if status != "unrouted":
            for other in range(parties_asked):
                unit = units[(number + other) % len(units)]
                rows += _duty(federation.id, number, other, status, unit, day, today)
        if number % 100 == 0 and status != "unrouted":
            rows.append((Proposal.__table__, _proposal(federation.id, number, now)))
        yield rows  # type: ignore[misc]


def _report(federation_id: int, number: int, text: str) -> tuple[Any, dict[str, Any]]:
    row = {
        "id": number,
        "federation_id": federation_id,
        "submission_id": str(uuid.UUID(int=number)),
        "source": "form",
        "what_happened": text,
        "as_given": {},
        "locale": "sv",
    }
    return Report.__table__, row


def _case(
    federation_id: int,
    number: int,
    status: str,
    day: date,
    *,
    places: int,
    party: int,
    theme: int | None,
    in_doubt: bool,
) -> tuple[Any, dict[str, Any]]:
    told = status in {"answered", "closed"}
    row = {
        "id": number,
        "federation_id": federation_id,
        "report_id": number,
        "number": f"{day.year}:11 / {number}",
        "status": status,
        "version": 3,
        "round": 0 if status == "unrouted" else 1,
        "received_at": _noon(day) + timedelta(microseconds=number),
        "received_on": day,
        "concerned_organisation_id": party,
        "municipality_id": places,
        "theme_id": theme,
        "doubts": ["unknown_category"] if in_doubt else [],
        "in_doubt": in_doubt,
        "answered_on": day + timedelta(days=10 + number % 30) if told else None,
        "closed_on": day + timedelta(days=50) if status == "closed" else None,
        "conclusion": "Rutinen är ändrad." if status == "closed" else None,
        "close_reason": "solved" if status == "closed" else None,
    }
    return Case.__table__, row


def _duty(
    federation_id: int, number: int, other: int, status: str, unit_id: int, day: date, today: date
) -> list[tuple[Any, dict[str, Any]]]:
    duty_id = number * 2 + other
    live = status in {"assigned", "accepted"}
    due_on = today + timedelta(days=20 - (number + other) % 30) if live else day + timedelta(days=28)
    row = {
        "id": duty_id,
        "federation_id": federation_id,
        "case_id": number,
        "unit_id": unit_id,
        "round": 1,
        "status": {"assigned": "open", "accepted": "accepted"}.get(status, "answered"),
        "version": 1,
        "opened_at": _noon(day),
        "opened_on": day,
        "answer_days": 20,
        "extended_days": 0,
        "due_on": due_on,
        "paused_on": today if live and number % 20 == 6 and due_on >= today else None,
        "late_on": due_on + timedelta(days=1) if live and due_on < today else None,
        "clock_round": 1,
        "why": {"by_hand": True},
        "ended_at": None if live else _noon(day + timedelta(days=12)),
    }
    rows = [(Duty.__table__, row)]
    if not live or number % 5 == 0:
        rows.append((Answer.__table__, _answer(federation_id, number, duty_id, None if live else row["ended_at"])))
    if live and due_on < today - timedelta(days=7):
        rows.append((DueStep.__table__, _escalated(federation_id, duty_id, _noon(due_on + timedelta(days=7)))))
    return rows


def _answer(federation_id: int, number: int, duty_id: int, given_at: datetime | None) -> dict[str, Any]:
    return {
        "federation_id": federation_id,
        "case_id": number,
        "duty_id": duty_id,
        "cause": "Rutinen var okänd.",
        "steps_taken": "Rutinen är ändrad.",
        "consequence": "",
        "follow_up": "",
        "joint": False,
        "given_at": given_at,
    }


def _escalated(federation_id: int, duty_id: int, at: datetime) -> dict[str, Any]:
    return {
        "federation_id": federation_id,
        "duty_id": duty_id,
        "step": "escalate_1",
        "clock_round": 1,
        "days": 5,
        "due_at": at,
        "fired_at": at,
        "rung": "superior",
    }


def _proposal(federation_id: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "federation_id": federation_id,
        "case_id": number,
        "duty_id": number * 2,
        "kind": "system_fault",
        "why": "",
        "made_at": now,
    }


def _job(federation_id: int, number: int, now: datetime) -> tuple[Any, dict[str, Any]]:
    row = {
        "federation_id": federation_id,
        "name": "casework.route_case",
        "key": f"bench:{number}",
        "subject_id": number,
        "status": "done",
        "attempts": 1,
        "requested_at": now,
        "due_at": now,
        "finished_at": now,
    }
    return Job.__table__, row


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(11), tzinfo=UTC)
