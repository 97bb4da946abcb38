"""Signing in and out, and the page behind an invitation; and the gathering of the account's pages."""

from __future__ import annotations

from authlib.common.urls import add_params_to_uri
from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from lexheller.accounts import guessing, own_views, reset_views, second_step, second_step_views, single_sign_on_views
from lexheller.accounts.blueprint import blueprint
from lexheller.accounts.entering import WAY_OUT, come_through, let_in, wait_for_code
from lexheller.accounts.forms import AcceptForm, SecondStepForm, SignInForm
from lexheller.accounts.half_way import half_way
from lexheller.accounts.invitations import accept, invited
from lexheller.accounts.labels import refusal
from lexheller.accounts.service import known_by
from lexheller.accounts.sign_ins import sign_out as end_sign_in
from lexheller.accounts.single_sign_on_queries import open_connections
from lexheller.core.errors import InvalidInput
from lexheller.organisations.queries import federation_of
from lexheller.web.access import public
from lexheller.web.links import absolute_url

__all__ = ["PAGES", "blueprint"]

LEFT = "provider_left"
"""The provider that somebody who has just signed out came through: they are signed in there still."""

PAGES = (own_views, reset_views, second_step_views, single_sign_on_views)


@blueprint.get("/logga-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("desk.start"))
    return _sign_in_page(SignInForm(next=request.args.get("next", "")))


@blueprint.post("/logga-in")
@public
def sign_in_send() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422
    account = form.email.data.strip().lower()
    tries = guessing.SignInTries(account)
    tries.check()
    user = known_by(account, form.password.data)
    if user is None:
        tries.count()
        form.put_error("password", _("E-post och lösenord hör inte ihop. Kontrollera båda och försök igen."))
        return _sign_in_page(form), 422
    if second_step.is_on(user):
        return wait_for_code(user, form.next.data)
    return let_in(user, form.next.data)


@blueprint.get("/logga-in/kod")
@public
def second_step_of_sign_in() -> ResponseReturnValue:
    """The page after the right password, for whoever has codes."""
    if current_user.is_authenticated:
        return redirect(url_for("desk.start"))
    if half_way() is None:
        return redirect(url_for("accounts.sign_in"))
    form = SecondStepForm(next=request.args.get("next", ""))
    return render_template("accounts/second_step_of_sign_in.html", form=form)


@blueprint.post("/logga-in/kod")
@public
def second_step_of_sign_in_send() -> ResponseReturnValue:
    user = half_way()
    if user is None:
        flash(_("Det har gått för lång tid. Logga in från början."), "warning")
        return redirect(url_for("accounts.sign_in"))
    form = SecondStepForm()
    if not form.validate_on_submit():
        return render_template("accounts/second_step_of_sign_in.html", form=form), 422
    guessing.spend_code(user.id)
    if not second_step.is_answered(user, form.code.data):
        form.put_error("code", _("Koden stämmer inte, eller är redan använd. Vänta på nästa kod och skriv den."))
        return render_template("accounts/second_step_of_sign_in.html", form=form), 422
    return come_through(user, form.next.data)


@blueprint.post("/logga-ut")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        end_sign_in(current_user.token)
    way_out = session.get(WAY_OUT)
    logout_user()
    session.clear()
    if way_out is not None:
        session[LEFT] = way_out
    flash(_("Du är utloggad."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/inbjudan/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """The mailed link: choose a name and a password. Looking uses nothing up."""
    if invited(token) is None:
        return _link_is_dead()
    return _accept_page(token, AcceptForm())


@blueprint.post("/inbjudan/<token>")
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    if invited(token) is None:
        return _link_is_dead()
    form = AcceptForm()
    if not form.validate_on_submit():
        return _accept_page(token, form), 422
    try:
        accept(token, name=form.name.data, password=form.password.data)
    except InvalidInput as refused:
        form.put_error(refused.field, refusal(refused.field, refused.code))
        return _accept_page(token, form), 422
    flash(_("Klart! Logga in med din e-post och ditt nya lösenord."), "success")
    return redirect(url_for("accounts.sign_in"))


def _sign_in_page(form: SignInForm) -> str:
    left = session.pop(LEFT, None)
    return render_template(
        "accounts/sign_in.html",
        form=form,
        via_provider=bool(open_connections()),
        left=(left[0], _way_out(left[1])) if left else None,
    )


def _way_out(address: str) -> str:
    """Out of the provider, and back here."""
    back: str = add_params_to_uri(address, [("post_logout_redirect_uri", absolute_url("accounts.sign_in"))])
    return back


def _accept_page(token: str, form: AcceptForm) -> str:
    found = invited(token)
    federation = federation_of(found[1]) if found else None
    return render_template(
        "accounts/invitation.html",
        form=form,
        federation=federation,
        email=found[0].email if found else "",
        token=token,
        connections=open_connections(found[1]) if found else [],
    )


def _link_is_dead() -> ResponseReturnValue:
    return render_template("accounts/link_is_dead.html"), 404
