"""Forms of the case page. Each has its own prefix, since several stand on one page, and the version that was seen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Optional, ValidationError

from lexheller.actions.models import ActionStatus
from lexheller.cases.labels import CLOSE_REASON
from lexheller.cases.states import CHOSEN_REASONS
from lexheller.core import clock
from lexheller.web.forms import Form, long_text, short_text
from lexheller.web.once import OnceForm

NONE_CHOSEN = ""
LONGEST_REASON = 2000


class SeenForm(Form):
    """A step that needs no words. `version` is the case as the person saw it (P13)."""

    version = HiddenField(validators=[DataRequired(message=_l("Ladda om sidan och försök igen."))])

    @property
    def seen(self) -> int:
        """The version seen; one that nobody can have seen for a tampered value."""
        data = str(self.version.data or "")
        return int(data) if data.isascii() and data.isdigit() and len(data) < 10 else -1


class AssignForm(SeenForm):
    units = SelectMultipleField(
        _l("Vem ska svara?"), validators=[DataRequired(message=_l("Välj minst en enhet."))], coerce=str
    )


class AddPartyForm(SeenForm):
    unit = SelectField(
        _l("Enhet som också ska svara"), validators=[InputRequired(message=_l("Välj en enhet."))], coerce=str
    )


class JointAnswerForm(SeenForm):
    cause = long_text(_l("Vad berodde det på?"))
    steps_taken = long_text(
        _l("Vad har gjorts, eller vad ska göras?"), required=_l("Berätta vad som har gjorts eller ska göras.")
    )
    consequence = long_text(_l("Vad blir skillnaden?"))
    follow_up = long_text(_l("Hur följs det upp?"))


class QuestionForm(SeenForm):
    text = long_text(_l("Din fråga"), required=_l("Skriv vad du vill veta."), longest=LONGEST_REASON)


class RemindForm(Form):
    """A reminder changes nothing that others look at: it is only sent."""


class NoteForm(OnceForm):
    """Written beside the handling: no version, it changes nothing that others look at."""

    text = long_text(_l("Anteckning"), required=_l("Skriv anteckningen."), longest=LONGEST_REASON)


class OpenContactForm(Form):
    reason = short_text(_l("Varför behöver du adressen?"), longest=500)


class CloseLinkForm(Form):
    reason = short_text(
        _l("Varför ska länken stängas?"), required=_l("Skriv kort varför. Skälet sparas som anteckning."), longest=500
    )


class ClassifyForm(SeenForm):
    theme = SelectField(_l("Tema"), coerce=str, validators=[Optional()])
    organisation = SelectField(_l("Organisation som ärendet gäller"), coerce=str, validators=[Optional()])
    unit = SelectField(_l("Enhet som ärendet gäller"), coerce=str, validators=[Optional()])
    municipality = SelectField(_l("Kommun"), coerce=str, validators=[Optional()])
    settled = BooleanField(_l("Resten av frågetecknen är utredda"))


class SummaryForm(SeenForm):
    summary = long_text(_l("Kort om vad det handlar om"), longest=600)


class ActionForm(SeenForm):
    type = SelectField(_l("Typ av åtgärd"), coerce=str, validators=[InputRequired(message=_l("Välj en typ."))])
    description = long_text(_l("Vad görs?"), required=_l("Beskriv åtgärden med några ord."), longest=LONGEST_REASON)
    status = RadioField(
        _l("Läge"),
        choices=[(ActionStatus.DONE.value, _l("Genomförd")), (ActionStatus.PLANNED.value, _l("Planerad"))],
        default=ActionStatus.DONE.value,
        validators=[AnyOf([ActionStatus.DONE.value, ActionStatus.PLANNED.value])],
    )
    owner = SelectField(_l("Vem gör det?"), coerce=str, validators=[Optional()])
    action_on = DateField(
        _l("Datum"), validators=[InputRequired(message=_l("Skriv datumet som år-månad-dag, till exempel 2026-03-14."))]
    )

    def validate_action_on(self, field: DateField) -> None:
        if self.status.data == ActionStatus.DONE and field.data and field.data > clock.today():
            raise ValidationError(_("Dagen har inte varit än. Välj Planerad, eller ange dagen då det gjordes."))


class OfferForm(SeenForm):
    to = SelectField(
        _l("Förbund"), coerce=str, validators=[InputRequired(message=_l("Välj vilket förbund som bör få ärendet."))]
    )
    reason = long_text(
        _l("Varför hör det hemma där?"),
        required=_l("Skriv kort varför, så att de kan svara ja eller nej."),
        longest=LONGEST_REASON,
    )
    text_to_reporter = long_text(
        _l("Text till anmälaren"), required=_l("Skriv vad anmälaren ska få läsa."), longest=LONGEST_REASON
    )


class MergeForm(SeenForm):
    number = short_text(
        _l("Numret på det andra ärendet"), required=_l("Skriv numret på ärendet som ska leva vidare."), longest=60
    )


class CloseForm(SeenForm):
    reason = RadioField(
        _l("Varför avslutas det?"),
        choices=[(reason.value, CLOSE_REASON[reason]) for reason in CHOSEN_REASONS],
        validators=[InputRequired(message=_l("Välj det skäl som stämmer bäst."))],
    )
    conclusion = long_text(_l("Slutsats"), required=_l("Skriv en slutsats. Anmälaren får läsa den."), longest=4000)


def choices(rows: list[Any], empty: Any, label: str = "name") -> list[tuple[str, Any]]:
    """Select choices from rows with an id, after an empty one."""
    return [(NONE_CHOSEN, empty), *((str(row.id), getattr(row, label)) for row in rows)]
