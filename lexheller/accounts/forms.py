"""Signing in, answering an invitation, choosing a password, and the codes of the second step.

A password has one field: browsers can show what was written, and pasting is allowed.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, Length

from lexheller.accounts.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD
from lexheller.web.forms import Form, clean_text, short_text
from lexheller.web.looking import NameField

LONGEST_CODE = 40


def _new_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        validators=[
            DataRequired(message=_l("Välj ett lösenord.")),
            Length(min=SHORTEST_PASSWORD, message=_l("Lösenordet är för kort. Det ska ha minst 12 tecken.")),
            Length(max=LONGEST_PASSWORD, message=_l("Lösenordet är för långt. Högst 200 tecken får plats.")),
        ],
    )


def _known_password(label: Any) -> PasswordField:
    return PasswordField(
        label, validators=[DataRequired(message=_l("Skriv ditt lösenord.")), Length(max=LONGEST_PASSWORD)]
    )


def _code(label: Any) -> NameField:
    return NameField(
        label, filters=[clean_text], validators=[DataRequired(message=_l("Skriv koden.")), Length(max=LONGEST_CODE)]
    )


def _email() -> NameField:
    return NameField(
        _l("E-post"),
        filters=[clean_text],
        validators=[DataRequired(message=_l("Skriv din e-postadress.")), Length(max=254)],
    )


class AcceptForm(Form):
    """What somebody who was invited tells of themselves."""

    name = short_text(_l("Ditt namn"), required=_l("Skriv ditt namn."), names=True)
    password = _new_password(_l("Välj ett lösenord"))


class SignInForm(Form):
    email = _email()
    password = _known_password(_l("Lösenord"))
    next = HiddenField()


class SecondStepForm(Form):
    """The second page of signing in."""

    code = _code(_l("Kod"))
    next = HiddenField()


class ForgottenForm(Form):
    email = _email()


class ResetForm(Form):
    password = _new_password(_l("Välj ett nytt lösenord"))


class ChangePasswordForm(Form):
    current_password = _known_password(_l("Ditt lösenord nu"))
    password = _new_password(_l("Nytt lösenord"))


class PasswordForm(Form):
    """Who is at the browser says once more who they are."""

    current_password = _known_password(_l("Ditt lösenord"))


class ConfirmCodeForm(Form):
    code = _code(_l("Koden som appen visar"))


class TurnOffForm(Form):
    current_password = _known_password(_l("Ditt lösenord"))
    code = _code(_l("Kod från appen, eller en reservkod"))
