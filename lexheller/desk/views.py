"""Start page and queue: parse, look, answer. Saved filters and steps on many cases have views of their own."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration.operation import take_up_one
from lexheller.cases.labels import STATUS
from lexheller.core.errors import NotAllowedToSee
from lexheller.deadlines.labels import left_in
from lexheller.desk import bulk_views, saved_views
from lexheller.desk.blueprint import QUEUE, SEES_CASES
from lexheller.desk.blueprint import blueprint as blueprint
from lexheller.desk.bulk import steps_of
from lexheller.desk.filters import filter_context, filter_from, sort_from
from lexheller.desk.labels import STEP
from lexheller.desk.queries import parked_jobs, queue
from lexheller.desk.saved import saved_by
from lexheller.desk.sections import MOST_LINES
from lexheller.desk.start_page import HAS_A_START, parts_for
from lexheller.desk.start_reader import only_reads
from lexheller.organisations import queries as organisations
from lexheller.web.access import requires, signed_in

PAGES = (bulk_views, saved_views)


@blueprint.get("/start")
@signed_in
def start() -> ResponseReturnValue:
    """Straight to the start page of the only federation; a choice for those who work in several.

    Whoever only reads reports has one page for all federations.
    """
    actor = current_actor()
    if only_reads(actor):
        return redirect(url_for("action_reports.national"))
    mine = [found for found in organisations.federations() if found.id in actor.roles]
    if len(mine) == 1:
        return redirect(url_for("desk.start_page", federation=mine[0].slug))
    return render_template("desk/start.html", federations=mine)


@blueprint.get("/start/<federation>")
@requires(*HAS_A_START)
def start_page(federation: str) -> ResponseReturnValue:
    actor, tenant = current_actor(), current_federation()
    parts = parts_for(actor, tenant)
    sees_overview = any(actor.may(right, tenant.id) for right in SEES_CASES)
    return render_template("desk/start_page.html", parts=parts, most=MOST_LINES, sees_overview=sees_overview)


@blueprint.get(QUEUE)
@requires(*SEES_CASES)
def index(federation: str) -> ResponseReturnValue:
    actor, tenant = current_actor(), current_federation()
    found = queue(actor, tenant.id, filter_from(request.args), request.args.get("after"), sort_from(request.args))
    return render_template(
        "desk/index.html",
        page=found,
        office=actor.may(Right.SEE_ALL_CASES, tenant.id),
        may_register=actor.may(Right.HANDLE_CASES, tenant.id),
        cursor=request.args.get("after"),
        status_labels=STATUS,
        left=left_in(tenant.id),
        bulk_steps=[(step.value, STEP[step]) for step in steps_of(actor, tenant.id)],
        saved=saved_by(actor, tenant.id),
        parked=parked_jobs(tenant.id) if actor.may(Right.HANDLE_CASES, tenant.id) else [],
        **filter_context(actor, tenant.id, request.args, found.next),
    )


@blueprint.post(f"{QUEUE}/fastnat/<int(max=2147483647):job_id>")
@requires(Right.HANDLE_CASES)
def retry_job(federation: str, job_id: int) -> ResponseReturnValue:
    """Take up work that failed too often and was parked."""
    job = next((found for found in parked_jobs(current_federation().id) if found.id == job_id), None)
    if job is None:
        raise NotAllowedToSee("job")
    take_up_one(current_actor(), job)
    flash(_("Vi försöker igen nu."), "success")
    return redirect(url_for("desk.index", federation=federation))
