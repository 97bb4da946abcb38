"""Pages of the units: the list, one unit with its people and history, and its own details."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import queries, service
from lexheller.administration.answers import done, refused, went_well
from lexheller.administration.blueprint import ID, SETTINGS, blueprint
from lexheller.administration.forms import LastDayForm, NoteForm, UnitForm
from lexheller.administration.history import in_words
from lexheller.cases.labels import STATUS
from lexheller.core import clock
from lexheller.organisations import service as register
from lexheller.organisations.changes import version_of
from lexheller.organisations.models import Unit
from lexheller.organisations.queries import municipalities, organisations
from lexheller.web.access import requires

UNITS = f"{SETTINGS}/enheter"
UNIT = f"{UNITS}/<{ID}:unit_id>"


@blueprint.get(UNITS)
@requires(Right.ADMINISTER)
def units(federation: str) -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:100]
    federation_id = current_federation().id
    return render_template(
        "administration/units.html",
        words=words,
        groups=queries.units_by_organisation(federation_id, active=True, words=words),
        retired=queries.units_by_organisation(federation_id, active=False, words=words),
    )


@blueprint.get(f"{UNITS}/ny")
@requires(Right.ADMINISTER)
def new_unit(federation: str) -> ResponseReturnValue:
    return _form(_unit_form())


@blueprint.post(f"{UNITS}/ny")
@requires(Right.ADMINISTER)
def add_unit(federation: str) -> ResponseReturnValue:
    form = _unit_form()
    made: list[Unit] = []

    def add() -> None:
        made.append(
            register.add_unit(
                current_actor(),
                current_federation().id,
                organisation_id=int(form.organisation.data),
                name=form.name.data,
                municipality_id=_chosen(form),
                note=form.note.data,
            )
        )

    if not form.validate_on_submit() or not went_well(form, add):
        return _form(form), 422
    return done("unit", _("Enheten finns nu. Lägg till vem som är ansvarig."), unit_id=made[0].id)


@blueprint.get(UNIT)
@requires(Right.ADMINISTER)
def unit(federation: str, unit_id: int) -> ResponseReturnValue:
    return _show(_unit(unit_id), NoteForm(prefix="unit"))


@blueprint.get(f"{UNIT}/andra")
@requires(Right.ADMINISTER)
def edit_unit(federation: str, unit_id: int) -> ResponseReturnValue:
    row = _unit(unit_id)
    form = _unit_form(row)
    form.name.data, form.municipality.data = row.name, str(row.municipality_id or "")
    form.seen.data = str(version_of(row))
    return _form(form, row)


@blueprint.post(f"{UNIT}/andra")
@requires(Right.ADMINISTER)
def change_unit(federation: str, unit_id: int) -> ResponseReturnValue:
    row = _unit(unit_id)
    form = _unit_form(row)

    def change() -> None:
        register.change_unit(
            current_actor(),
            row,
            name=form.name.data,
            municipality_id=_chosen(form),
            note=form.note.data,
            seen=form.version,
        )

    if not form.validate_on_submit() or not went_well(form, change):
        return _form(form, row), 422
    return done("unit", _("Ändringen är sparad."), unit_id=row.id)


@blueprint.post(f"{UNIT}/ur-bruk")
@requires(Right.ADMINISTER)
def retire_unit(federation: str, unit_id: int) -> ResponseReturnValue:
    row, form = _unit(unit_id), NoteForm(prefix="unit")
    if not form.validate_on_submit() or not went_well(
        form, lambda: service.retire_unit(current_actor(), row, note=form.note.data)
    ):
        return _show(row, form), 422
    return done("unit", _("Enheten är ur bruk. Den får inga nya ärenden, men allt om den finns kvar."), unit_id=row.id)


@blueprint.post(f"{UNIT}/i-bruk")
@requires(Right.ADMINISTER)
def take_back_unit(federation: str, unit_id: int) -> ResponseReturnValue:
    row, form = _unit(unit_id), NoteForm(prefix="unit")
    if not form.validate_on_submit() or refused(
        lambda: register.take_back_unit(current_actor(), row, note=form.note.data)
    ):
        return _show(row, form), 422
    return done("unit", _("Enheten är i bruk igen."), unit_id=row.id)


def _unit(unit_id: int) -> Unit:
    return queries.unit_of(current_federation().id, unit_id)


def _unit_form(row: Unit | None = None) -> UnitForm:
    """Choices are the federation's own; an office that exists keeps its organisation."""
    federation_id = current_federation().id
    form = UnitForm()
    form.municipality.choices = [("", _("Ingen särskild kommun"))]
    form.municipality.choices += [(str(place.id), place.name) for place in municipalities(federation_id)]
    if row is not None:
        del form.organisation
    else:
        members = [(str(member.id), member.name) for member in organisations(federation_id)]
        form.organisation.choices = [("", _("Välj organisation")), *members]
    return form


def _chosen(form: UnitForm) -> int | None:
    return int(form.municipality.data) if form.municipality.data else None


def _form(form: UnitForm, row: Unit | None = None) -> str:
    return render_template("administration/unit_form.html", form=form, unit=row)


def _show(row: Unit, form: NoteForm) -> str:
    people = queries.responsible(row)
    emails = {manager.email for manager in people.now + people.coming}
    emails |= {manager.superior_email for manager in people.now + people.coming if manager.superior_email}
    duties = queries.open_duties(row)
    end_form = LastDayForm(formdata=None, prefix="end", last_day=clock.today())
    return render_template(
        "administration/unit.html",
        unit=row,
        people=people,
        substitutions=queries.substitutions(row.federation_id, emails=emails),
        history=in_words(row.federation_id, queries.changes(row.federation_id, unit_id=row.id)),
        duties=queries.latest_duties(row),
        status_labels=STATUS,
        ruled=row.id in queries.ruled_unit_ids(row.federation_id),
        waiting=ngettext("Ett ärende väntar på svar.", "%(num)d ärenden väntar på svar.", duties) if duties else "",
        form=form,
        end_form=end_form,
        versions={manager.id: version_of(manager) for manager in people.now + people.coming},
        today=clock.today(),
    )
