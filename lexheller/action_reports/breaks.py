"""Where a series over the years breaks, in words, and the themes' numbers over the years fit for publishing. Pure.

The list of themes is the federation's own and changes: split, merged, new, out of use. A new name alone breaks nothing,
and is told. Words are in the language of the caller's locale. `Breaks` is the report data's `breaks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import LazyString, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.action_reports.charts.trend import Break
from lexheller.action_reports.charts.words import listed
from lexheller.action_reports.publishing_lists import merged

Breaks = Sequence[Mapping[str, Any]]
Series = Sequence[Mapping[str, Any]]

RENAMED = "renamed"
MARK: Mapping[str, LazyString] = {
    "split": _l("delat tema"),
    "merged": _l("hopslaget tema"),
    "added": _l("nytt tema"),
    "retired": _l("ur bruk"),
}


def of_theme(breaks: Breaks, key: str) -> list[Mapping[str, Any]]:
    """Those that the theme is a part of."""
    return [one for one in breaks if key in one["from_keys"] or key in one["to_keys"]]


def marks(breaks: Breaks) -> tuple[Break, ...]:
    """For a chart over years, each once: what was another from that year on."""
    found = {(date.fromisoformat(one["on"]).year, str(MARK[one["kind"]])) for one in breaks if one["kind"] in MARK}
    return tuple(Break(year, label) for year, label in sorted(found))


def sentences(breaks: Breaks) -> list[str]:
    """One for each, in order; last, when it holds, that numbers before and after cannot be compared."""
    said = [_sentence(one) for one in breaks]
    if any(one["kind"] != RENAMED for one in breaks):
        said.append(_("För de temana går tal före och efter inte rakt av att jämföra."))
    return said


def hide_small(series: Series, least: int) -> list[dict[str, Any]]:
    """The themes per year with None where a number may not be told.

    What is hidden of a year is what its list of themes would merge (`publishing_lists.merged`), so that neither that
    list nor the year's whole gives it away; of a year whose list is left out everything is hidden, zeros too. A theme
    of which nothing is left to tell is not there.
    """
    years = list(series[0]["per_year"]) if series else []
    hidden = {year: _hidden(series, year, least) for year in years}
    shown = [
        {
            **line,
            "per_year": {year: None if line["key"] in hidden[year] else line["per_year"][year] for year in years},
        }
        for line in series
    ]
    return [line for line in shown if any(line["per_year"].values())]


def _hidden(series: Series, year: str, least: int) -> set[str]:
    lines = [{"key": line["key"], "label": line["label"], "count": line["per_year"][year]} for line in series]
    told = merged(lines, least)
    if not told.is_worth_showing:
        return {line["key"] for line in lines}
    return {key for key, _label in told.holds}


def _sentence(one: Mapping[str, Any]) -> str:
    before, after = _named(one["from"]), _named(one["to"])
    values = {"day": format_date(date.fromisoformat(one["on"]), "d MMMM y"), "before": before, "after": after}
    match one["kind"]:
        case "split":
            said = _("Temat %(before)s delades den %(day)s i %(after)s.", **values)
        case "merged":
            said = _("Temana %(before)s slogs den %(day)s ihop till %(after)s.", **values)
        case "renamed":
            said = _("Temat %(before)s heter %(after)s sedan den %(day)s.", **values)
        case "added":
            said = _("Temat %(after)s finns sedan den %(day)s.", **values)
        case _:
            said = _("Temat %(before)s används inte sedan den %(day)s.", **values)
    return str(said)


def _named(labels: Sequence[str]) -> str:
    return listed([_("”%(label)s”", label=label) for label in labels])
