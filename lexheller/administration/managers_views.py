"""Pages about who is responsible for a unit: appoint, correct, end, confirm."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import queries
from lexheller.administration.answers import back_to, done, refused, went_well
from lexheller.administration.blueprint import ID, blueprint
from lexheller.administration.forms import LastDayForm, ManagerForm, NoteForm
from lexheller.administration.people import change_recipients
from lexheller.administration.units_views import UNIT
from lexheller.core import clock
from lexheller.organisations import service as register
from lexheller.organisations.changes import version_of
from lexheller.organisations.models import ResponsibleManager, Unit
from lexheller.web.access import requires

MANAGER = f"{UNIT}/chef/<{ID}:manager_id>"


@blueprint.get(f"{UNIT}/chef")
@requires(Right.ADMINISTER)
def new_manager(federation: str, unit_id: int) -> ResponseReturnValue:
    unit = _unit(unit_id)
    form = _new_form(unit)
    now = queries.responsible(unit).now
    form.valid_from.data = clock.today()
    form.replaces.data = str(now[0].id) if len(now) == 1 else ""
    return _form(form, unit)


@blueprint.post(f"{UNIT}/chef")
@requires(Right.ADMINISTER)
def appoint_manager(federation: str, unit_id: int) -> ResponseReturnValue:
    unit = _unit(unit_id)
    form = _new_form(unit)

    def appoint() -> None:
        chosen = form.replaces.data
        register.appoint_manager(
            current_actor(),
            unit,
            form.details(),
            valid_from=form.valid_from.data,
            valid_to=form.valid_to.data,
            replaces=queries.manager_of(unit, int(chosen)) if chosen else None,
            note=form.note.data,
        )

    if not form.validate_on_submit() or not went_well(form, _mailing_to(form, appoint)):
        return _form(form, unit), 422
    return done("unit", _("Sparat. Finns det öppna ärenden får den nya chefen ett mejl om dem."), unit_id=unit.id)


@blueprint.get(MANAGER)
@requires(Right.ADMINISTER)
def edit_manager(federation: str, unit_id: int, manager_id: int) -> ResponseReturnValue:
    unit, manager = _manager(unit_id, manager_id)
    form = ManagerForm(obj=manager)
    del form.replaces
    form.note.data, form.seen.data = "", str(version_of(manager))
    return _form(form, unit, manager)


@blueprint.post(MANAGER)
@requires(Right.ADMINISTER)
def change_manager(federation: str, unit_id: int, manager_id: int) -> ResponseReturnValue:
    unit, manager = _manager(unit_id, manager_id)
    form = ManagerForm()
    del form.replaces

    def change() -> None:
        register.change_manager(
            current_actor(),
            manager,
            form.details(),
            valid_from=form.valid_from.data,
            valid_to=form.valid_to.data,
            note=form.note.data,
            seen=form.version,
        )

    if not form.validate_on_submit() or not went_well(form, _mailing_to(form, change)):
        return _form(form, unit, manager), 422
    return done("unit", _("Ändringen är sparad."), unit_id=unit.id)


@blueprint.post(f"{MANAGER}/slutar")
@requires(Right.ADMINISTER)
def end_manager(federation: str, unit_id: int, manager_id: int) -> ResponseReturnValue:
    unit, manager = _manager(unit_id, manager_id)
    form = LastDayForm(prefix="end")

    def end() -> None:
        register.end_manager(
            current_actor(), manager, last_day=form.last_day.data, note=form.note.data, seen=form.version
        )

    if not form.validate_on_submit() or not went_well(form, end):
        return render_template("administration/manager_end.html", form=form, unit=unit, manager=manager), 422
    return done("unit", _("Sparat."), unit_id=unit.id)


@blueprint.post(f"{MANAGER}/bekrafta")
@requires(Right.ADMINISTER)
def confirm_manager(federation: str, unit_id: int, manager_id: int) -> ResponseReturnValue:
    unit, manager = _manager(unit_id, manager_id)
    form = NoteForm(prefix="confirm")
    if not form.validate_on_submit():
        return back_to("unit", unit_id=unit.id)
    if refused(lambda: register.confirm_manager(current_actor(), manager, note=form.note.data)):
        return back_to("unit", unit_id=unit.id)
    return done("unit", _("Bekräftat: %(name)s är ansvarig.", name=manager.name), unit_id=unit.id)


def _mailing_to(form: ManagerForm, change: Callable[[], object]) -> Callable[[], None]:
    details = form.details()
    emails = (details.email, details.superior_email)
    return lambda: change_recipients(current_actor(), current_federation().id, emails, change)


def _unit(unit_id: int) -> Unit:
    return queries.unit_of(current_federation().id, unit_id)


def _manager(unit_id: int, manager_id: int) -> tuple[Unit, ResponsibleManager]:
    unit = _unit(unit_id)
    return unit, queries.manager_of(unit, manager_id)


def _new_form(unit: Unit) -> ManagerForm:
    form = ManagerForm()
    people = queries.responsible(unit)
    form.offer(people.now + people.coming)
    return form


def _form(form: ManagerForm, unit: Unit, manager: ResponsibleManager | None = None) -> str:
    return render_template("administration/manager_form.html", form=form, unit=unit, manager=manager)
