"""The pages of system faults: parse, one verb, answer. Telling reporters has views of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Actor, Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.cases.models import Case
from lexheller.cases.queries import case_by_number, case_for
from lexheller.casework.fault_panel import choices
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import all_or_nothing
from lexheller.faults import notices, queries, service
from lexheller.faults.models import Fault
from lexheller.faults.states import FaultStatus, FaultStep
from lexheller.improvement import fault_forms as forms
from lexheller.improvement import fault_page
from lexheller.improvement.blueprint import blueprint
from lexheller.organisations.queries import unit_in
from lexheller.web.access import requires

ID = "int(max=2147483647)"
ALL = "/systemfel/<federation>"
FAULT = f"{ALL}/<{ID}:fault_id>"
STEPS = f"<any({', '.join(step.value for step in forms.FORM_OF)}):fault_step>"
READS = (Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES)

VERB: Mapping[FaultStep, Callable[[Actor, Fault, forms.SeenForm], object]] = {
    FaultStep.CONFIRM: lambda actor, fault, form: service.confirm(actor, fault, seen=form.seen),
    FaultStep.LIFT: lambda actor, fault, form: service.lift(actor, fault, seen=form.seen),
    FaultStep.DECIDE: lambda actor, fault, form: service.decide(actor, fault, form["decision"].data, seen=form.seen),
    FaultStep.REWORD_DECISION: lambda actor, fault, form: service.reword_decision(
        actor, fault, form["decision"].data, seen=form.seen
    ),
    FaultStep.DECIDE_ANEW: lambda actor, fault, form: service.decide_anew(
        actor, fault, form["decision"].data, seen=form.seen
    ),
    FaultStep.START_MENDING: lambda actor, fault, form: service.start_mending(actor, fault, seen=form.seen),
    FaultStep.FOLLOW_UP: lambda actor, fault, form: service.follow_up(actor, fault, seen=form.seen),
    FaultStep.CLOSE: lambda actor, fault, form: service.close(actor, fault, form["ending"].data, seen=form.seen),
    FaultStep.ACCEPT_AS_IT_IS: lambda actor, fault, form: service.accept_as_it_is(
        actor, fault, form["ending"].data, seen=form.seen
    ),
    FaultStep.REOPEN: lambda actor, fault, form: service.reopen(actor, fault, seen=form.seen),
}
SAID: Mapping[FaultStep, LazyString] = {
    FaultStep.CONFIRM: _l("Systemfelet är bekräftat."),
    FaultStep.LIFT: _l("Systemfelet är lyft för beslut."),
    FaultStep.DECIDE: _l("Beslutet är inskrivet. Du kan nu berätta för dem som anmälde."),
    FaultStep.REWORD_DECISION: _l("Beslutet har fått en ny lydelse."),
    FaultStep.DECIDE_ANEW: _l("Det nya beslutet är inskrivet. Du kan nu berätta för dem som anmälde."),
    FaultStep.START_MENDING: _l("Systemfelet rättas nu till."),
    FaultStep.FOLLOW_UP: _l("Systemfelet är uppföljt."),
    FaultStep.CLOSE: _l("Systemfelet är avslutat. Ärendena är som förut."),
    FaultStep.ACCEPT_AS_IT_IS: _l("Systemfelet får vara som det är. Ärendena är som förut."),
    FaultStep.REOPEN: _l("Systemfelet är öppet igen."),
}


@blueprint.get(ALL)
@requires(Right.SEE_ALL_CASES)
def faults(federation: str) -> ResponseReturnValue:
    chosen, age = request.args.get("status", ""), request.args.get("age", "")
    return fault_page.index(current_actor(), current_federation(), chosen, age, request.args.get("after"))


@blueprint.route(f"{ALL}/nytt", methods=["GET", "POST"])
@requires(Right.HANDLE_CASES)
def new_fault(federation: str) -> ResponseReturnValue:
    """Alone, or from a case that shows it: the address names the case."""
    actor, tenant = current_actor(), current_federation()
    wanted = request.args.get("case") or request.form.get("case_id")
    case = case_for(actor, tenant.id, forms.number_in(wanted)) if wanted else None
    form = forms.NewFromCaseForm(data=_from_case(case)) if case is not None else forms.NewFaultForm()
    form.offer(tenant.id)
    if form.validate_on_submit():
        try:
            with all_or_nothing():
                why = form["why"].data if case is not None else ""
                made = service.suspect(actor, tenant.id, form.details, case, why, sent_id=form.sent_once)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Systemfelet är inskrivet och har nummer %(number)s.", number=made.number), "success")
            return _to(made)
    return render_template("improvement/fault_new.html", form=form, case=case), 422 if form.errors else 200


@blueprint.post(f"{ALL}/koppla")
@requires(Right.HANDLE_CASES)
def link_from_case(federation: str) -> ResponseReturnValue:
    """From the case's page, and back to it; what is missing is asked for on a page of its own."""
    actor, tenant = current_actor(), current_federation()
    form = forms.LinkFromCaseForm()
    found = choices(actor, tenant.id, set())
    form.fault_id.choices = [("", _("Välj systemfel")), *((str(value), label) for value, label in found)]
    if not form.case_id.data:
        raise InvalidInput("case_id", "missing")
    case = case_for(actor, tenant.id, forms.number_in(form.case_id.data))
    if not form.validate_on_submit():
        return render_template("improvement/fault_link.html", form=form, case=case), 422
    fault = queries.fault_for(actor, tenant.id, forms.number_in(form.fault_id.data))
    try:
        _link(actor, fault, case, form.why.data)
    except InvalidInput as problem:
        form.refused(problem)
        return render_template("improvement/fault_link.html", form=form, case=case), 422
    return redirect(url_for("casework.show", federation=federation, case_id=case.id))


@blueprint.get(FAULT)
@requires(*READS)
@shows(Thing.FAULT, "fault_id")
def fault(federation: str, fault_id: int) -> ResponseReturnValue:
    return fault_page.render(current_actor(), _fault(fault_id))


@blueprint.route(f"{FAULT}/beskriv", methods=["GET", "POST"])
@requires(Right.HANDLE_CASES)
@shows(Thing.FAULT, "fault_id")
def describe_fault(federation: str, fault_id: int) -> ResponseReturnValue:
    row = _fault(fault_id)
    form = forms.DescribeForm(obj=row)
    form.offer(row.federation_id, row)
    if form.validate_on_submit():
        try:
            service.describe(current_actor(), row, form.details, seen=form.seen)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Beskrivningen är sparad."), "success")
            return _to(row)
    return render_template("improvement/fault_describe.html", form=form, fault=row), 422 if form.errors else 200


@blueprint.post(f"{FAULT}/steg/{STEPS}")
@requires(Right.HANDLE_CASES)
def take_fault_step(federation: str, fault_id: int, fault_step: str) -> ResponseReturnValue:
    row, step = _fault(fault_id), FaultStep(fault_step)
    form = forms.FORM_OF[step](prefix=step.value)
    return _taken(row, step.value, form, lambda: VERB[step](current_actor(), row, form), str(SAID[step]))


@blueprint.post(f"{FAULT}/agare")
@requires(Right.HANDLE_CASES)
def own_fault(federation: str, fault_id: int) -> ResponseReturnValue:
    row = _fault(fault_id)
    form = forms.OwnerForm(prefix="owner")
    form.offer(row.federation_id)

    def verb() -> None:
        chosen = form.owner.data
        unit = None if chosen == forms.FEDERATION else unit_in(row.federation_id, forms.number_in(chosen))
        if unit is None and chosen != forms.FEDERATION:
            raise InvalidInput("owner", "unknown")
        service.set_owner(current_actor(), row, unit, seen=form.seen)

    answer = _taken(row, "owner", form, verb, _("Ägaren är sparad."))
    if not form.errors and notices.nobody_hears(row):
        flash(
            _("Ingen på enheten har ett konto, så bara kansliet får mejl om felet händer igen. Berätta för dem själv."),
            "warning",
        )
    return answer


@blueprint.post(f"{FAULT}/arenden")
@requires(Right.HANDLE_CASES)
def link_case(federation: str, fault_id: int) -> ResponseReturnValue:
    """From the fault's page, by the case's number."""
    actor, row, form = current_actor(), _fault(fault_id), forms.LinkForm(prefix="link")

    def verb() -> None:
        _link(actor, row, case_by_number(actor, row.federation_id, form.number.data), form.why.data)

    return _taken(row, "link", form, verb, "")


@blueprint.post(f"{FAULT}/arenden/<{ID}:link_id>/ta-bort")
@requires(Right.HANDLE_CASES)
def unlink_case(federation: str, fault_id: int, link_id: int) -> ResponseReturnValue:
    """From the fault's page or from the case's, and back to where it was sent from."""
    row = _fault(fault_id)
    link = queries.link_for(row, link_id)
    form = forms.UnlinkForm(prefix="unlink")
    said = _("Ärende %(number)s är inte längre kopplat till systemfelet.", number=link.case.number)
    back = link.case_id if form.back.data == "case" else None
    answer = _taken(row, "unlink", form, lambda: service.unlink_case(current_actor(), link, form.why.data), said)
    if back is None or form.errors:
        return answer
    return redirect(url_for("casework.show", federation=federation, case_id=back))


def _taken(
    row: Fault, name: str, form: forms.FaultPageForm, verb: Callable[[], object], said: str
) -> ResponseReturnValue:
    """Done and told, or the page again with what was written."""
    actor = current_actor()
    if form.validate_on_submit():
        try:
            with all_or_nothing():
                verb()
        except InvalidInput as problem:
            form.refused(problem)
        else:
            if said:
                flash(said, "success")
            return _to(row)
    return fault_page.render(actor, row, {name: form}), 422


def _link(actor: Actor, row: Fault, case: Case, why: str) -> None:
    over = row.ended_on is not None
    service.link_case(actor, row, case, why)
    if over and row.status == FaultStatus.CONFIRMED:
        flash(_("Ärendet kom in efter att systemfelet var över, så systemfelet är öppet igen."), "warning")
    else:
        flash(
            _("Ärende %(number)s är kopplat till systemfel %(fault)s.", number=case.number, fault=row.number), "success"
        )


def _from_case(case: Case) -> dict[str, str]:
    """What the case says already, to begin with; never the reporter's own words."""
    return {
        "case_id": str(case.id),
        "let_go_organisation_id": str(case.concerned_organisation_id or ""),
        "theme_id": str(case.theme_id or ""),
        "municipality_id": str(case.municipality_id or ""),
    }


def _fault(fault_id: int) -> Fault:
    return queries.fault_for(current_actor(), current_federation().id, fault_id)


def _to(row: Fault) -> ResponseReturnValue:
    return redirect(url_for("improvement.fault", federation=current_federation().slug, fault_id=row.id))
