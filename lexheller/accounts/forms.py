"""The sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from lexheller.accounts.service import LONGEST_PASSWORD
from lexheller.web.forms import Form, clean_text


class SignInForm(Form):
    email = StringField(
        _l("E-post"),
        filters=[clean_text],
        validators=[DataRequired(message=_l("Skriv din e-postadress.")), Length(max=254)],
    )
    password = PasswordField(
        _l("Lösenord"),
        validators=[DataRequired(message=_l("Skriv ditt lösenord.")), Length(max=LONGEST_PASSWORD)],
    )
    next = HiddenField()
