"""The yearly report on screen and as JSON. What it says is made in `compiling`; drawing it is the template's."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.action_reports.compiling import LISTS, canonical, compiled
from lexheller.action_reports.reading import label_of, language_of, ready_text
from lexheller.action_reports.service import FIRST_YEAR, LAST_YEAR, keep_compilation, latest
from lexheller.cases.queries import ids_by_number, received_per_year
from lexheller.core import clock
from lexheller.web.access import requires
from lexheller.web.forms import Form

blueprint = Blueprint("action_reports", __name__)

YEAR = "/atgardsrapport/<federation>/<int(min=2000, max=2100):year>"


@blueprint.get("/atgardsrapport/<federation>")
@requires(Right.SEE_ACTION_REPORT)
def index(federation: str) -> ResponseReturnValue:
    """Straight to the newest year that has reports."""
    years = received_per_year(current_federation().id)
    newest = max(years, default=clock.local_year())
    return redirect(url_for("action_reports.show", federation=federation, year=newest))


@blueprint.get(YEAR)
@requires(Right.SEE_ACTION_REPORT)
def show(federation: str, year: int) -> ResponseReturnValue:
    tenant = current_federation()
    data = compiled(tenant, year)
    for action in data["actions"]:
        action["day"] = date.fromisoformat(action["date"])
    years = received_per_year(tenant.id)
    return render_template(
        "action_reports/show.html",
        report=data,
        text=ready_text(data, str(get_locale())),
        lists=[_drawn(data, name) for name in LISTS],
        years=sorted({*years, year, clock.local_year()}),
        year=year,
        kept=latest(tenant.id, year),
        ids=ids_by_number(tenant.id, data["cases"]),
        action_ids=ids_by_number(tenant.id, [number for action in data["actions"] for number in action["cases"]]),
        type_labels={line["key"]: label_of(line, "by_action_type") for line in data["by_action_type"]},
        may_compile=current_actor().may(Right.COMPILE_ACTION_REPORT, tenant.id),
        form=Form(),
        made_at=clock.now(),
    )


@blueprint.get(f"{YEAR}.json")
@requires(Right.SEE_ACTION_REPORT)
def show_json(federation: str, year: int) -> ResponseReturnValue:
    return Response(canonical(compiled(current_federation(), year)), mimetype="application/json")


@blueprint.get(f"{YEAR}/<any(by_organisation, by_theme, by_municipality, by_month, by_action_type):figure>/<key>")
@requires(Right.SEE_ACTION_REPORT)
def cases_behind(federation: str, year: int, figure: str, key: str) -> ResponseReturnValue:
    """The cases that one figure stands for."""
    tenant = current_federation()
    data = compiled(tenant, year)
    numbers = data["cases_behind"][figure].get(key)
    if numbers is None:
        abort(404)
    line = next(line for line in data[figure] if line["key"] == key)
    return render_template(
        "action_reports/cases_behind.html",
        line={**line, "label": label_of(line, figure)},
        heading=headings()[figure],
        year=year,
        numbers=numbers,
        ids=ids_by_number(tenant.id, numbers),
    )


@blueprint.post(f"{YEAR}/sammanstall")
@requires(Right.COMPILE_ACTION_REPORT)
def compile_now(federation: str, year: int) -> ResponseReturnValue:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    if Form().validate_on_submit():
        keep_compilation(current_actor(), current_federation(), year)
        flash(_("Sammanställningen är sparad som den ser ut nu."), "success")
    return redirect(url_for("action_reports.show", federation=federation, year=year))


def headings() -> dict[str, str]:
    return {
        "by_organisation": _("Vilken organisation anmälningarna gäller"),
        "by_theme": _("Vad de handlar om"),
        "by_municipality": _("I vilken kommun"),
        "by_month": _("När de kom in"),
        "by_action_type": _("Åtgärder som har genomförts"),
    }


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
