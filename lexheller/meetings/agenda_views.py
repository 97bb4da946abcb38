"""The buttons of an agenda, and the forms that put a case or a fault on one: parse, one verb, answer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.cases.queries import case_for, ids_by_number, kept_number
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.faults.queries import fault_for
from lexheller.meetings import agenda, forms, page, queries
from lexheller.meetings.blueprint import ALL, ITEM, MEETING
from lexheller.meetings.labels import when
from lexheller.meetings.models import AgendaItem, Meeting
from lexheller.meetings.panel import choices
from lexheller.meetings.paper import reference
from lexheller.web.access import requires

blueprint = Blueprint("agenda", __name__)


@blueprint.post(f"{ALL}/arenden")
@requires(Right.PREPARE_MEETINGS)
def put(federation: str) -> ResponseReturnValue:
    """From the case's page, and back to it; what is missing is asked for on a page of its own."""
    actor, tenant = current_actor(), current_federation()
    form = forms.PutForm()
    form.meeting_id.choices = forms.meeting_choices(choices(actor, tenant.id), _("Välj möte"))
    if not form.case_id.data:
        raise InvalidInput("case_id", "missing")
    case = case_for(actor, tenant.id, forms.number_in(form.case_id.data))
    if not form.validate_on_submit():
        return render_template("meetings/put.html", form=form, case=case), 422
    meeting = queries.meeting_for(actor, tenant.id, forms.number_in(form.meeting_id.data))
    item = agenda.put_on_agenda(actor, case, meeting, form.why.data)
    _say_put(item, meeting)
    return redirect(url_for("casework.show", federation=federation, case_id=case.id))


@blueprint.post(f"{ALL}/systemfel")
@requires(Right.PREPARE_MEETINGS)
def put_fault(federation: str) -> ResponseReturnValue:
    """From the fault's page, and back to it."""
    actor, tenant = current_actor(), current_federation()
    form = forms.PutFaultForm()
    form.meeting_id.choices = forms.meeting_choices(choices(actor, tenant.id), _("Välj möte"))
    if not form.fault_id.data:
        raise InvalidInput("fault_id", "missing")
    fault = fault_for(actor, tenant.id, forms.number_in(form.fault_id.data))
    if not form.validate_on_submit():
        return render_template("meetings/put_fault.html", form=form, fault=fault), 422
    meeting = queries.meeting_for(actor, tenant.id, forms.number_in(form.meeting_id.data))
    item = agenda.put_fault_on_agenda(actor, fault, meeting, form.why.data)
    _say_put(item, meeting)
    return redirect(url_for("improvement.fault", federation=federation, fault_id=fault.id))


@blueprint.post(f"{MEETING}/arenden")
@requires(Right.PREPARE_MEETINGS)
def add(federation: str, meeting_id: int) -> ResponseReturnValue:
    """From the meeting's page, by the number of a case or a fault."""
    actor, meeting, form = current_actor(), _meeting(meeting_id), forms.AddForm()
    if form.validate_on_submit():
        item = _put_by_number(meeting, form)
        if item is not None:
            _say_put(item, meeting)
            return _to(meeting)
        form.put_error("number", _("Inget ärende eller systemfel har det numret. Skriv det som i listan."))
    return page.show(actor, meeting, form), 422


@blueprint.post(f"{ITEM}/flytta")
@requires(Right.PREPARE_MEETINGS)
def reorder(federation: str, meeting_id: int, item_id: int) -> ResponseReturnValue:
    meeting, item = _meeting_and_item(meeting_id, item_id)
    form = forms.DirectionForm()
    if not form.validate_on_submit():
        raise Conflict("no direction")
    agenda.move_item(current_actor(), item, up=form.direction.data == "up", seen=form.seen)
    return _to(meeting)


@blueprint.post(f"{ITEM}/nasta-mote")
@requires(Right.PREPARE_MEETINGS)
def postpone(federation: str, meeting_id: int, item_id: int) -> ResponseReturnValue:
    meeting, item = _meeting_and_item(meeting_id, item_id)
    try:
        target = agenda.move_to_next(current_actor(), item, standing_on=meeting)
    except InvalidInput:
        flash(_("Det finns inget senare möte att flytta till. Planera ett möte först."), "warning")
        return _to(meeting)
    flash(
        _("%(what)s står nu på dagordningen till mötet %(when)s.", what=reference(item), when=when(target)), "success"
    )
    return _to(target if meeting.cancelled_at else meeting)


@blueprint.post(f"{ITEM}/valj-mote")
@requires(Right.PREPARE_MEETINGS)
def choose(federation: str, meeting_id: int, item_id: int) -> ResponseReturnValue:
    """From the list of what waits, to a meeting that was chosen, and back to the list."""
    meeting, item = _meeting_and_item(meeting_id, item_id)
    form = forms.ChooseForm()
    if not form.validate_on_submit():
        raise Conflict("no meeting chosen")
    target = queries.meeting_for(current_actor(), current_federation().id, forms.number_in(form.to.data))
    target = agenda.move_to(current_actor(), item, target, standing_on=meeting)
    flash(
        _("%(what)s står nu på dagordningen till mötet %(when)s.", what=reference(item), when=when(target)), "success"
    )
    return redirect(url_for("meetings.index", federation=federation))


@blueprint.post(f"{ITEM}/ta-bort")
@requires(Right.PREPARE_MEETINGS)
def take_off(federation: str, meeting_id: int, item_id: int) -> ResponseReturnValue:
    meeting, item = _meeting_and_item(meeting_id, item_id)
    agenda.take_off_agenda(current_actor(), item)
    flash(_("%(what)s är borta från dagordningen. Inget annat är ändrat.", what=reference(item)), "success")
    return _to(meeting)


def _meeting(meeting_id: int) -> Meeting:
    return queries.meeting_for(current_actor(), current_federation().id, meeting_id)


def _meeting_and_item(meeting_id: int, item_id: int) -> tuple[Meeting, AgendaItem]:
    meeting = _meeting(meeting_id)
    return meeting, queries.item_for(current_actor(), meeting, item_id)


def _put_by_number(meeting: Meeting, form: forms.AddForm) -> AgendaItem | None:
    """Cases and faults share one series of numbers; None where neither has it."""
    actor, federation_id, number = current_actor(), current_federation().id, kept_number(form.number.data)
    case_id = ids_by_number(federation_id, [number]).get(number)
    if case_id is not None:
        return agenda.put_on_agenda(actor, case_for(actor, federation_id, case_id), meeting, form.why.data)
    fault = queries.fault_by_number(actor, federation_id, number)
    return agenda.put_fault_on_agenda(actor, fault, meeting, form.why.data) if fault is not None else None


def _say_put(item: AgendaItem, meeting: Meeting) -> None:
    said = _("%(what)s står på dagordningen till mötet %(when)s.", what=reference(item), when=when(meeting))
    if agenda.is_late(item, meeting):
        said = f"{said} {_('Materialet skulle redan vara klart, så säg till gruppen.')}"
    flash(said, "success")


def _to(meeting: Meeting) -> ResponseReturnValue:
    return redirect(url_for("meetings.show", federation=current_federation().slug, meeting_id=meeting.id))
