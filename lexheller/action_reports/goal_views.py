"""The goals of a year's report: the rows, a new one, changing, moving and removing one."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.action_reports import goal_rows
from lexheller.action_reports.blueprint import GOAL, GOALS, blueprint
from lexheller.action_reports.draft_forms import DirectionForm, GoalForm, SeenForm
from lexheller.action_reports.drafting import draft_of, goals_of
from lexheller.action_reports.goals import summary
from lexheller.action_reports.labels import FULFILMENT, TONE
from lexheller.action_reports.reading import language_here
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import InvalidInput
from lexheller.web.access import requires
from lexheller.web.doubts import LOOKS_LIKE, doubts_in


@blueprint.route(GOALS, methods=["GET", "POST"])
@requires(Right.COMPILE_ACTION_REPORT)
@shows(Thing.DRAFT, "year")
def report_goals(federation: str, year: int) -> ResponseReturnValue:
    """The rows in order, and a form for one more."""
    form = GoalForm(data={"version": _version(year)})
    if form.validate_on_submit():
        try:
            goal_rows.add_goal(
                current_actor(), current_federation(), year, form.goal, seen=form.seen, looked=form.looked.data
            )
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Åtagandet är tillagt."), "success")
            return redirect(_to("report_goals", year))
    rows = goals_of(current_federation().id, year)
    page = render_template(
        "action_reports/goals.html",
        rows=rows,
        summary=summary([{"fulfilment": row.fulfilment} for row in rows], language_here()),
        version=_version(year),
        **_values(year, form),
    )
    return page, 422 if form.errors else 200


@blueprint.route(GOAL, methods=["GET", "POST"])
@requires(Right.COMPILE_ACTION_REPORT)
@shows(Thing.DRAFT, "year")
def report_goal(federation: str, year: int, goal_id: int) -> ResponseReturnValue:
    row = goal_rows.goal_of(current_federation().id, year, goal_id)
    if row is None:
        abort(404)
    there = {"text": row.text, "fulfilment": row.fulfilment, "comment": row.comment, "version": _version(year)}
    form = GoalForm(data=there)
    if form.validate_on_submit():
        actor, tenant = current_actor(), current_federation()
        try:
            goal_rows.change_goal(actor, tenant, year, goal_id, form.goal, seen=form.seen, looked=form.looked.data)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Åtagandet är ändrat."), "success")
            return redirect(_to("report_goals", year))
    page = render_template("action_reports/goal.html", row=row, version=_version(year), **_values(year, form))
    return page, 422 if form.errors else 200


@blueprint.post(f"{GOAL}/flytta")
@requires(Right.COMPILE_ACTION_REPORT)
def move_goal(federation: str, year: int, goal_id: int) -> ResponseReturnValue:
    form = DirectionForm()
    if form.validate_on_submit():
        up = form.direction.data == "up"
        goal_rows.move_goal(current_actor(), current_federation(), year, goal_id, up=up, seen=form.seen)
    elif goal_rows.goal_of(current_federation().id, year, goal_id) is None:
        abort(404)
    return redirect(_to("report_goals", year, _anchor=f"rad-{goal_id}"))


@blueprint.post(f"{GOAL}/ta-bort")
@requires(Right.COMPILE_ACTION_REPORT)
def remove_goal(federation: str, year: int, goal_id: int) -> ResponseReturnValue:
    form = SeenForm()
    if form.validate_on_submit():
        goal_rows.remove_goal(current_actor(), current_federation(), year, goal_id, seen=form.seen)
        flash(_("Åtagandet är borttaget."), "success")
    elif goal_rows.goal_of(current_federation().id, year, goal_id) is None:
        abort(404)
    return redirect(_to("report_goals", year))


def _values(year: int, form: GoalForm) -> dict[str, Any]:
    return {
        "year": year,
        "form": form,
        "labels": FULFILMENT,
        "tones": TONE,
        "doubts": doubts_in(form.words) if form.errors.get("looked") else [],
        "looks_like": LOOKS_LIKE,
        "longest": goal_rows.LONGEST_COMMENT,
    }


def _version(year: int) -> int:
    draft = draft_of(current_federation().id, year)
    return draft.version if draft else 0


def _to(page: str, year: int, **values: Any) -> str:
    return url_for(f"action_reports.{page}", federation=current_federation().slug, year=year, **values)
