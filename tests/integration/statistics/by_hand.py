"""The year counted once more from the rows of the event table, without the statistics: for P28.

Another way of counting on purpose: spans of being closed or linked instead of milestones, the duties' own clocks
instead of a word in the answer's event.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from statistics import median

from sqlalchemy import text

from lexheller.core.clock import SWEDEN
from lexheller.core.db import db

OPEN_END = datetime.date.max
ABOUT = ("reporting_organisation", "concerned_organisation", "municipality", "theme")


@dataclass
class Told:
    """What the log tells of one case."""

    received_on: datetime.date | None = None
    number: str = ""
    answered: list[datetime.date] = field(default_factory=list)
    closed: list[list[datetime.date]] = field(default_factory=list)
    sent: list[datetime.date] = field(default_factory=list)
    answers: list[tuple[datetime.date, bool]] = field(default_factory=list)
    opened_again: list[datetime.date] = field(default_factory=list)
    not_solved: list[datetime.date] = field(default_factory=list)
    happened_again: list[datetime.date] = field(default_factory=list)
    heard_of_fault: list[datetime.date] = field(default_factory=list)
    about: dict[str, int | None] = field(default_factory=dict)
    """Ids by kind, of its last event."""

    def is_closed(self, day: datetime.date) -> bool:
        return any(first <= day < last for first, last in self.closed)


@dataclass
class Mending:
    """What the log tells of one fault or action: its number or type, and from when to when it had which case."""

    name: str = ""
    states: list[tuple[datetime.date, str]] = field(default_factory=list)
    had: list[list] = field(default_factory=list)
    judged: list[tuple[datetime.date, str, int]] = field(default_factory=list)
    """With how many states it had had by then."""

    def judgements(self) -> list[tuple[datetime.date, str]]:
        """Without those of a doing that turned out not to have been one."""
        return [
            (on, judgement)
            for on, judgement, had in self.judged
            if {status for _on, status in self.states[had:]} <= {"done"}
        ]

    def stood(self, day: datetime.date) -> tuple[datetime.date | None, str | None]:
        """What was done and then something else was never done, and leaves no trace."""
        held = [
            (on, status)
            for place, (on, status) in enumerate(self.states)
            if status != "done" or all(later == "done" for _on, later in self.states[place:])
        ]
        return next((found for found in reversed(held) if found[0] <= day), (None, None))

    def cases(self, day: datetime.date) -> list[int]:
        return sorted({case_id for case_id, first, last in self.had if first <= day < last})


def told_by_log(slug: str) -> dict[int, Told]:
    cases: dict[int, Told] = defaultdict(Told)
    clocks = db.session.execute(text("SELECT id, due_on, late_on FROM duty")).mappings()
    due = {row["id"]: (_day(row["due_on"]), row["late_on"] is not None) for row in clocks}
    for subject, subject_id, kind, data, day in events(slug):
        if subject in ("case", "case_aside"):
            _hear(cases[subject_id], kind, data, day, due)
        for case_id in data["case_ids"] if kind == "fault.reporters_told" else ():
            cases[case_id].heard_of_fault.append(day)
    return cases


def mending(slug: str, subject: str) -> list[Mending]:
    """The faults or the actions that the log tells of."""
    found: dict[int, Mending] = defaultdict(Mending)
    for about, subject_id, kind, data, day in events(slug):
        if about == subject:
            _hear_mending(found[subject_id], kind, data, day)
    return list(found.values())


def events(slug: str) -> Iterator[tuple[str, int, str, dict, datetime.date]]:
    rows = db.session.execute(
        text(
            """SELECT e.at AS at, e.kind AS kind, e.subject_type AS type, e.subject_id AS id, e.data AS data
               FROM event e JOIN federation f ON f.id = e.federation_id WHERE f.slug = :slug ORDER BY e.sequence"""
        ),
        {"slug": slug},
    ).mappings()
    for row in rows:
        data = json.loads(row["data"]) if isinstance(row["data"], str) else row["data"]
        yield row["type"], row["id"], row["kind"], data, swedish_day(row["at"])


def _hear_mending(one: Mending, kind: str, data: dict, day: datetime.date) -> None:
    facts = data.get("facts", {})
    if "type" in facts or "number" in data:
        one.name = data.get("number") or facts["type"] or "unknown"
    if "status" in data:
        done_on = facts.get("action_on") if data["status"] == "done" else None
        one.states.append((_date(done_on) if done_on else day, data["status"]))
    if kind.startswith("action."):
        one.had += [[case_id, datetime.date.min, OPEN_END] for case_id in data.get("case_ids", ())]
    if kind.endswith(".case_linked"):
        one.had.append([data["case_id"], day, OPEN_END])
    if kind.endswith(".case_unlinked"):
        next(span for span in one.had if span[0] == data["case_id"] and span[2] == OPEN_END)[2] = day
    if kind == "action.judged":
        one.judged.append((day, data["judgement"], len(one.states)))


def _hear(case: Told, kind: str, data: dict, day: datetime.date, due: dict[int, tuple]) -> None:
    facts = data["facts"]
    case.received_on, case.number = _date(facts["received_on"]), facts["number"]
    case.about = {kind: facts[f"{kind}_id"] for kind in ABOUT}
    if facts["answered_on"] and _date(facts["answered_on"]) not in case.answered[-1:]:
        case.answered.append(_date(facts["answered_on"]))
    is_open = not case.closed or case.closed[-1][1] != OPEN_END
    if facts["closed_on"] and is_open:
        case.closed.append([_date(facts["closed_on"]), OPEN_END])
    if not facts["closed_on"] and not is_open:
        case.closed[-1][1] = day
        case.opened_again += [] if kind == "case.unmerged" else [day]
    if kind in ("case.routed", "case.assigned"):
        case.sent.append(day)
    if kind == "case.answered":
        due_on, was_late = due[data["duty_id"]]
        case.answers.append((day, was_late or day > due_on))
    if kind == "case.not_solved":
        case.not_solved.append(day)
    if kind == "case.occurrence_counted":
        case.happened_again.append(day)


def numbers(slug: str, year: int, cut_off: datetime.date) -> dict[str, tuple[int, int | None]]:
    """Value and denominator by measure."""
    cases = told_by_log(slug).values()
    ours = [case for case in cases if case.received_on.year == year]
    last = datetime.date(year, 12, 31)
    answers = [late for case in ours for day, late in case.answers if day <= cut_off]

    def part(holds) -> tuple[int, int]:
        return sum(1 for case in ours if holds(case)), len(ours)

    return {
        "answered": part(lambda case: any(day <= cut_off for day in case.answered)),
        "closed": part(lambda case: case.is_closed(cut_off)),
        "fed_back": part(
            lambda case: case.is_closed(cut_off) or _until([*case.answered, *case.heard_of_fault], cut_off) != []
        ),
        "reopened": part(lambda case: any(day <= cut_off for day in case.opened_again)),
        "not_solved": part(lambda case: any(day <= cut_off for day in case.not_solved)),
        "answers_in_time": (answers.count(False), len(answers)),
        "open_at_year_end": (sum(case.received_on <= last and not case.is_closed(last) for case in cases), None),
        "occurrences": (sum(day.year == year for case in cases for day in case.happened_again), None),
        "reports_in_faults": (
            len({number for _status, found in faults(slug, year, cut_off).values() for number in found}),
            len(ours),
        ),
        "actions_open": (
            sum(one.stood(cut_off)[1] in ("planned", "under_way") for one in mending(slug, "action")),
            None,
        ),
    }


def faults(slug: str, year: int, cut_off: datetime.date) -> dict[str, tuple[str | None, list[str]]]:
    """Status and the year's cases by the number of each fault that has any."""
    ours = {case_id: case.number for case_id, case in told_by_log(slug).items() if case.received_on.year == year}
    found = {
        fault.name: (fault.stood(cut_off)[1], [ours[case_id] for case_id in fault.cases(cut_off) if case_id in ours])
        for fault in mending(slug, "fault")
    }
    return {number: line for number, line in found.items() if line[1]}


def actions(slug: str, year: int, cut_off: datetime.date) -> list[tuple[str, str, list[str]]]:
    """Type, day and cases of each that was carried out in the year."""
    cases = told_by_log(slug)
    stood = [(action, *action.stood(cut_off)) for action in mending(slug, "action")]
    return sorted(
        (action.name, on.isoformat(), [cases[case_id].number for case_id in action.cases(cut_off)])
        for action, on, status in stood
        if status == "done" and on.year == year
    )


def effects(slug: str, year: int, cut_off: datetime.date) -> dict[str, int]:
    judged = [found for action in mending(slug, "action") for found in action.judgements()]
    return dict(Counter(judgement for on, judgement in judged if on.year == year and on <= cut_off))


def spans(slug: str, year: int, cut_off: datetime.date) -> dict[str, dict[str, float | None]]:
    """How many reached the end, how many of those in so many days, and their median and nine of ten, by measure."""
    cases = told_by_log(slug).values()
    ours = [case for case in cases if case.received_on.year == year]
    last = datetime.date(year, 12, 31)
    ends = {
        "answer_days": [(case, max(_until(case.answered, cut_off), default=None)) for case in ours],
        "days_to_send": [(case, min(_until(case.sent, cut_off), default=None)) for case in ours],
        "days_to_first_answer": [
            (case, min(_until([*case.answered, *(day for day, _late in case.answers)], cut_off), default=None))
            for case in ours
        ],
        "days_to_close": [
            (case, next((first for first, end in case.closed if first.year == year and end > last), None))
            for case in cases
        ],
    }
    return {name: _spread(found) for name, found in ends.items()}


def _spread(found: list[tuple[Told, datetime.date | None]]) -> dict[str, float | None]:
    days = [(end - case.received_on).days for case, end in found if end is not None]
    lengths = [length for length in days if length >= 0]
    covering = [one for one in lengths if 10 * sum(other <= one for other in lengths) >= 9 * len(lengths)]
    return {
        "count": len(days),
        "lengths": len(lengths),
        "median": float(median(lengths)) if lengths else None,
        "nine_of_ten": min(covering, default=None),
    }


def _until(days: list[datetime.date], cut_off: datetime.date) -> list[datetime.date]:
    return [day for day in days if day <= cut_off]


def swedish_day(at: object) -> datetime.date:
    moment = datetime.datetime.fromisoformat(at) if isinstance(at, str) else at
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SWEDEN).date()


def _day(day: object) -> datetime.date:
    return day if isinstance(day, datetime.date) else _date(str(day))


def _date(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day)
