"""The page behind the half-yearly mail: is it still you? Looking changes nothing; a button answers."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lexheller.administration import confirming
from lexheller.administration.answers import went_well
from lexheller.administration.blueprint import blueprint
from lexheller.administration.forms import StillYouForm
from lexheller.core import clock
from lexheller.organisations.queries import federation_of
from lexheller.web.access import public


@blueprint.get("/bekrafta/<token>")
@public
def still_you(token: str) -> ResponseReturnValue:
    return _page(token, _form(token))


@blueprint.post("/bekrafta/<token>/ja")
@public
def confirm_still_you(token: str) -> ResponseReturnValue:
    confirming.asked_by(token)
    if FlaskForm().validate_on_submit():
        confirming.confirm(token)
        flash(_("Tack! Vi vet att det fortfarande är du."), "success")
    return redirect(url_for("administration.still_you", token=token))


@blueprint.post("/bekrafta/<token>/nej")
@public
def deny_still_you(token: str) -> ResponseReturnValue:
    form = _form(token)
    if not form.validate_on_submit():
        return _page(token, form), 422
    theirs = confirming.asked_by(token)
    chosen = {int(value) for value in form.managers.data} if len(theirs) > 1 else {theirs[0].id}
    if not chosen:
        form.put_error("managers", _("Välj minst en enhet."))
        return _page(token, form), 422
    if not went_well(form, lambda: confirming.deny(token, chosen, form.who_now.data)):
        return _page(token, form), 422
    flash(_("Tack! Samordnaren får veta det och lägger in rätt person."), "success")
    return redirect(url_for("administration.still_you", token=token))


def _form(token: str) -> StillYouForm:
    form = StillYouForm()
    form.managers.choices = [
        (str(row.id), f"{row.unit.name}, {row.unit.organisation.name}") for row in confirming.asked_by(token)
    ]
    return form


def _page(token: str, form: StillYouForm) -> str:
    theirs = confirming.asked_by(token)
    return render_template(
        "administration/still_you.html",
        token=token,
        form=form,
        managers=theirs,
        today=clock.today(),
        federation=federation_of(theirs[0].federation_id),
    )
