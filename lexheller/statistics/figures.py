"""The year's figures of one federation, each with the cases behind it. Counts; says nothing in sentences.

Reports, faults and actions are counted from their facts (`models`) as they stood at the end of the cut-off day; what
each figure means is said in `measures`. A list over the year's reports sums to `received`, except pairs and activities:
what is not known is counted under `unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from lexheller.organisations.models import Federation
from lexheller.organisations.names import swedish_order
from lexheller.statistics import cohort, mending
from lexheller.statistics.cohort import Labels, Names, Seen
from lexheller.statistics.lines import (
    UNKNOWN,
    ActionLine,
    Count,
    Days,
    FactLine,
    FaultLine,
    Number,
    Pair,
    largest_first,
)
from lexheller.statistics.milestones import What
from lexheller.statistics.rules import Trend, median_days, percentile, trend

__all__ = ["UNKNOWN", "ActionLine", "Count", "FactLine", "Pair", "YearFigures", "year_figures"]

FIRST_MONTH, LAST_MONTH = 1, 12
NINE_OF_TEN = 0.9


@dataclass(frozen=True, slots=True)
class YearFigures:
    """`numbers`, `days` and `lists` are by measure; `cases_per_year` are the diary numbers behind `per_year`."""

    year: int
    cut_off: date
    received: int
    received_previous: int
    trend: Trend
    per_year: Mapping[int, int]
    cases_per_year: Mapping[int, tuple[str, ...]]
    numbers: Mapping[str, Number]
    days: Mapping[str, Days]
    lists: Mapping[str, tuple[Count, ...]]
    pairs: tuple[Pair, ...]
    faults: tuple[FaultLine, ...]
    actions: tuple[ActionLine, ...]
    cases: tuple[str, ...]
    facts: tuple[FactLine, ...]


def year_figures(federation: Federation, year: int, cut_off: date) -> YearFigures:
    """Everything the yearly report counts. Labels are in the language of the caller's locale."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    names = cohort.names(federation.id)
    seen = cohort.received_between(federation.id, first, last, cut_off)
    alive = cohort.alive_in(federation.id, first, last)
    cases_per_year = cohort.numbers_per_year(federation.id, until=year)
    per_year = {past: len(numbers) for past, numbers in cases_per_year.items()}
    faults = mending.fault_lines(federation.id, seen, cut_off)
    actions = mending.YearOfActions(federation.id, first, last, cut_off)
    return YearFigures(
        year=year,
        cut_off=cut_off,
        received=len(seen),
        received_previous=per_year.get(year - 1, 0),
        trend=trend(per_year, year, min(per_year, default=None)),
        per_year=per_year,
        cases_per_year=cases_per_year,
        numbers={
            **_of_reports(seen, faults),
            **_of_the_year(alive, first, last),
            "actions_open": actions.still_open(),
        },
        days=_all_days(seen, alive, first, last),
        lists={**_lists(seen, names, year), "by_action_type": actions.by_type(), "effects": actions.effects()},
        pairs=_pairs(seen, names.organisations),
        faults=faults,
        actions=actions.done,
        cases=_numbers(seen),
        facts=_fact_lines([*seen, *alive], names, cut_off),
    )


def _of_reports(seen: list[Seen], faults: Iterable[FaultLine]) -> dict[str, Number]:
    answers = [one for one in seen if one.now.answers]
    gathered = {number for fault in faults for number in fault.cases}
    return {
        "answered": _part(seen, lambda one: one.now.answered_on is not None),
        "closed": _part(seen, lambda one: one.now.closed_on is not None),
        "fed_back": _part(seen, _is_told),
        "reopened": _part(seen, lambda one: one.now.reopened > 0),
        "not_solved": _part(seen, lambda one: one.now.not_solved > 0),
        "reports_in_faults": _part(seen, lambda one: one.fact.number in gathered),
        "answers_in_time": Number(
            sum(one.now.answers_in_time for one in answers), sum(one.now.answers for one in answers), _numbers(answers)
        ),
    }


def _is_told(one: Seen) -> bool:
    return one.now.told or one.now.answered_on is not None or one.now.closed_on is not None


def _of_the_year(alive: list[Seen], first: date, last: date) -> dict[str, Number]:
    still_open = [one for one in alive if one.now.closed_on is None]
    again = {one.fact.number: _times_in(one, What.OCCURRENCE, first, last) for one in alive}
    return {
        "open_at_year_end": Number(len(still_open), None, _numbers(still_open)),
        "occurrences": Number(sum(again.values()), None, tuple(number for number, times in again.items() if times)),
    }


def _all_days(seen: list[Seen], alive: list[Seen], first: date, last: date) -> dict[str, Days]:
    closed = [one for one in alive if one.now.closed_on is not None and first <= one.now.closed_on <= last]
    return {
        "answer_days": _days(seen, lambda one: one.now.answered_on),
        "days_to_send": _days(seen, lambda one: one.now.sent_on),
        "days_to_first_answer": _days(seen, lambda one: one.now.first_answer_on),
        "days_to_close": _days(closed, lambda one: one.now.closed_on),
    }


def _lists(seen: list[Seen], names: Names, year: int) -> dict[str, tuple[Count, ...]]:
    organisation, municipality, theme = _("Okänd organisation"), _("Okänd kommun"), _("Inget tema satt")
    return {
        "by_organisation": _counted(seen, _by("concerned_organisation_id", names.organisations, organisation)),
        "by_reporting_organisation": _counted(
            seen, _by("reporting_organisation_id", names.organisations, organisation)
        ),
        "by_theme": _counted(seen, _by("theme_id", names.themes, theme)),
        "by_municipality": _counted(seen, _by("municipality_id", names.municipalities, municipality)),
        "by_activity": _counted(seen, _activities(names.activities)),
        "by_month": _by_month(seen, year),
    }


def _by(column: str, labels: Labels, unknown: str) -> Callable[[Seen], list[tuple[str, str]]]:
    def group(one: Seen) -> list[tuple[str, str]]:
        found: int | None = getattr(one.fact, column)
        return [labels[found] if found is not None else (UNKNOWN, unknown)]

    return group


def _activities(labels: Labels) -> Callable[[Seen], list[tuple[str, str]]]:
    """The funded activities that a report comes from or is about."""

    def group(one: Seen) -> list[tuple[str, str]]:
        sides = (one.fact.reporting_organisation_id, one.fact.concerned_organisation_id)
        return [labels[side] for side in dict.fromkeys(sides) if side is not None and side in labels]

    return group


def _counted(seen: Iterable[Seen], groups: Callable[[Seen], list[tuple[str, str]]]) -> tuple[Count, ...]:
    """Largest first, then in Swedish order; what is unknown last. One line per key, whatever its labels."""
    labels: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for one in seen:
        for key, label in groups(one):
            labels.setdefault(key, label)
            found.setdefault(key, []).append(one.fact.number)
    counts = [Count(key, labels[key], len(numbers), tuple(numbers)) for key, numbers in found.items()]
    return tuple(sorted(counts, key=largest_first))


def _by_month(seen: Iterable[Seen], year: int) -> tuple[Count, ...]:
    """All twelve months, those without reports too."""
    names = _month_names()
    found: dict[int, list[str]] = {month: [] for month in range(FIRST_MONTH, LAST_MONTH + 1)}
    for one in seen:
        found[one.fact.received_on.month].append(one.fact.number)
    return tuple(
        Count(f"{year}-{month:02d}", names[month - 1], len(numbers), tuple(numbers)) for month, numbers in found.items()
    )


def _month_names() -> list[str]:
    return [
        _("januari"), _("februari"), _("mars"), _("april"), _("maj"), _("juni"),
        _("juli"), _("augusti"), _("september"), _("oktober"), _("november"), _("december"),
    ]  # fmt: skip


def _pairs(seen: Iterable[Seen], labels: Labels) -> tuple[Pair, ...]:
    """Most reports first, then in Swedish order of who reported."""
    found: dict[tuple[int, int], list[str]] = {}
    for one in seen:
        reporting, concerned = one.fact.reporting_organisation_id, one.fact.concerned_organisation_id
        if reporting is not None and concerned is not None:
            found.setdefault((reporting, concerned), []).append(one.fact.number)
    pairs = [Pair(labels[of], labels[about], len(numbers), tuple(numbers)) for (of, about), numbers in found.items()]
    return tuple(sorted(pairs, key=lambda pair: (-pair.count, swedish_order(pair.reporting[1]), pair.concerned[0])))


def _fact_lines(seen: Iterable[Seen], names: Names, cut_off: date) -> tuple[FactLine, ...]:
    """Each case once, in order of receipt."""
    facts = {one.fact.case_id: one.fact for one in seen}

    def key(labels: Labels, found: int | None) -> str | None:
        return labels[found][0] if found is not None else None

    return tuple(
        FactLine(
            fact.number,
            fact.received_on,
            key(names.organisations, fact.reporting_organisation_id),
            key(names.organisations, fact.concerned_organisation_id),
            key(names.municipalities, fact.municipality_id),
            key(names.themes, fact.theme_id),
            tuple(tuple(filter(None, one)) for one in fact.milestones if date.fromisoformat(one[0]) <= cut_off),
        )
        for fact in sorted(facts.values(), key=lambda fact: (fact.received_on, fact.case_id))
    )


def _part(seen: list[Seen], holds: Callable[[Seen], bool]) -> Number:
    part = [one for one in seen if holds(one)]
    return Number(len(part), len(seen), _numbers(part))


def _numbers(seen: Iterable[Seen]) -> tuple[str, ...]:
    return tuple(one.fact.number for one in seen)


def _times_in(one: Seen, what: What, first: date, last: date) -> int:
    days = [date.fromisoformat(on) for on, kind, *_detail in one.fact.milestones if kind == what]
    return sum(first <= day <= last for day in days)


def _days(seen: Iterable[Seen], end: Callable[[Seen], date | None]) -> Days:
    reached = [(one, ended) for one in seen if (ended := end(one)) is not None]
    spans = [span for one, ended in reached if (span := (ended - one.fact.received_on).days) >= 0]
    return Days(
        len(reached),
        len(spans),
        median_days(spans),
        percentile(spans, NINE_OF_TEN),
        _numbers(one for one, _on in reached),
    )
