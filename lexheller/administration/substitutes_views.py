"""The page of substitutes: who stands in for whom, and a form for one more."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lexheller.accounts.queries import users_with
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import queries
from lexheller.administration.answers import done, went_well
from lexheller.administration.blueprint import ID, SETTINGS, blueprint
from lexheller.administration.forms import SubstitutionForm
from lexheller.administration.history import in_words
from lexheller.administration.people import change_recipients
from lexheller.core import clock
from lexheller.organisations import substitutes as register
from lexheller.organisations.rules import ONE_DAY
from lexheller.web.access import requires

SUBSTITUTES = f"{SETTINGS}/ersattare"


@blueprint.get(SUBSTITUTES)
@requires(Right.ADMINISTER)
def substitutions(federation: str) -> ResponseReturnValue:
    form = _form()
    form.absent_email.data = request.args.get("borta", "")
    return _page(form)


@blueprint.post(SUBSTITUTES)
@requires(Right.ADMINISTER)
def add_substitution(federation: str) -> ResponseReturnValue:
    form = _form()

    def add() -> None:
        register.add_substitution(
            current_actor(),
            current_federation().id,
            absent_email=form.absent_email.data,
            name=form.name.data,
            email=form.email.data,
            from_on=form.from_on.data,
            to_on=form.to_on.data,
            note=form.note.data,
        )

    def mailing_to() -> None:
        change_recipients(current_actor(), current_federation().id, [form.email.data], add)

    if not form.validate_on_submit() or not went_well(form, mailing_to):
        return _page(form), 422
    return done("substitutions", _("Sparat. De dagarna går mejl till %(name)s.", name=form.name.data))


@blueprint.post(f"{SUBSTITUTES}/<{ID}:substitution_id>/avsluta")
@requires(Right.ADMINISTER)
def end_substitution(federation: str, substitution_id: int) -> ResponseReturnValue:
    """From today on the absent one is written to again."""
    row = queries.substitution_of(current_federation().id, substitution_id)
    form = FlaskForm()
    if form.validate_on_submit():
        register.end_substitution(current_actor(), row, last_day=clock.today() - ONE_DAY)
    return done("substitutions", _("Avslutat. Från och med i dag går mejl till den ordinarie."))


def _people() -> dict[str, str]:
    """Whom somebody can stand in for: managers, their superiors, and the federation's own."""
    federation_id = current_federation().id
    found = queries.people_who_can_be_away(federation_id)
    for user in users_with(Right.PREPARE_MEETINGS, federation_id):
        found.setdefault(user.email, user.name or user.email)
    return found


def _form() -> SubstitutionForm:
    form = SubstitutionForm()
    people = [(email, f"{name} ({email})") for email, name in _people().items()]
    form.absent_email.choices = [("", _("Välj person")), *people]
    return form


def _page(form: SubstitutionForm) -> str:
    federation_id = current_federation().id
    changes = queries.changes(federation_id, subject_types=["substitution"])
    return render_template(
        "administration/substitutions.html",
        form=form,
        rows=queries.substitutions(federation_id),
        names=_people(),
        today=clock.today(),
        history=in_words(federation_id, changes),
    )
