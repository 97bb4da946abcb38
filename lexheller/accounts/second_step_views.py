"""Codes as a second step, on the own account: begin, confirm with the first code, other recovery codes, turn off."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from lexheller.accounts import codes, guessing, own_account, second_step
from lexheller.accounts.blueprint import blueprint
from lexheller.accounts.forms import ConfirmCodeForm, PasswordForm, TurnOffForm
from lexheller.accounts.labels import refusal
from lexheller.accounts.own_views import OWN
from lexheller.accounts.session import current_actor
from lexheller.core.errors import InvalidInput
from lexheller.web.access import signed_in
from lexheller.web.forms import Form

SECOND_STEP = f"{OWN}/tvasteg"
NEW_CODES, TURN_OFF = "koder", "stang"


@blueprint.get(SECOND_STEP)
@signed_in
def second_step_page() -> ResponseReturnValue:
    """Off: how to begin. Begun: the picture for the phone. On: what can be done with it."""
    return _page()


@blueprint.post(f"{SECOND_STEP}/borja")
@signed_in
def begin_second_step() -> ResponseReturnValue:
    form, user = PasswordForm(), current_user.user
    if not _is_owner(form) or not _went_well(form, lambda: second_step.begin(current_actor(), user)):
        return _page(form), 422
    return redirect(url_for("accounts.second_step_page"))


@blueprint.post(f"{SECOND_STEP}/bekrafta")
@signed_in
def confirm_second_step() -> ResponseReturnValue:
    """The recovery codes are in this answer and nowhere else."""
    form, user, made = ConfirmCodeForm(), current_user.user, []
    if not form.validate_on_submit():
        return _page(form), 422
    guessing.spend_code(user.id)
    if not _went_well(
        form,
        lambda: made.extend(second_step.confirm(current_actor(), user, form.code.data, here=current_user.row_id)),
    ):
        return _page(form), 422
    return _codes_page(made, just_turned_on=True)


@blueprint.post(f"{SECOND_STEP}/koder")
@signed_in
def new_recovery_codes() -> ResponseReturnValue:
    form, made = PasswordForm(prefix=NEW_CODES), []
    if not _is_owner(form) or not _went_well(
        form, lambda: made.extend(second_step.new_recovery_codes(current_actor(), current_user.user))
    ):
        return _page(form), 422
    return _codes_page(made, just_turned_on=False)


@blueprint.post(f"{SECOND_STEP}/stang-av")
@signed_in
def turn_off_second_step() -> ResponseReturnValue:
    form, user = TurnOffForm(prefix=TURN_OFF), current_user.user
    if not _is_owner(form):
        return _page(form), 422
    guessing.spend_code(user.id)
    if not _went_well(
        form, lambda: second_step.turn_off(current_actor(), user, form.code.data, here=current_user.row_id)
    ):
        return _page(form), 422
    flash(_("Tvåstegsinloggning är avstängd. Andra webbläsare är utloggade."), "success")
    return redirect(url_for("accounts.own"))


def _is_owner(form: Form) -> bool:
    """Whether the form is whole and the own password is right; tries are counted."""
    if not form.validate_on_submit():
        return False
    guessing.spend_password(current_user.user)
    return _went_well(form, lambda: own_account.check_own_password(current_user.user, form.current_password.data))


def _went_well(form: Form, verb: Callable[[], object]) -> bool:
    try:
        verb()
    except InvalidInput as refused:
        form.put_error(refused.field, refusal(refused.field, refused.code))
        return False
    return True


def _page(form: Form | None = None) -> str:
    user = current_user.user
    secret = second_step.secret_to_confirm(user)
    shown = {
        "sent": form,
        "demanded": second_step.is_demanded_of(current_actor()),
        "to_enrol": second_step.must_enrol(current_actor(), user),
    }
    if second_step.is_on(user):
        return render_template(
            "accounts/second_step.html",
            **shown,
            new_codes=form if isinstance(form, PasswordForm) else PasswordForm(prefix=NEW_CODES),
            turn_off=form if isinstance(form, TurnOffForm) else TurnOffForm(prefix=TURN_OFF),
            codes_left=second_step.codes_left(user),
        )
    if secret is not None:
        return render_template(
            "accounts/second_step_confirm.html",
            confirm=form if isinstance(form, ConfirmCodeForm) else ConfirmCodeForm(),
            picture=Markup(codes.picture(codes.enrolment_address(secret, user.email))),  # noqa: S704 - our own SVG
            secret=codes.in_groups(secret),
            **shown,
        )
    return render_template(
        "accounts/second_step_begin.html", begin=form if isinstance(form, PasswordForm) else PasswordForm(), **shown
    )


def _codes_page(made: list[str], *, just_turned_on: bool) -> str:
    shown = [codes.in_groups(code) for code in made]
    return render_template("accounts/recovery_codes.html", codes=shown, just_turned_on=just_turned_on)
