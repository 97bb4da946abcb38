"""The office's and the managers' pages: parse, one verb, answer. What a viewer may see and do is decided below."""

from __future__ import annotations

from typing import Protocol, TypeVar, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.actions import queries as actions
from lexheller.actions.models import ActionStatus
from lexheller.cases.labels import STATUS
from lexheller.cases.models import Case
from lexheller.cases.queries import case_for
from lexheller.cases.states import Step
from lexheller.casework import forms, page, service
from lexheller.casework.filters import filter_context, filter_from
from lexheller.casework.queries import attention, queue, waiting_for
from lexheller.core import clock
from lexheller.core.errors import Conflict, NotAllowedToSee
from lexheller.core.jobs import parked, try_again
from lexheller.organisations import queries as organisations
from lexheller.web.access import requires, signed_in

blueprint = Blueprint("casework", __name__)

CASE = "/arenden/<federation>/<int(max=2147483647):case_id>"


class HasId(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=HasId)

SEES_CASES = (Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES)


@blueprint.get("/start")
@signed_in
def start() -> ResponseReturnValue:
    """Straight to the cases of the only federation; a choice for those who work in several."""
    actor = current_actor()
    mine = [found for found in organisations.federations() if found.id in actor.roles]
    if len(mine) == 1:
        return redirect(url_for("casework.index", federation=mine[0].slug))
    return render_template("casework/start.html", federations=mine)


@blueprint.get("/arenden/<federation>")
@requires(*SEES_CASES)
def index(federation: str) -> ResponseReturnValue:
    actor, tenant = current_actor(), current_federation()
    wanted = filter_from(request.args)
    found = queue(actor, tenant.id, wanted, request.args.get("after"))
    office = actor.may(Right.SEE_ALL_CASES, tenant.id)
    return render_template(
        "casework/index.html",
        page=found,
        attention=attention(actor, tenant.id) if office else None,
        waiting=waiting_for(actor, tenant.id),
        cursor=request.args.get("after"),
        status_labels=STATUS,
        parked=parked(tenant.id) if actor.may(Right.HANDLE_CASES, tenant.id) else [],
        **filter_context(tenant.id, wanted, request.args, found.next),
    )


@blueprint.get(CASE)
@requires(*SEES_CASES)
def show(federation: str, case_id: int) -> ResponseReturnValue:
    return page.render(current_actor(), _case(case_id))


@blueprint.post(f"{CASE}/fordela")
@requires(Right.HANDLE_CASES)
def assign(federation: str, case_id: int) -> ResponseReturnValue:
    case = _case(case_id)
    form = cast(forms.AssignForm, page.form_for(Step.ASSIGN, case))
    if not form.validate_on_submit():
        return _again(case, Step.ASSIGN, form)
    unit = organisations.unit_in(case.federation_id, int(form.unit.data))
    if unit is None:
        raise NotAllowedToSee("unit")
    service.assign(current_actor(), case, unit, seen=form.seen)
    return _done(case, _("Skickat till %(unit)s. Ansvarig chef får ett mejl.", unit=unit.name))


@blueprint.post(f"{CASE}/ta-emot")
@requires(Right.ANSWER_DUTIES)
def accept(federation: str, case_id: int) -> ResponseReturnValue:
    case = _case(case_id)
    form = page.form_for(Step.ACCEPT, case)
    if not form.validate_on_submit():
        return _again(case, Step.ACCEPT, form)
    service.accept(current_actor(), case, seen=form.seen)
    return _done(case, _("Ärendet är ditt. Svara när du vet vad som har hänt."))


@blueprint.post(f"{CASE}/svara")
@requires(Right.ANSWER_DUTIES)
def answer(federation: str, case_id: int) -> ResponseReturnValue:
    """Answer, or keep a draft: the button that was pressed tells which."""
    case = _case(case_id)
    keep = "save" in request.form
    form = forms.DraftForm(prefix=Step.ANSWER.value) if keep else page.form_for(Step.ANSWER, case)
    if not form.validate_on_submit():
        return _again(case, Step.ANSWER, form)
    texts = {name: form[name].data or "" for name in service.ANSWER_FIELDS}
    verb = service.save_draft if keep else service.answer
    verb(current_actor(), case, texts, seen=form.seen)
    if keep:
        return _done(case, _("Utkastet är sparat. Bara du och andra ansvariga för enheten ser det."))
    return _done(case, _("Tack! Svaret är skickat. Anmälaren kan läsa det nu."))


@blueprint.post(f"{CASE}/skicka-tillbaka")
@requires(Right.ANSWER_DUTIES)
def send_back(federation: str, case_id: int) -> ResponseReturnValue:
    case = _case(case_id)
    form = cast(forms.SendBackForm, page.form_for(Step.SEND_BACK, case))
    if not form.validate_on_submit():
        return _again(case, Step.SEND_BACK, form)
    service.send_back(current_actor(), case, form.reason.data, seen=form.seen)
    return _done(case, _("Skickat tillbaka. Samordnaren hittar rätt mottagare."))


@blueprint.post(f"{CASE}/uppgifter")
@requires(Right.HANDLE_CASES)
def classify(federation: str, case_id: int) -> ResponseReturnValue:
    case = _case(case_id)
    form = cast(forms.ClassifyForm, page.form_for(Step.CLASSIFY, case))
    if not form.validate_on_submit():
        return _again(case, Step.CLASSIFY, form)
    service.classify(
        current_actor(),
        case,
        theme=_picked(organisations.themes(case.federation_id), form.theme.data),
        municipality=_picked(organisations.municipalities(case.federation_id), form.municipality.data),
        organisation=_picked(organisations.organisations(case.federation_id), form.organisation.data),
        settled=form.settled.data,
        seen=form.seen,
    )
    return _done(case, _("Uppgifterna är sparade."))


@blueprint.post(f"{CASE}/atgard")
@requires(Right.HANDLE_CASES)
def record_action(federation: str, case_id: int) -> ResponseReturnValue:
    case = _case(case_id)
    form = cast(forms.ActionForm, page.form_for(Step.RECORD_ACTION, case))
    if not form.validate_on_submit():
        return _again(case, Step.RECORD_ACTION, form)
    service.record_action(
        current_actor(),
        case,
        type=_picked(actions.types(case.federation_id), form.type.data),
        description=form.description.data,
        status=ActionStatus(form.status.data),
        action_on=form.action_on.data,
        seen=form.seen,
    )
    return _done(case, _("Åtgärden är sparad."))


@blueprint.post(f"{CASE}/atgard/<int(max=2147483647):action_id>/genomford")
@requires(Right.HANDLE_CASES)
def finish_action(federation: str, case_id: int, action_id: int) -> ResponseReturnValue:
    case = _case(case_id)
    action = next((found for found in actions.of_case(case.id) if found.id == action_id), None)
    if action is None:
        raise NotAllowedToSee("action")
    form = forms.SeenForm(prefix=Step.RECORD_ACTION.value)
    if not form.validate_on_submit():
        raise Conflict("no version was seen")
    service.finish_action(current_actor(), case, action, action_on=clock.today(), seen=form.seen)
    return _done(case, _("Åtgärden är markerad som genomförd."))


@blueprint.post(f"{CASE}/avsluta")
@requires(Right.HANDLE_CASES)
def close(federation: str, case_id: int) -> ResponseReturnValue:
    case = _case(case_id)
    form = cast(forms.CloseForm, page.form_for(Step.CLOSE, case))
    if not form.validate_on_submit():
        return _again(case, Step.CLOSE, form)
    service.close(current_actor(), case, form.conclusion.data, seen=form.seen)
    return _done(case, _("Ärendet är avslutat. Du kan öppna det igen om det behövs."))


@blueprint.post(f"{CASE}/oppna-igen")
@requires(Right.HANDLE_CASES)
def reopen(federation: str, case_id: int) -> ResponseReturnValue:
    case = _case(case_id)
    form = page.form_for(Step.REOPEN, case)
    if not form.validate_on_submit():
        return _again(case, Step.REOPEN, form)
    service.reopen(current_actor(), case, seen=form.seen)
    return _done(case, _("Ärendet är öppet igen och ligger hos dig."))


@blueprint.post("/arenden/<federation>/fastnat/<int(max=2147483647):job_id>")
@requires(Right.HANDLE_CASES)
def retry_job(federation: str, job_id: int) -> ResponseReturnValue:
    """Take up work that failed too often and was parked."""
    job = next((found for found in parked(current_federation().id) if found.id == job_id), None)
    if job is None:
        raise NotAllowedToSee("job")
    try_again(job)
    flash(_("Vi försöker igen nu."), "success")
    return redirect(url_for("casework.index", federation=federation))


def _case(case_id: int) -> Case:
    return case_for(current_actor(), current_federation().id, case_id)


def _picked(rows: list[Row], chosen: str) -> Row | None:
    return next((row for row in rows if str(row.id) == chosen), None)


def _again(case: Case, step: Step, form: forms.SeenForm) -> ResponseReturnValue:
    return page.render(current_actor(), case, {step: form}), 422


def _done(case: Case, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("casework.show", federation=case.federation.slug, case_id=case.id))
