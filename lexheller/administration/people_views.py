"""The page of the people: who has which role, invite, take a role away, shut out and let in."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lexheller.accounts import second_step
from lexheller.accounts import service as accounts
from lexheller.accounts.queries import Person, people_in, person_in
from lexheller.accounts.rights import Right, Role
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import people as verbs
from lexheller.administration.answers import back_to, done, refused, went_well
from lexheller.administration.blueprint import ID, SETTINGS, blueprint
from lexheller.administration.forms import InviteForm, RoleForm
from lexheller.administration.labels import ROLE, ROLE_MEANS
from lexheller.administration.people_history import lines
from lexheller.core.errors import NotAllowedToSee
from lexheller.web.access import requires
from lexheller.web.limits import Limit

PEOPLE = f"{SETTINGS}/personer"
PERSON = f"{PEOPLE}/<{ID}:user_id>"
BY_INVITER = Limit("invitations", "60 per hour; 300 per day")


@blueprint.get(PEOPLE)
@requires(Right.ADMINISTER)
def people(federation: str) -> ResponseReturnValue:
    return _page(_invite_form())


@blueprint.post(PEOPLE)
@requires(Right.ADMINISTER)
def invite(federation: str) -> ResponseReturnValue:
    """The answer is the same whether the address has an account or not (P20)."""
    form = _invite_form()
    actor = current_actor()
    inviter = str(actor.user_id)
    BY_INVITER.check(inviter)
    if not form.validate_on_submit() or not went_well(
        form, lambda: verbs.invite(actor, current_federation().id, form.email.data, Role(form.role.data))
    ):
        return _page(form), 422
    BY_INVITER.count(inviter)
    return done("people", _("Sparat. Personen får ett mejl om hur man kommer igång."))


@blueprint.post(f"{PERSON}/skicka-igen")
@requires(Right.ADMINISTER)
def invite_again(federation: str, user_id: int) -> ResponseReturnValue:
    person = person_here(user_id)
    BY_INVITER.check(str(current_actor().user_id))
    if FlaskForm().validate_on_submit() and not person.joined:
        BY_INVITER.count(str(current_actor().user_id))
        verbs.invite_again(current_federation().id, person.user)
    return done("people", _("Ett nytt mejl är på väg."))


@blueprint.post(f"{PERSON}/roll-bort")
@requires(Right.ADMINISTER)
def withdraw_role(federation: str, user_id: int) -> ResponseReturnValue:
    person, form = person_here(user_id), RoleForm()
    if not form.validate_on_submit() or refused(
        lambda: accounts.withdraw_role(
            current_actor(), person.user, Role(form.role.data), federation_id=current_federation().id
        )
    ):
        return back_to("people")
    return done("people", _("Rollen är borttagen. Var personen inloggad är den utloggad nu."))


@blueprint.post(f"{PERSON}/stang-av")
@requires(Right.ADMINISTER)
def suspend(federation: str, user_id: int) -> ResponseReturnValue:
    person = person_here(user_id)
    if not FlaskForm().validate_on_submit() or refused(
        lambda: accounts.suspend(current_actor(), person.user, federation_id=current_federation().id)
    ):
        return back_to("people")
    return done(
        "people",
        _(
            "Personen kommer inte in i förbundet längre, och är inte ansvarig chef för någon enhet. "
            "Rollerna finns kvar om du släpper in igen."
        ),
    )


@blueprint.post(f"{PERSON}/slapp-in")
@requires(Right.ADMINISTER)
def resume(federation: str, user_id: int) -> ResponseReturnValue:
    person = person_here(user_id)
    if not FlaskForm().validate_on_submit() or refused(
        lambda: verbs.resume(current_actor(), current_federation().id, person.user)
    ):
        return back_to("people")
    return done("people", _("Personen kommer in igen, med samma roller som förut."))


def person_here(user_id: int) -> Person:
    found = person_in(current_federation().id, user_id)
    if found is None:
        raise NotAllowedToSee("user")
    return found


def _invite_form() -> InviteForm:
    form = InviteForm()
    form.offer()
    return form


def _page(form: InviteForm) -> str:
    return render_template(
        "administration/people.html",
        people=people_in(current_federation().id),
        form=form,
        role_labels=ROLE,
        role_means=ROLE_MEANS,
        history=lines(current_federation().id),
        own_id=current_actor().user_id,
        codes_demanded=second_step.is_demanded_by(current_federation().id),
    )
