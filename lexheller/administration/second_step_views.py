"""The second step of signing in among the settings: demanded by the federation or not, taken off for a colleague."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lexheller.accounts import second_step
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration.answers import back_to, done, refused
from lexheller.administration.blueprint import blueprint
from lexheller.administration.people_views import PEOPLE, PERSON, person_here
from lexheller.core.errors import InvalidInput
from lexheller.web.access import requires

CHOICES = {"yes": True, "no": False}


@blueprint.post(f"{PEOPLE}/tvasteg")
@requires(Right.ADMINISTER)
def demand_codes(federation: str) -> ResponseReturnValue:
    if not FlaskForm().validate_on_submit():
        return back_to("people")
    if request.form.get("demanded") not in CHOICES:
        raise InvalidInput("demanded", "unknown")
    demanded = CHOICES[request.form["demanded"]]
    second_step.demand(current_actor(), current_federation().id, demanded=demanded)
    if demanded:
        return done("people", _("Sparat. Tvåstegsinloggning krävs nu av dem som ser alla ärenden."))
    return done("people", _("Sparat. Tvåstegsinloggning är frivillig."))


@blueprint.post(f"{PERSON}/tvasteg-bort")
@requires(Right.ADMINISTER)
def take_off_codes(federation: str, user_id: int) -> ResponseReturnValue:
    """For a colleague without phone and codes; what was never shown of an account is not told here either (P20)."""
    person = person_here(user_id)
    if not FlaskForm().validate_on_submit() or (
        person.joined
        and refused(lambda: second_step.take_off(current_actor(), person.user, federation_id=current_federation().id))
    ):
        return back_to("people")
    return done("people", _("Borttagen. Personen är utloggad, får ett mejl och loggar in med bara lösenordet."))
