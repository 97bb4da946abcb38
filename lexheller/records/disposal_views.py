"""The pages of disposal: the plan, trying it out, proposing, deciding, calling off, the protocol."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.records import disposal_forms as forms
from lexheller.records import disposal_page as page
from lexheller.records import disposal_queries as queries
from lexheller.records import disposal_service as service
from lexheller.records.disposal_blueprint import ALL, DRY_RUN, ONE, PLAN
from lexheller.records.disposal_blueprint import blueprint as blueprint
from lexheller.records.disposal_models import Disposal
from lexheller.web.access import requires


@blueprint.get(ALL)
@requires(Right.PLAN_DISPOSAL)
def index(federation: str) -> ResponseReturnValue:
    return render_template("records/disposal.html", **page.overview(current_actor(), current_federation()))


@blueprint.get(PLAN)
@requires(Right.PLAN_DISPOSAL)
def plan(federation: str) -> ResponseReturnValue:
    """Every version of the plan, and the form for the next."""
    form = forms.PlanForm(formdata=None, data=page.begun_with(current_federation().id))
    return _plan_page(form), 200


@blueprint.post(PLAN)
@requires(Right.PLAN_DISPOSAL)
def adopt(federation: str) -> ResponseReturnValue:
    form = forms.PlanForm()
    if form.validate_on_submit():
        try:
            service.adopt_plan(current_actor(), current_federation().id, form.plan, seen=form.seen)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            said = _("Planen gäller nu. Handlingar tas bort först när två personer har beslutat det.")
            flash(f"{said} {_('De andra som får besluta om gallring har fått mejl.')}", "success")
            return redirect(url_for("disposals.index", federation=federation))
    return _plan_page(form), 422


@blueprint.get(DRY_RUN)
@requires(Right.PLAN_DISPOSAL)
@shows(Thing.DISPOSAL)
def dry_run(federation: str) -> ResponseReturnValue:
    """What falls under the plan as of a day, today if none is given. Nothing is touched."""
    form = forms.DayForm(request.args) if "dag" in request.args else forms.DayForm(data={"dag": clock.today()})
    as_of: date | None = form.dag.data if "dag" not in request.args or form.validate() else None
    return _dry_run_page(form, as_of or clock.today(), forms.ProposeForm(formdata=None)), 422 if form.errors else 200


@blueprint.post(ALL)
@requires(Right.PLAN_DISPOSAL)
def propose(federation: str) -> ResponseReturnValue:
    form = forms.ProposeForm()
    as_of = _day(form.as_of.data)
    if form.validate_on_submit():
        try:
            made = service.propose(current_actor(), current_federation().id, as_of)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Förslaget är gjort. De andra som får besluta om gallring har fått mejl."), "success")
            return _to(made)
    return _dry_run_page(forms.DayForm(data={"dag": as_of}), as_of, form), 422


@blueprint.get(ONE)
@requires(Right.PLAN_DISPOSAL)
@shows(Thing.DISPOSAL, "disposal_id")
def show(federation: str, disposal_id: int) -> ResponseReturnValue:
    disposal = _disposal(disposal_id)
    form = forms.SeenForm(formdata=None, data={"version": disposal.version})
    return render_template("records/disposal_show.html", form=form, **page.one(current_actor(), disposal))


@blueprint.route(f"{ONE}/beslut", methods=["GET", "POST"])
@requires(Right.PLAN_DISPOSAL)
@shows(Thing.DISPOSAL, "disposal_id")
def decide(federation: str, disposal_id: int) -> ResponseReturnValue:
    """What will be deleted, and the button; whoever made the proposal is told that somebody else has to."""
    actor, disposal = current_actor(), _disposal(disposal_id)
    form = forms.DecideForm(data={"version": disposal.version})
    if form.validate_on_submit():
        try:
            service.decide(actor, disposal, seen=form.seen)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Beslutet är fattat. Fram till gallringen går det att avbryta."), "success")
            return _to(disposal)
    values = page.one(actor, disposal)
    if request.method == "GET" and not values["may_decide"]:
        return _to(disposal)
    return render_template("records/disposal_decide.html", form=form, **values), 422 if form.errors else 200


@blueprint.post(f"{ONE}/avbryt")
@requires(Right.PLAN_DISPOSAL)
def call_off(federation: str, disposal_id: int) -> ResponseReturnValue:
    actor, disposal = current_actor(), _disposal(disposal_id)
    form = forms.SeenForm()
    if form.validate_on_submit():
        try:
            service.call_off(actor, disposal, seen=form.seen)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Förslaget är avbrutet. Inget har tagits bort."), "success")
            return _to(disposal)
    return render_template("records/disposal_show.html", form=form, **page.one(actor, disposal)), 422


@blueprint.get(f"{ONE}/protokoll")
@requires(Right.PLAN_DISPOSAL)
@shows(Thing.DISPOSAL, "disposal_id")
def protocol(federation: str, disposal_id: int) -> ResponseReturnValue:
    """Who proposed, who decided, under which plan, what went: a page to print and keep."""
    return render_template("records/disposal_protocol.html", **page.one(current_actor(), _disposal(disposal_id)))


def _plan_page(form: forms.PlanForm) -> str:
    federation = current_federation()
    versions = [page.plan_shown(row) for row in queries.plans(current_actor(), federation.id)]
    return render_template("records/disposal_plan.html", form=form, versions=versions, **page.asked(federation.id))


def _dry_run_page(form: forms.DayForm, as_of: date, propose_form: forms.ProposeForm) -> str:
    values = page.dry_run(current_actor(), current_federation(), as_of)
    propose_form.as_of.data = as_of.isoformat()
    return render_template("records/disposal_dry_run.html", form=form, propose_form=propose_form, as_of=as_of, **values)


def _day(written: str | None) -> date:
    """The day of a hidden field; today for a tampered one."""
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return clock.today()


def _disposal(disposal_id: int) -> Disposal:
    return queries.disposal_for(current_actor(), current_federation().id, disposal_id)


def _to(disposal: Disposal) -> ResponseReturnValue:
    return redirect(url_for("disposals.show", federation=current_federation().slug, disposal_id=disposal.id))
