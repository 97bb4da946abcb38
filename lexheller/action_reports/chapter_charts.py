"""A chapter's tables with the picture of them, where a picture shows more than the table. Reads what is public."""

from __future__ import annotations

from typing import Any

from lexheller.action_reports.chapter_pieces import Telling, text
from lexheller.action_reports.charts import bars, flow, times, trend
from lexheller.action_reports.document import Block, Chart, Table
from lexheller.action_reports.publishing_lists import OTHERS


def per_year(telling: Telling) -> list[Block]:
    """From the first year with any; nothing when there is one year alone."""
    told, words = telling.told, telling.words
    years = {int(year): count for year, count in told["per_year"].items()}
    if len(years) < 2:
        return []
    rows = [(text(str(year)), telling.number(count, hidden=few(telling))) for year, count in sorted(years.items())]
    table = telling.table("received_per_year", (words.year, words.number), rows)
    picture = trend.Trend(
        tuple(trend.Year(year, count) for year, count in sorted(years.items())), told["year"], hidden=few(telling)
    )
    return [_drawn(trend, picture, "per-year", table)]


def listed(telling: Telling, measure: str, heading: str, kind: bars.Kind) -> list[Block]:
    """A list as bars; nothing when it is empty."""
    lines = telling.told[measure]
    if not lines:
        return []
    total = telling.told["actions_total" if kind is bars.Kind.ACTION_TYPE else "received"]
    picture = bars.Bars(
        kind,
        tuple(bars.Bar(telling.label(measure, line), line["count"], rest=line["key"] == OTHERS) for line in lines),
        total=total,
    )
    return [_drawn(bars, picture, measure.replace("_", "-"), telling.list_table(measure, heading))]


def pairs(telling: Telling) -> list[Block]:
    """Who reported about whom; nothing when it cannot be told."""
    told, words = telling.told["pairs"], telling.words
    if not told:
        return []
    names = [
        (telling.label("pairs", pair["reporting"]), telling.label("pairs", pair["concerned"]), pair["count"])
        for pair in told
    ]
    rows = [(text(reporting), text(concerned), telling.number(count)) for reporting, concerned, count in names]
    table = telling.table("pairs", (words.reporting, words.concerned, words.number), rows)
    streams = tuple(flow.Stream(*name) for name in names)
    return [_drawn(flow, flow.Flow(words.who_let_go, words.who_should_catch, streams), "pairs", table)]


def within(telling: Telling) -> list[Block]:
    """How many had been answered within so many days; nothing when one number says it all.

    The time to answer is no mark in it: that is counted in working days from when a unit was asked, and may be
    lengthened. How many answers kept it is a measure of its own, `answers_in_time`.
    """
    told, words = telling.told, telling.words
    answered = told["numbers"]["answered"]["value"]
    steps = [step for step in told["answered_within"] if step["count"]]
    first_all = next((place for place, step in enumerate(steps) if step["count"] == answered), len(steps))
    steps = steps[: first_all + 1]
    if len(steps) < 2:
        return []
    rows = [(text(telling.days(step["days"])), telling.number(step["count"])) for step in steps]
    waiting = told["received"] - answered
    if waiting:
        rows.append((text(words.unanswered), telling.number(waiting)))
    made = telling.table("answer_days", (words.within, words.answered), rows)
    table = Table("answer_days", words.within_caption, made.columns, made.numeric, made.rows, made.definition)
    limits = tuple(times.Within(step["days"], step["count"]) for step in steps)
    picture = times.Times(limits, told["received"], waiting, median=told["days"]["answer_days"]["median"])
    return [_drawn(times, picture, "answer-times", table)]


def few(telling: Telling) -> str:
    """For numbers that are hidden only because they are small."""
    return telling.words.less_than.format(least=telling.told["least"])


def _drawn(kind: Any, picture: Any, prefix: str, table: Table) -> Chart | Table:
    """The table alone when a picture would say nothing more."""
    if not kind.worth_drawing(picture):
        return table
    return Chart(table.caption, kind.summary(picture), kind.drawn(picture, prefix, table.caption), table)
