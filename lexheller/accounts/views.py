"""Signing in and out."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from lexheller.accounts.forms import SignInForm
from lexheller.accounts.service import sign_in as start_sign_in
from lexheller.accounts.service import sign_out as end_sign_in
from lexheller.accounts.session import SignedIn
from lexheller.web.access import public
from lexheller.web.limits import Limit, sender

blueprint = Blueprint("accounts", __name__)

BY_SENDER = Limit("sign_in_sender", "60 per minute; 300 per hour", closed=True)
BY_ACCOUNT_HERE = Limit("sign_in_account_here", "6 per minute; 30 per hour", closed=True)
# Looser, so that a stranger elsewhere cannot lock a coordinator out with a few wrong tries.
BY_ACCOUNT = Limit("sign_in_account", "30 per minute; 200 per hour", closed=True)


@blueprint.get("/logga-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("casework.start"))
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("accounts/sign_in.html", form=form)


@blueprint.post("/logga-in")
@public
def sign_in_send() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    account = form.email.data.strip().lower()
    guessed = hashlib.sha256(account.encode()).hexdigest()  # what was typed is kept nowhere, not even as a key (P23)
    here = f"{guessed}:{sender()}"
    BY_SENDER.check(sender())
    BY_ACCOUNT_HERE.check(here)
    BY_ACCOUNT.check(guessed)
    found = start_sign_in(account, form.password.data)
    if found is None:
        BY_SENDER.count(sender())
        BY_ACCOUNT_HERE.count(here)
        BY_ACCOUNT.count(guessed)
        form.put_error("password", _("E-post och lösenord hör inte ihop. Kontrollera båda och försök igen."))
        return render_template("accounts/sign_in.html", form=form), 422
    user, token = found
    session.clear()
    login_user(SignedIn(user, token))
    return redirect(_own_address(form.next.data) or url_for("casework.start"))


@blueprint.post("/logga-ut")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        end_sign_in(current_user.token)
    logout_user()
    session.clear()
    flash(_("Du är utloggad."), "success")
    return redirect(url_for("accounts.sign_in"))


def _own_address(address: str | None) -> str | None:
    """Only a path on this site: never a way out to somebody else's."""
    if not address or not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc and address.isprintable() else None
