"""Forms of the case page. Each has its own prefix, since several stand on one page, and the version that was seen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Optional, ValidationError

from lexheller.actions.models import ActionStatus
from lexheller.core import clock
from lexheller.web.forms import Form, long_text

NONE_CHOSEN = ""


class SeenForm(Form):
    """A step that needs no words. `version` is the case as the person saw it (P13)."""

    version = HiddenField(validators=[DataRequired(message=_l("Ladda om sidan och försök igen."))])

    @property
    def seen(self) -> int:
        """The version seen; one that nobody can have seen for a tampered value."""
        data = str(self.version.data or "")
        return int(data) if data.isascii() and data.isdigit() and len(data) < 10 else -1


class AssignForm(SeenForm):
    unit = SelectField(_l("Enhet som ska svara"), validators=[InputRequired(message=_l("Välj en enhet."))], coerce=str)


class AnswerForm(SeenForm):
    cause = long_text(_l("Vad berodde det på?"))
    steps_taken = long_text(
        _l("Vad har ni gjort, eller vad ska ni göra?"), required=_l("Berätta vad ni har gjort eller ska göra.")
    )
    consequence = long_text(_l("Vad blir skillnaden?"))
    follow_up = long_text(_l("Hur följer ni upp det?"))


class DraftForm(SeenForm):
    """The answer as far as it has come: nothing is demanded of a draft but that it holds no identity number."""

    cause = long_text(_l("Vad berodde det på?"))
    steps_taken = long_text(_l("Vad har ni gjort, eller vad ska ni göra?"))
    consequence = long_text(_l("Vad blir skillnaden?"))
    follow_up = long_text(_l("Hur följer ni upp det?"))


class SendBackForm(SeenForm):
    reason = long_text(
        _l("Varför hör ärendet inte till er?"),
        required=_l("Skriv kort varför, så att samordnaren kan skicka det rätt."),
        longest=2000,
    )


class ClassifyForm(SeenForm):
    theme = SelectField(_l("Tema"), coerce=str, validators=[Optional()])
    municipality = SelectField(_l("Kommun"), coerce=str, validators=[Optional()])
    settled = BooleanField(_l("Resten av frågetecknen är utredda"))
    organisation = SelectField(_l("Organisation som ärendet gäller"), coerce=str, validators=[Optional()])


class ActionForm(SeenForm):
    type = SelectField(_l("Typ av åtgärd"), coerce=str, validators=[InputRequired(message=_l("Välj en typ."))])
    description = long_text(_l("Vad görs?"), required=_l("Beskriv åtgärden med några ord."), longest=2000)
    status = RadioField(
        _l("Läge"),
        choices=[(ActionStatus.DONE.value, _l("Genomförd")), (ActionStatus.PLANNED.value, _l("Planerad"))],
        default=ActionStatus.DONE.value,
        validators=[AnyOf([status.value for status in ActionStatus])],
    )
    action_on = DateField(
        _l("Datum"), validators=[InputRequired(message=_l("Skriv datumet som år-månad-dag, till exempel 2026-03-14."))]
    )

    def validate_action_on(self, field: DateField) -> None:
        if self.status.data == ActionStatus.DONE and field.data and field.data > clock.today():
            raise ValidationError(_("Dagen har inte varit än. Välj Planerad, eller ange dagen då det gjordes."))


class CloseForm(SeenForm):
    conclusion = long_text(_l("Slutsats"), required=_l("Skriv en slutsats. Anmälaren får läsa den."), longest=4000)


def choices(rows: list[Any], empty: Any, label: str = "name") -> list[tuple[str, Any]]:
    """Select choices from rows with an id, after an empty one."""
    return [(NONE_CHOSEN, empty), *((str(row.id), getattr(row, label)) for row in rows)]
