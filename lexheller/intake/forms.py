"""The reporter's form. One question is required: what happened. No category is asked for."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Email, Length, Optional

from lexheller.organisations.queries import municipalities, organisations
from lexheller.web.forms import Form, NoIdentityNumbers, clean_text, long_text

OF_CHANCE = 4  # the version of the ids that the form hands out


class ReportForm(Form):
    what_happened = long_text(
        _l("Vad hände?"), required=_l("Berätta vad som hände. Det är den enda frågan som måste besvaras.")
    )
    reporting_organisation = SelectField(_l("Var arbetar du?"), coerce=str, validators=[Optional()])
    concerned_organisation = SelectField(
        _l("Vilken organisation brast samarbetet med?"), coerce=str, validators=[Optional()]
    )
    municipality = SelectField(_l("I vilken kommun?"), coerce=str, validators=[Optional()])
    consequence = long_text(_l("Vad ledde det till?"))
    done_at_once = long_text(_l("Vad gjorde ni direkt?"))
    proposal = long_text(_l("Vad skulle göra det bättre?"))
    reporter_email = EmailField(
        _l("Din e-post på jobbet"),
        filters=[clean_text],
        validators=[
            Optional(),
            Length(max=254, message=_l("Adressen är för lång.")),
            Email(
                message=_l("Adressen ser inte hel ut. Skriv den som namn@exempel.se, eller lämna fältet tomt."),
                allow_smtputf8=False,
            ),
            NoIdentityNumbers(),
        ],
    )
    submission_id = HiddenField()

    def fill_choices(self, federation_id: int) -> None:
        """Both questions offer all parties: a fault in one's own organisation may be reported."""
        parties = [(str(row.id), row.name) for row in organisations(federation_id)]
        self.reporting_organisation.choices = [("", _l("Vet inte eller vill inte ange")), *parties]
        self.concerned_organisation.choices = [("", _l("Vet inte")), *parties]
        places = [(str(row.id), row.name) for row in municipalities(federation_id)]
        self.municipality.choices = [("", _l("Vet inte")), *places]

    def own_submission_id(self) -> str:
        """The id that makes a resend the same report; a missing or made-up one is replaced by a fresh one."""
        try:
            given = uuid.UUID(self.submission_id.data or "")
        except ValueError:
            return str(uuid.uuid4())
        return str(given if given.version == OF_CHANCE else uuid.uuid4())


class ReceiptForm(Form):
    code = StringField(
        _l("Kvittokod"),
        validators=[DataRequired(message=_l("Skriv kvittokoden, till exempel K7QF-3XMP-9TRA.")), Length(max=60)],
    )
