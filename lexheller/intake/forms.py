"""The reporter's forms. Of the report, one question is required: what happened. No category is asked for."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from lexheller.cases.dialogue import Worked
from lexheller.cases.labels import CHANNEL, WORKED
from lexheller.intake.service import Channel
from lexheller.organisations.queries import municipalities, organisations, units
from lexheller.web.forms import Form, NoIdentityNumbers, clean_text, long_text
from lexheller.web.looking import NameField

OF_CHANCE = 4  # the version of the ids that the form hands out
LONGEST_REPLY = 4000


class ReportForm(Form):
    """Its verb holds what stays in doubt, so its views ask (P24)."""

    asks = False
    what_happened = long_text(
        _l("Vad hände?"), required=_l("Berätta vad som hände. Det är den enda frågan som måste besvaras.")
    )
    reporting_organisation = SelectField(_l("Var arbetar du?"), coerce=str, validators=[Optional()])
    concerned_organisation = SelectField(
        _l("Vilken organisation brast samarbetet med?"), coerce=str, validators=[Optional()]
    )
    municipality = SelectField(_l("I vilken kommun?"), coerce=str, validators=[Optional()])
    concerned_unit = SelectField(_l("Vilken enhet gällde det?"), coerce=str, validators=[Optional()])
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
    stay_unknown = BooleanField(_l("Visa inte min adress ens för samordnaren utan särskilt skäl"))
    submission_id = HiddenField()

    def fill_choices(self, federation_id: int) -> None:
        """Both questions offer all parties: a fault in one's own organisation may be reported."""
        parties = [(str(row.id), row.name) for row in organisations(federation_id)]
        self.reporting_organisation.choices = [("", _l("Vet inte eller vill inte ange")), *parties]
        self.concerned_organisation.choices = [("", _l("Vet inte")), *parties]
        places = [(str(row.id), row.name) for row in municipalities(federation_id)]
        self.municipality.choices = [("", _l("Vet inte")), *places]
        offices: dict[str | None, list[tuple[str, object]]] = {None: [("", _l("Vet inte"))]}
        for unit in units(federation_id):
            offices.setdefault(unit.organisation.name, []).append((str(unit.id), unit.name))
        self.concerned_unit.choices = offices

    def own_submission_id(self) -> str:
        """The id that makes a resend the same report; a missing or made-up one is replaced by a fresh one."""
        try:
            given = uuid.UUID(self.submission_id.data or "")
        except ValueError:
            return str(uuid.uuid4())
        return str(given if given.version == OF_CHANCE else uuid.uuid4())


class RegisterForm(ReportForm):
    """The same questions, asked by the office on somebody's behalf."""

    channel = SelectField(
        _l("Hur kom den till er?"),
        choices=[(channel.value, CHANNEL[channel]) for channel in Channel],
        validators=[DataRequired(message=_l("Välj hur den kom till er."))],
    )
    told_on = DateField(_l("Vilken dag?"), validators=[InputRequired(message=_l("Skriv vilken dag den kom."))])

    def fill_choices(self, federation_id: int) -> None:
        """As for the reporter, in words about somebody else."""
        super().fill_choices(federation_id)
        self.reporting_organisation.label.text = _l("Var arbetar personen?")
        self.reporter_email.label.text = _l("Personens e-post på jobbet")
        self.stay_unknown.label.text = _l("Personen vill att adressen bara öppnas av särskilt skäl")


class ReceiptForm(Form):
    code = NameField(
        _l("Kvittokod"),
        validators=[DataRequired(message=_l("Skriv kvittokoden, till exempel K7QF-3XMP-9TRA.")), Length(max=60)],
    )


class OnReceiptForm(Form):
    """`number` is the case that the page showed: two receipts in two tabs must not be mixed up. The verbs hold what
    stays in doubt, so the view asks (P24).
    """

    asks = False
    number = HiddenField()
    text: TextAreaField


class ReplyForm(OnReceiptForm):
    question = HiddenField()
    text = long_text(_l("Ditt svar"), required=_l("Skriv ditt svar."), longest=LONGEST_REPLY)


class NotSolvedForm(OnReceiptForm):
    text = long_text(
        _l("Vad är det som inte är löst?"), required=_l("Skriv vad som inte är löst."), longest=LONGEST_REPLY
    )


class StopMailForm(OnReceiptForm):
    """Only a button."""


class FollowUpForm(OnReceiptForm):
    worked = RadioField(
        _l("Blev det bättre?"),
        choices=[(worked.value, WORKED[worked]) for worked in Worked],
        validators=[InputRequired(message=_l("Välj ett av svaren."))],
    )
    text = long_text(_l("Vill du säga något mer?"), longest=LONGEST_REPLY)

    @property
    def answer(self) -> Worked:
        return Worked(self.worked.data)
