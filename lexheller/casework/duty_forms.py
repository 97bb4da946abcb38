"""Forms of one duty. Each has its own prefix with the duty's id, since a page may show several duties at once.

Steps on the duty carry the version of it that was seen, questions the case's; what is written beside carries none.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, Email, InputRequired, NumberRange, Optional, ValidationError

from lexheller.cases.dialogue import ProposalKind
from lexheller.cases.models import Case, Duty
from lexheller.cases.states import Step
from lexheller.core.errors import InvalidInput
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Unit
from lexheller.web.forms import Form, WholeNumberField, long_text, short_text
from lexheller.web.once import OnceForm

SHORTER_TEXT = 2000
MOST_DAYS = 250


class DutyStep(StrEnum):
    """What can be done with a duty on its page. The value is the last part of the address."""

    ACCEPT = "ta-emot"
    ANSWER = "svara"
    SEND_BACK = "skicka-tillbaka"
    EXTEND = "mer-tid"
    ASK = "fraga"
    TAKE_BACK_QUESTION = "aterta-fragan"
    DELEGATE = "kollega"
    PROPOSE = "forslag"
    NOTE = "anteckning"
    REVOKE_LINK = "aterkalla-lank"
    WITHDRAW = "dra-tillbaka"

    @property
    def key(self) -> str:
        """Its name in templates."""
        return self.name.lower()


TAKEN_AS: dict[DutyStep, Step] = {
    DutyStep.ACCEPT: Step.ACCEPT,
    DutyStep.ANSWER: Step.ANSWER,
    DutyStep.SEND_BACK: Step.SEND_BACK,
    DutyStep.EXTEND: Step.EXTEND,
    DutyStep.ASK: Step.ASK_REPORTER,
    DutyStep.TAKE_BACK_QUESTION: Step.WITHDRAW_QUESTION,
    DutyStep.DELEGATE: Step.DELEGATE,
    DutyStep.PROPOSE: Step.PROPOSE,
    DutyStep.NOTE: Step.WRITE_NOTE,
    DutyStep.REVOKE_LINK: Step.REVOKE_LINK,
    DutyStep.WITHDRAW: Step.WITHDRAW,
}

REFUSALS: dict[str, Any] = {
    "required": _l("Fyll i fältet."),
    "personal_identity_number": _l("Ta bort personnumret. Vi får inte ta emot personnummer."),
    "too_many_days": _l("Så många dagar går det inte att lägga till. Välj färre."),
    "too_large": _l("Så många dagar går det inte att lägga till. Välj färre."),
    "too_small": _l("Lägg till minst en dag."),
    "still_past": _l("Även med de dagarna har tiden gått ut. Lägg till fler."),
    "no_more": _l("Tiden är redan förlängd. Hör av dig till samordnaren om den inte räcker."),
    "late_already": _l("Svarstiden har redan gått ut. Svara så snart du kan, eller hör av dig till samordnaren."),
    "question_waits": _l("En fråga väntar redan på anmälarens svar. Vänta på det, så kan du fråga mer sedan."),
    "nobody_to_ask": _l("Anmälaren går inte att nå, så det går inte att fråga."),
    "not_open": _l("Frågan väntar inte längre på svar."),
    "unknown": _l("Välj något av alternativen."),
}


class AsideForm(Form):
    """What is written beside the handling meets no conflict, and says no version."""

    def refused(self, problem: InvalidInput) -> None:
        """Say at its field what the verb could not take."""
        self.put_error(problem.field, str(REFUSALS.get(problem.code, _("Det gick inte att ta emot. Kontrollera det."))))


class SeenForm(AsideForm):
    """`version` is the duty, or for questions the case, as the person saw it (P13)."""

    version = HiddenField(validators=[DataRequired(message=_l("Ladda om sidan och försök igen."))])

    @property
    def seen(self) -> int:
        """The version seen; one that nobody can have seen for a tampered value."""
        data = str(self.version.data or "")
        return int(data) if data.isascii() and data.isdigit() and len(data) < 10 else -1


class AnswerForm(SeenForm):
    cause = long_text(_l("Vad berodde det på?"))
    steps_taken = long_text(
        _l("Vad har ni gjort, eller vad ska ni göra?"), required=_l("Berätta vad ni har gjort eller ska göra.")
    )
    consequence = long_text(_l("Vad blir skillnaden?"))
    follow_up = long_text(_l("Hur följer ni upp det?"))


class DraftForm(AnswerForm):
    """The answer as far as it has come: nothing is demanded of a draft but that it holds no identity number."""

    asks = False
    steps_taken = long_text(_l("Vad har ni gjort, eller vad ska ni göra?"))


class SendBackForm(SeenForm):
    reason = long_text(
        _l("Varför hör ärendet inte till er?"),
        required=_l("Skriv kort varför, så att samordnaren kan skicka det rätt."),
        longest=SHORTER_TEXT,
    )
    proposed_unit = SelectField(_l("Vem tror du att det hör till?"), coerce=str, validators=[Optional()])


class ExtendForm(SeenForm):
    days = WholeNumberField(
        _l("Hur många arbetsdagar till?"),
        validators=[
            InputRequired(message=_l("Skriv ett antal dagar med siffror.")),
            NumberRange(1, MOST_DAYS, message=_l("Skriv ett antal dagar med siffror, från 1 till 250.")),
        ],
    )
    reason = long_text(_l("Varför behövs mer tid?"), required=_l("Skriv kort varför."), longest=SHORTER_TEXT)


class AskForm(SeenForm):
    text = long_text(_l("Din fråga"), required=_l("Skriv din fråga."), longest=SHORTER_TEXT)


class DelegateForm(AsideForm, OnceForm):
    name = short_text(_l("Kollegans namn"), required=_l("Skriv kollegans namn."), names=True)
    email = short_text(_l("Kollegans mejladress"), required=_l("Skriv kollegans mejladress."), longest=254, names=True)

    def validate_email(self, field: Any) -> None:
        Email(message=_l("Adressen ser inte hel ut. Skriv den som namn@exempel.se."))(self, field)


class ProposeForm(AsideForm, OnceForm):
    kind = RadioField(
        _l("Vad föreslår du?"),
        choices=[
            (ProposalKind.SYSTEM_FAULT.value, _l("Det här är ett systemfel: det kommer att hända igen")),
            (ProposalKind.THEME.value, _l("Ärendet hör till ett visst tema")),
        ],
        validators=[InputRequired(message=_l("Välj något av alternativen."))],
    )
    theme = SelectField(_l("Tema, om du föreslår ett"), coerce=str)
    why = long_text(_l("Varför?"), longest=SHORTER_TEXT)

    def validate_theme(self, field: SelectField) -> None:
        if self.kind.data == ProposalKind.THEME and not field.data:
            raise ValidationError(_("Välj vilket tema du föreslår."))


class NoteForm(AsideForm, OnceForm):
    text = long_text(_l("Anteckning"), required=_l("Skriv något i anteckningen."), longest=SHORTER_TEXT)


class RevokeForm(AsideForm):
    link_id = WholeNumberField(validators=[InputRequired(message=_l("Ladda om sidan och försök igen."))])


FORM_OF: dict[DutyStep, type[AsideForm]] = {
    DutyStep.ACCEPT: SeenForm,
    DutyStep.ANSWER: AnswerForm,
    DutyStep.SEND_BACK: SendBackForm,
    DutyStep.EXTEND: ExtendForm,
    DutyStep.ASK: AskForm,
    DutyStep.TAKE_BACK_QUESTION: SeenForm,
    DutyStep.DELEGATE: DelegateForm,
    DutyStep.PROPOSE: ProposeForm,
    DutyStep.NOTE: NoteForm,
    DutyStep.REVOKE_LINK: RevokeForm,
    DutyStep.WITHDRAW: SeenForm,
}


def prefix_of(step: DutyStep, duty: Duty) -> str:
    return f"{step.value}-{duty.id}"


def sent_form(step: DutyStep, case: Case, duty: Duty, *, draft: bool = False) -> AsideForm:
    """The form as it was sent. A draft is asked for less than an answer."""
    kind = DraftForm if draft and step is DutyStep.ANSWER else FORM_OF[step]
    return _with_choices(kind(prefix=prefix_of(step, duty)), case, duty)


def fresh_form(step: DutyStep, case: Case, duty: Duty, values: Mapping[str, Any]) -> AsideForm:
    """The form as it is first shown, never from the request's own fields."""
    version = case.version if step in {DutyStep.ASK, DutyStep.TAKE_BACK_QUESTION} else duty.version
    form = FORM_OF[step](formdata=None, prefix=prefix_of(step, duty), data={"version": version, **values})
    return _with_choices(form, case, duty)


def _with_choices(form: AsideForm, case: Case, duty: Duty) -> AsideForm:
    if isinstance(form, SendBackForm):
        form.proposed_unit.choices = {"": [("", _("Vet inte"))], **_units_by_organisation(case, duty)}
    elif isinstance(form, ProposeForm):
        rows = organisations.themes(case.federation_id)
        form.theme.choices = [("", _("Välj tema")), *((str(row.id), row.label) for row in rows)]
    return form


def _units_by_organisation(case: Case, duty: Duty) -> dict[str, list[tuple[str, str]]]:
    """Every other unit in use: a proposal may name one that nobody answers for today."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    units: list[Unit] = [unit for unit in organisations.units(case.federation_id) if unit.id != duty.unit_id]
    for unit in units:
        grouped.setdefault(unit.organisation.name, []).append((str(unit.id), unit.name))
    return grouped
