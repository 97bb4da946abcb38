"""The year's figures of one federation, each with the cases behind it. Counts; says nothing in sentences.

Reports are counted by the day they were received (Swedish calendar), actions by the day they were carried out. Every
list over reports sums to `received`: what is not known is counted under `unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from lexheller.actions import queries as actions
from lexheller.actions.models import Action
from lexheller.cases.models import Case
from lexheller.cases.queries import numbers_of, received_in, received_per_year
from lexheller.organisations.models import Federation
from lexheller.organisations.names import swedish_order
from lexheller.statistics.rules import Trend, median_days, percentile, trend

UNKNOWN = "unknown"
FIRST_MONTH, LAST_MONTH = 1, 12
NINE_OF_TEN = 0.9


@dataclass(frozen=True, slots=True)
class Count:
    """One line of a list. `cases` are the diary numbers behind it, in order of receipt."""

    key: str
    label: str
    count: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action carried out in the year."""

    type_key: str
    type_label: str
    text: str
    action_on: date
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Calendar days from received to answered, over the year's reports that have been answered."""

    answered: int
    median: float | None
    nine_of_ten: int | None


@dataclass(frozen=True, slots=True)
class YearFigures:
    year: int
    received: int
    received_previous: int
    trend: Trend
    closed: int
    answer_times: AnswerTimes
    by_organisation: tuple[Count, ...]
    by_theme: tuple[Count, ...]
    by_municipality: tuple[Count, ...]
    by_month: tuple[Count, ...]
    by_action_type: tuple[Count, ...]
    actions: tuple[ActionLine, ...]
    cases: tuple[str, ...]


def year_figures(federation: Federation, year: int) -> YearFigures:
    """Everything the yearly report counts. Labels are in the language of the caller's locale."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    cases = received_in(federation.id, first, last)
    per_year = received_per_year(federation.id)
    done = actions.done_in(federation.id, first, last)
    lines = _action_lines(done)
    return YearFigures(
        year=year,
        received=len(cases),
        received_previous=per_year.get(year - 1, 0),
        trend=trend(per_year, year, min(per_year, default=None)),
        closed=sum(case.closed_on is not None for case in cases),
        answer_times=_answer_times(cases),
        by_organisation=_counted(cases, _organisation),
        by_theme=_counted(cases, _theme),
        by_municipality=_counted(cases, _municipality),
        by_month=_by_month(cases, year),
        by_action_type=_by_action_type(lines),
        actions=lines,
        cases=tuple(case.number for case in cases),
    )


def _organisation(case: Case) -> tuple[str, str]:
    found = case.concerned_organisation
    return (found.key, found.name) if found else (UNKNOWN, _("Okänd organisation"))


def _theme(case: Case) -> tuple[str, str]:
    return (case.theme.key, case.theme.label) if case.theme else (UNKNOWN, _("Inget tema satt"))


def _municipality(case: Case) -> tuple[str, str]:
    found = case.municipality
    return (found.key, found.name) if found else (UNKNOWN, _("Okänd kommun"))


def _counted(cases: Iterable[Case], group: Callable[[Case], tuple[str, str]]) -> tuple[Count, ...]:
    """Largest first, then in Swedish order; what is unknown last. One line per key, whatever its labels."""
    labels: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for case in cases:
        key, label = group(case)
        labels.setdefault(key, label)
        found.setdefault(key, []).append(case.number)
    counts = [Count(key, labels[key], len(numbers), tuple(numbers)) for key, numbers in found.items()]
    return tuple(sorted(counts, key=_largest_first))


def _largest_first(count: Count) -> tuple[bool, int, str, str]:
    return (count.key == UNKNOWN, -count.count, swedish_order(count.label), count.key)


def _by_month(cases: Iterable[Case], year: int) -> tuple[Count, ...]:
    """All twelve months, those without reports too."""
    names = _month_names()
    found: dict[int, list[str]] = {month: [] for month in range(FIRST_MONTH, LAST_MONTH + 1)}
    for case in cases:
        found[case.received_on.month].append(case.number)
    return tuple(
        Count(f"{year}-{month:02d}", names[month - 1], len(numbers), tuple(numbers)) for month, numbers in found.items()
    )


def _month_names() -> list[str]:
    return [
        _("januari"), _("februari"), _("mars"), _("april"), _("maj"), _("juni"),
        _("juli"), _("augusti"), _("september"), _("oktober"), _("november"), _("december"),
    ]  # fmt: skip


def _action_lines(done: list[Action]) -> tuple[ActionLine, ...]:
    case_ids = actions.case_ids_of([action.id for action in done])
    numbers = numbers_of({case_id for ids in case_ids.values() for case_id in ids})
    return tuple(
        ActionLine(
            action.type.key if action.type else UNKNOWN,
            action.type.label if action.type else _("Okänd typ"),
            action.description,
            action.action_on,
            tuple(numbers[case_id] for case_id in case_ids.get(action.id, [])),
        )
        for action in done
        if action.action_on is not None
    )


def _by_action_type(lines: tuple[ActionLine, ...]) -> tuple[Count, ...]:
    """One per type; `cases` names each case once, however many actions of the type it had."""
    found: dict[str, list[ActionLine]] = {}
    for line in lines:
        found.setdefault(line.type_key, []).append(line)
    counts = [Count(key, group[0].type_label, len(group), _case_numbers(group)) for key, group in found.items()]
    return tuple(sorted(counts, key=_largest_first))


def _case_numbers(lines: Iterable[ActionLine]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for line in lines for number in line.cases))


def _answer_times(cases: list[Case]) -> AnswerTimes:
    """An answer dated before its report (a slip in an imported sheet) is counted, but has no length."""
    spans = [(case.answered_on - case.received_on).days for case in cases if case.answered_on is not None]
    days = [span for span in spans if span >= 0]
    return AnswerTimes(len(spans), median_days(days), percentile(days, NINE_OF_TEN))
