"""The own account: one's sign-ins, and a new password."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm

from lexheller.accounts import guessing, own_account, second_step, sign_ins
from lexheller.accounts.blueprint import blueprint
from lexheller.accounts.entering import stay_in
from lexheller.accounts.forms import ChangePasswordForm
from lexheller.accounts.labels import device_words, refusal
from lexheller.accounts.session import current_actor
from lexheller.accounts.single_sign_on_queries import open_connections
from lexheller.core.errors import InvalidInput
from lexheller.web.access import signed_in

OWN = "/mitt-konto"
CHANGE = "losenord"


@blueprint.get(OWN)
@signed_in
def own() -> ResponseReturnValue:
    return _page(ChangePasswordForm(prefix=CHANGE))


@blueprint.post(f"{OWN}/losenord")
@signed_in
def change_password() -> ResponseReturnValue:
    """All sign-ins end; this browser gets a new one at once, of the same kind."""
    form, user = ChangePasswordForm(prefix=CHANGE), current_user.user
    if not form.validate_on_submit():
        return _page(form), 422
    guessing.spend_password(user)
    try:
        own_account.change_password(current_actor(), user, form.current_password.data, form.password.data)
    except InvalidInput as refused:
        form.put_error(refused.field, refusal(refused.field, refused.code))
        return _page(form), 422
    answer = stay_in(user, url_for("accounts.own"))
    flash(_("Lösenordet är bytt. Alla andra webbläsare är utloggade."), "success")
    return answer


@blueprint.post(f"{OWN}/inloggningar/<int(max=2147483647):sign_in_id>/avsluta")
@signed_in
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    if FlaskForm().validate_on_submit():
        own_account.end_sign_in(current_actor(), current_user.user, sign_in_id)
        flash(_("Inloggningen är avslutad."), "success")
    return redirect(url_for("accounts.own"))


@blueprint.post(f"{OWN}/inloggningar/avsluta-andra")
@signed_in
def end_other_sign_ins() -> ResponseReturnValue:
    if FlaskForm().validate_on_submit():
        count = own_account.end_other_sign_ins(current_actor(), current_user.user, current_user.row_id)
        flash(ngettext("%(num)s inloggning är avslutad.", "%(num)s inloggningar är avslutade.", count), "success")
    return redirect(url_for("accounts.own"))


def _page(form: ChangePasswordForm) -> str:
    user, homes = current_user.user, current_actor().roles
    return render_template(
        "accounts/own.html",
        form=form,
        user=user,
        sign_ins=sign_ins.living_of(user),
        here=current_user.row_id,
        device_words=device_words,
        second_step_on=second_step.is_on(user),
        codes_left=second_step.codes_left(user),
        may_link=any(found.federation_id in homes for found in open_connections()),
    )
