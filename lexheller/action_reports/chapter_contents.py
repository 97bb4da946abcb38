"""What each chapter of the report says and shows of the public figures. Which chapters there are is `outline`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lexheller.action_reports import chapter_charts
from lexheller.action_reports.chapter_pieces import Telling, text
from lexheller.action_reports.chapter_themes import over_years
from lexheller.action_reports.charts.bars import Kind
from lexheller.action_reports.document import Block, KeyFigure, KeyFigures, Table
from lexheller.action_reports.goals import summary as goals_summary
from lexheller.action_reports.labels import fault_name
from lexheller.action_reports.publishing_lists import OTHERS
from lexheller.faults.labels import STATUS
from lexheller.faults.states import FaultStatus

Said = tuple[list[Block], list[Block]]
"""What is said of the figures, and the figures themselves; the director's words stand between."""


def _summary(telling: Telling) -> Said:
    told, words = telling.told, telling.words
    said = telling.paragraphs(told["text"][telling.language][0])
    if not told["received"]:
        return said, []
    before = told["per_year"].get(str(told["year"] - 1))
    figures = [
        telling.key_figure(
            "received", telling.written(told["received"]), words.received_this_year.format(year=told["year"])
        ),
        *([_received_before(telling, before)] if before else []),
        *telling.part_figure("answered"),
        *telling.part_figure("closed"),
    ]
    median = told["days"]["answer_days"]["median"]
    if median is not None:
        figures.append(telling.key_figure("answer_days", telling.days(median), words.median_days))
    return said, [KeyFigures(tuple(figures))]


def _received_before(telling: Telling, number: int) -> KeyFigure:
    name = telling.words.received_last_year.format(year=telling.told["year"] - 1)
    return telling.key_figure("received_per_year", telling.written(number), name)


def _reports(telling: Telling) -> Said:
    told, words, say = telling.told, telling.words, telling.say
    if not told["received"]:
        return [], chapter_charts.per_year(telling)
    together = any(line["key"] != line["last"] for line in told["by_month"])
    months = None if together else telling.top("by_month")
    places = telling.top("by_municipality", total=told["received"])
    said = telling.paragraphs(
        say.months_together() if together else say.busiest_months(months) if months else "",
        say.most_places(places) if places else _names(telling, "by_municipality"),
        say.activities_left_out(some=bool(told["by_activity"])) if "by_activity" in told["left_out"] else "",
    )
    shown = [
        *chapter_charts.per_year(telling),
        *([telling.list_table("by_month", words.month)] if told["by_month"] else []),
        *chapter_charts.listed(telling, "by_municipality", words.municipality, Kind.MUNICIPALITY),
        *([telling.list_table("by_activity", words.activity)] if told["by_activity"] else []),
    ]
    return said, shown


def _names(telling: Telling, measure: str) -> str:
    names = telling.told["names"].get(measure, [])
    return str(
        telling.say.only_names(measure, [telling.in_text(measure, {"key": "", "label": name}) for name in names])
    )


def _between(telling: Telling) -> Said:
    told, words, say = telling.told, telling.words, telling.say
    if not told["received"]:
        return [], []
    reporting = telling.top("by_reporting_organisation", total=told["received"])
    concerned = telling.top("by_organisation", total=told["received"])
    said = telling.paragraphs(
        say.most_reporting(reporting) if reporting else _names(telling, "by_reporting_organisation"),
        say.most_concerned(concerned) if concerned else _names(telling, "by_organisation"),
        _largest_flow(telling) if told["pairs"] else say.pairs_left_out(),
    )
    shown = [
        *chapter_charts.pairs(telling),
        *chapter_charts.listed(telling, "by_reporting_organisation", words.organisation, Kind.REPORTING),
        *chapter_charts.listed(telling, "by_organisation", words.organisation, Kind.ORGANISATION),
    ]
    return said, shown


def _largest_flow(telling: Telling) -> str:
    pairs = telling.told["pairs"]
    named = [
        pair for pair in pairs if pair["count"] and OTHERS not in (pair["reporting"]["key"], pair["concerned"]["key"])
    ]
    most = max((pair["count"] for pair in named), default=0)
    first = [pair for pair in named if pair["count"] == most]
    if len(first) != 1:
        return ""
    sides = first[0]["reporting"]["label"], first[0]["concerned"]["label"]
    return str(telling.say.largest_flow(*sides, most, among_shown=len(named) < len(pairs)))


def _themes(telling: Telling) -> Said:
    top = telling.top("by_theme", total=telling.told["received"])
    said = telling.paragraphs(telling.say.most_themes(top) if top else _names(telling, "by_theme"))
    return said, [*chapter_charts.listed(telling, "by_theme", telling.words.theme, Kind.THEME), *over_years(telling)]


def _times(telling: Telling) -> Said:
    told, say = telling.told, telling.say
    said = [
        *telling.paragraphs(
            say.send_times(telling.spread("days_to_send")),
            say.answer_times(telling.spread("answer_days")),
            say.answers_in_time(telling.part("answers_in_time")),
            say.close_times(telling.spread("days_to_close")),
        ),
        *telling.paragraphs(
            say.fed_back(telling.part("fed_back")),
            say.reopened(telling.part("reopened")),
            say.not_solved(telling.part("not_solved")),
            say.open_at_year_end(told["numbers"]["open_at_year_end"]["value"]),
        ),
    ]
    figures: list[KeyFigure] = []
    for measure in ("days_to_send", "days_to_first_answer", "answer_days", "days_to_close"):
        figures += telling.days_figure(measure)
    for measure in ("answers_in_time", "fed_back", "reopened", "not_solved"):
        figures += telling.part_figure(measure)
    figures.append(_count_figure(telling, "open_at_year_end"))
    return said, [*chapter_charts.within(telling), KeyFigures(tuple(figures))]


def _count_figure(telling: Telling, measure: str) -> KeyFigure:
    """A number by itself is hidden only when it is small, but for what was open: that may tell of another."""
    number = telling.told["numbers"][measure]["value"]
    if number is not None:
        return telling.key_figure(measure, telling.written(number))
    is_small = measure != "open_at_year_end"
    return telling.key_figure(measure, chapter_charts.few(telling) if is_small else telling.words.hidden)


def _unless_none(telling: Telling, measure: str) -> tuple[KeyFigure, ...]:
    """Nothing for what there is none of: the sentence says so, or it need not be said."""
    return () if telling.told["numbers"][measure]["value"] == 0 else (_count_figure(telling, measure),)


def _faults(telling: Telling) -> Said:
    told, words, say = telling.told, telling.words, telling.say
    lines = told["faults"]
    known = [line for line in lines if line["count"] is not None]
    is_first = len(known) > 1 and known[0]["count"] > known[1]["count"] and len(known) == len(lines)
    said = telling.paragraphs(
        say.faults(telling.part("reports_in_faults"), any_fault=bool(lines)),
        say.largest_fault(known[0]["title"] or known[0]["number"], known[0]["count"]) if is_first else "",
        say.occurrences(told["numbers"]["occurrences"]["value"]),
    )
    rows = [
        (
            text(fault_name(line)),
            text(str(STATUS[FaultStatus(line["status"])].label)),
            telling.number(line["count"]),
        )
        for line in lines
    ]
    shown: list[Block] = [telling.table("faults", (words.fault, words.status, words.number), rows)] if rows else []
    figures = [*(telling.part_figure("reports_in_faults") if rows else []), *_unless_none(telling, "occurrences")]
    return said, [*shown, *([KeyFigures(tuple(figures))] if figures else [])]


def _actions(telling: Telling) -> Said:
    told, words, say = telling.told, telling.words, telling.say
    commonest = told["commonest"]["by_action_type"] if len(told["actions"]) > 1 else []
    top = telling.first("by_action_type", commonest)
    said = telling.paragraphs(
        say.actions_done(told["actions_total"], few=told["actions_are_few"]),
        say.most_actions(top) if top else "",
        say.actions_open(told["numbers"]["actions_open"]["value"]),
    )
    rows = [
        (text(description), text(_type_of(telling, group)))
        for group in told["actions"]
        for description in group["texts"]
    ]
    shown = chapter_charts.listed(telling, "by_action_type", words.action_type, Kind.ACTION_TYPE)
    if rows:
        shown.append(
            Table(
                "by_action_type",
                words.actions_caption,
                (words.action, words.action_type),
                (False, False),
                tuple(rows),
                telling.definition("by_action_type"),
            )
        )
    waiting = _unless_none(telling, "actions_open")
    return said, [*shown, *([KeyFigures(waiting)] if waiting else [])]


def _type_of(telling: Telling, group: Mapping[str, Any]) -> str:
    return telling.label("by_action_type", {"key": group["key"], "label": group["label"]})


def _effect(telling: Telling) -> Said:
    told = telling.told
    if not told["actions_total"] and told["actions_total"] is not None and not told["effects_total"]:
        return [], []
    counted = told["effects"] or told["commonest"]["effects"]
    best = next((line["count"] for line in counted if line["key"] == "worked"), None)
    said = telling.paragraphs(telling.say.effects(told["effects_total"], best))
    shown: list[Block] = [telling.list_table("effects", telling.words.judgement)] if told["effects"] else []
    return said, shown


def _goals(telling: Telling) -> Said:
    goals, words = telling.told.get("goals", []), telling.words
    if not goals:
        return [], []
    rows = tuple(
        (text(goal["text"]), text(words.fulfilments[goal["fulfilment"]]), text(goal["comment"])) for goal in goals
    )
    columns = (words.commitment, words.fulfilment, words.comment)
    table = Table("goals", words.goals_caption, columns, (False, False, False), rows, words.goals_definition)
    return telling.paragraphs(goals_summary(goals, telling.language)), [table]


CONTENTS: Mapping[str, Callable[[Telling], Said]] = {
    "summary": _summary,
    "reports": _reports,
    "between": _between,
    "themes": _themes,
    "times": _times,
    "faults": _faults,
    "actions": _actions,
    "effect": _effect,
    "goals": _goals,
}
