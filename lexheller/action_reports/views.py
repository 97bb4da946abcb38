"""The yearly report on screen, whole, with the cases behind each figure; what it says is made in `compiling`.

As a file it is `download_views`: what leaves the office tells no small numbers.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.action_reports import (
    download_views,
    draft_views,
    edition_views,
    figures_only_views,
    goal_views,
    kept,
    national_views,
    settings_views,
)
from lexheller.action_reports.blueprint import ALL, YEAR, blueprint
from lexheller.action_reports.drafting import draft_of, figures
from lexheller.action_reports.editions import editions_of, years_with_editions
from lexheller.action_reports.figure_page import label_in
from lexheller.action_reports.publishing import public
from lexheller.action_reports.reading import label_of, language_of, ready_text
from lexheller.action_reports.service import FIRST_YEAR, LAST_YEAR, ask_now
from lexheller.audit.reading_log import Thing
from lexheller.cases.queries import ids_by_number
from lexheller.core import clock
from lexheller.organisations.report_settings import least_of
from lexheller.statistics.measures import LISTS, measure
from lexheller.web.access import requires
from lexheller.web.forms import Form

__all__ = ["PAGES", "blueprint"]

PAGES = (
    download_views,
    draft_views,
    edition_views,
    figures_only_views,
    goal_views,
    national_views,
    settings_views,
)


@blueprint.get(ALL)
@requires(Right.SEE_ACTION_REPORT)
def index(federation: str) -> ResponseReturnValue:
    """Straight to the newest year that has reports."""
    newest = max(kept.years(current_federation().id), default=clock.local_year())
    return redirect(url_for("action_reports.show", federation=federation, year=newest))


@blueprint.get(YEAR)
@requires(Right.SEE_ACTION_REPORT)
@shows(Thing.REPORT, "year")
def show(federation: str, year: int) -> ResponseReturnValue:
    tenant = current_federation()
    data = figures(tenant, year, to_show=True)
    for action in data["actions"]:
        action["day"] = date.fromisoformat(action["date"])
    return render_template(
        "action_reports/show.html",
        report=data,
        text=ready_text(public({**data, "least": least_of(tenant.id)}), str(get_locale())),
        lists=[_drawn(data, name) for name in LISTS],
        years=sorted({*kept.years(tenant.id), *years_with_editions(tenant.id), year, clock.local_year()}),
        editions=editions_of(current_actor(), tenant.id, year),
        year=year,
        kept=draft_of(tenant.id, year),
        ids=ids_by_number(tenant.id, data["cases"]),
        action_ids=ids_by_number(tenant.id, [number for action in data["actions"] for number in action["cases"]]),
        type_labels={line["key"]: label_of(line, "by_action_type") for line in data["by_action_type"]},
        may_compile=current_actor().may(Right.COMPILE_ACTION_REPORT, tenant.id),
        form=Form(),
        made_at=clock.now(),
    )


@blueprint.get(f"{YEAR}/<figure>/<path:key>")
@requires(Right.SEE_ACTION_REPORT)
@shows(Thing.REPORT, "year")
def cases_behind(federation: str, year: int, figure: str, key: str) -> ResponseReturnValue:
    """The cases that one figure stands for."""
    tenant = current_federation()
    data = figures(tenant, year, to_show=True)
    label = label_in(data, figure, key)
    if label is None:
        abort(404)
    numbers = data["cases_behind"][figure][key]
    return render_template(
        "action_reports/cases_behind.html",
        label=label,
        words=data["measures"][figure],
        year=year,
        numbers=numbers,
        ids=ids_by_number(tenant.id, numbers),
    )


@blueprint.post(f"{YEAR}/sammanstall")
@requires(Right.COMPILE_ACTION_REPORT)
def compile_now(federation: str, year: int) -> ResponseReturnValue:
    """A job does it; the draft's page says how far it has come."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    if Form().validate_on_submit():
        ask_now(current_actor(), current_federation(), year)
        flash(_("Sammanställningen är beställd och sparas så snart den är räknad."), "success")
        return redirect(url_for("action_reports.draft", federation=federation, year=year))
    return redirect(url_for("action_reports.show", federation=federation, year=year))


def headings() -> dict[str, str]:
    return {name: str(measure(name).name) for name in LISTS}


def _drawn(data: dict[str, Any], name: str) -> dict[str, Any]:
    """A list with the length of each bar, 0–100 of the largest."""
    largest = max((line["count"] for line in data[name]), default=0) or 1
    rows = [
        {
            **line,
            "label": label_of(line, name),
            "lang": language_of(line, name, str(get_locale())),
            "share": 100 * line["count"] / largest,
            "href": url_for(
                "action_reports.cases_behind",
                federation=data["federation"],
                year=data["year"],
                figure=name,
                key=line["key"],
            )
            if line["count"]
            else None,
        }
        for line in data[name]
    ]
    return {"name": name, "heading": headings()[name], "rows": rows}
