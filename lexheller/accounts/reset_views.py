"""A forgotten password: asking for a link, and choosing a new password behind it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts import guessing, known_browser, resets
from lexheller.accounts.blueprint import blueprint
from lexheller.accounts.forms import ForgottenForm, ResetForm
from lexheller.accounts.labels import refusal
from lexheller.core.errors import InvalidInput
from lexheller.web.access import public


@blueprint.get("/glomt-losenord")
@public
def forgotten() -> ResponseReturnValue:
    return render_template("accounts/forgotten.html", form=ForgottenForm(), minutes=resets.MINUTES)


@blueprint.post("/glomt-losenord")
@public
def forgotten_send() -> ResponseReturnValue:
    """The same answer for every address (P20)."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgotten.html", form=form, minutes=resets.MINUTES), 422
    email = form.email.data.strip().lower()
    guessing.spend_reset(email)
    resets.ask(email)
    return redirect(url_for("accounts.forgotten_sent"))


@blueprint.get("/glomt-losenord/skickat")
@public
def forgotten_sent() -> ResponseReturnValue:
    return render_template("accounts/forgotten_sent.html", minutes=resets.MINUTES)


@blueprint.get("/nytt-losenord/<token>")
@public
def reset(token: str) -> ResponseReturnValue:
    """The mailed link. Looking uses nothing up."""
    if resets.behind(token) is None:
        return _link_is_dead()
    return render_template("accounts/reset.html", form=ResetForm())


@blueprint.post("/nytt-losenord/<token>")
@public
def reset_send(token: str) -> ResponseReturnValue:
    """Whoever has the mail is known by it, and gets in while a stranger guesses."""
    if resets.behind(token) is None:
        return _link_is_dead()
    form = ResetForm()
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", form=form), 422
    try:
        user = resets.reset(token, form.password.data)
    except InvalidInput as refused:
        form.put_error(refused.field, refusal(refused.field, refused.code))
        return render_template("accounts/reset.html", form=form), 422
    flash(_("Klart! Logga in med ditt nya lösenord."), "success")
    answer = make_response(redirect(url_for("accounts.sign_in")))
    known_browser.remember(answer, user)
    return answer


def _link_is_dead() -> ResponseReturnValue:
    return render_template("accounts/reset_link_is_dead.html"), 404
